import { useEffect, useState } from "react";
import { Problem } from "../api/request.ts";
import { sentenceFor, useTexts } from "../app/locale.ts";
import { useMedia, useNarrow } from "../app/media.ts";
import { Message } from "../app/Message.tsx";
import { useStore } from "../app/store.ts";
import { Notice } from "../ui/Notice.tsx";
import { type Run } from "./commands.ts";
import { Hero } from "./Hero.tsx";
import { simulatorLink, type Link } from "./link.ts";
import styles from "./SimulatorPage.module.css";
import { Stage } from "./Stage.tsx";
import { Strip } from "./Strip.tsx";
import { TurnLine } from "./TurnLine.tsx";
import { useSpeech } from "./useSpeech.ts";

/** One page to watch the main job work: the caller's phone, the messenger, and what the real server does. */
export default function SimulatorPage() {
  const texts = useTexts();
  const { state, health } = useStore(simulatorLink);
  const [problem, setProblem] = useState<Problem | null>(null);
  const narrow = useNarrow();
  const threeColumns = useMedia("(min-width: 1180px)");
  const speech = useSpeech(state?.phone.lines ?? [], state?.locale ?? "en");

  useEffect(() => {
    document.title = texts.simulator.pageTitle;
  }, [texts]);

  const run: Run = (command) => {
    command.then(
      () => setProblem(null),
      (error: unknown) => setProblem(error instanceof Problem ? error : new Problem(0, "unknown", String(error))),
    );
  };

  return (
    <div className={styles["page"]}>
      <Strip state={state} speech={speech} run={run} />
      {health === "lost" && (
        <div className={styles["band"]}>
          <Notice tone="warn" icon="link" urgent>
            {texts.simulator.lost}
          </Notice>
        </div>
      )}
      {problem !== null && (
        <div className={styles["band"]}>
          <Notice tone="danger" icon="alert" urgent>
            {texts.simulator.refused} {sentenceFor(texts, problem.code, problem.message)}
          </Notice>
        </div>
      )}
      {state === null ? (
        <Waiting health={health} />
      ) : (
        <>
          <Hero state={state} run={run} />
          {!threeColumns && (
            <div className={styles["turn"]}>
              <TurnLine state={state} />
            </div>
          )}
          <Stage state={state} narrow={narrow} withTurn={threeColumns} speech={speech} run={run} />
        </>
      )}
    </div>
  );
}

function Waiting({ health }: { health: Link["health"] }) {
  const { simulator } = useTexts();
  if (health === "off") return <Message title={simulator.title} text={simulator.off} />;
  return <p className={styles["waiting"]}>{health === "connecting" ? simulator.connecting : ""}</p>;
}
