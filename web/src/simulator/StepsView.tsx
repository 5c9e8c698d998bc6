import { useLocale, useTexts } from "../app/locale.ts";
import { useStickToEnd } from "../app/scroll.ts";
import { exactTime, span } from "../i18n/format.ts";
import { classes } from "../ui/classes.ts";
import { factsOf, type StepWords } from "./facts.ts";
import { foldSteps, type ShownStep } from "./fold.ts";
import styles from "./StepsView.module.css";
import type { LoggedStep } from "./types.ts";

/** The event log of this caller in words, as a line of stops. */
export function StepsView({ steps }: { steps: LoggedStep[] }) {
  const { inside: words } = useTexts().simulator;
  const shown = foldSteps(steps);
  const box = useStickToEnd<HTMLDivElement>(steps.at(-1)?.id);
  return (
    <div ref={box} className={styles["log"]} tabIndex={0} role="group" aria-label={words.tabs.steps}>
      {shown.length === 0 && <p className={styles["empty"]}>{words.noSteps}</p>}
      <ol>
        {shown.map((step, index) => (
          <Step key={step.id} step={step} newest={index === shown.length - 1} />
        ))}
      </ol>
    </div>
  );
}

function Step({ step, newest }: { step: ShownStep; newest: boolean }) {
  const { simulator } = useTexts();
  const locale = useLocale();
  const words = useStepWords(step);
  return (
    <li className={classes(styles["step"], styles[step.leg], newest && styles["newest"])}>
      <span className={styles["title"]}>
        {words?.title ?? step.kind}
        {step.times > 1 && (
          <span className={classes("num", styles["times"])}>{simulator.inside.times(step.times)}</span>
        )}
      </span>
      <span className={styles["aside"]} title={`${exactTime(locale, step.at)}, ${simulator.inside.since}`}>
        <Aside step={step} />
      </span>
      {words === null ? (
        <code className={styles["data"]}>{JSON.stringify(step.data)}</code>
      ) : (
        words.detail !== null && <span className={styles["detail"]}>{words.detail}</span>
      )}
    </li>
  );
}

/** The bot's confidence where it matters more than the time. */
function Aside({ step }: { step: ShownStep }) {
  const { steps } = useTexts();
  const locale = useLocale();
  const confidence = step.kind === "bot.answered" ? factsOf(step.data).number("confidence") : null;
  if (confidence !== null) return steps.confidence(confidence);
  return `${step.since > 0 ? "+" : ""}${span(locale, step.since)}`;
}

function useStepWords(step: LoggedStep): StepWords | null {
  const { steps } = useTexts();
  return steps.kinds[step.kind]?.(factsOf(step.data)) ?? null;
}
