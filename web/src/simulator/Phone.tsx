import { useState } from "react";
import { useLocale, useTexts } from "../app/locale.ts";
import { useNow } from "../app/now.ts";
import { useStickToEnd } from "../app/scroll.ts";
import { unreachable } from "../app/unreachable.ts";
import { minutesAndSeconds, phoneInGroups, timeOfDay } from "../i18n/format.ts";
import { classes } from "../ui/classes.ts";
import { Icon } from "../ui/Icon.tsx";
import { Column, Device } from "./Column.tsx";
import { commands, type Run } from "./commands.ts";
import { Keypad } from "./Keypad.tsx";
import styles from "./Phone.module.css";
import { SayForm } from "./SayForm.tsx";
import type { PhoneLine, PhoneState, SimulatorState } from "./types.ts";
import { useDialKeys } from "./useDialKeys.ts";
import type { Speech } from "./useSpeech.ts";

interface Props {
  state: SimulatorState;
  speech: Speech;
  run: Run;
}

/** The caller's phone: what is heard, and everything a caller can do about it. */
export function Phone({ state, speech, run }: Props) {
  const { phone: words } = useTexts().simulator;
  const locale = useLocale();
  const now = useNow(1000);
  const { phone } = state;
  const onCall = phone.state === "connected";
  const press = (key: string) => run(commands.press(key));
  useDialKeys(onCall, press);

  const hint = (
    <span className={styles["hint"]}>
      {words.keysHint.before} <kbd>0</kbd> {words.keysHint.to} <kbd>9</kbd> {words.keysHint.after}
    </span>
  );
  return (
    <Column title={words.title} aside={hint}>
      <Device>
        <div className={styles["screen"]}>
          <div className={styles["bar"]}>
            <span>{timeOfDay(locale, now)}</span>
            <span>{phoneInGroups(phone.number)}</span>
          </div>
          <h3 className={styles["name"]}>{state.messenger.business}</h3>
          <CallLine phone={phone} now={now} />
          <Transcript state={state} />
          <Controls state={state} speech={speech} run={run} />
        </div>
      </Device>
    </Column>
  );
}

function CallLine({ phone, now }: { phone: PhoneState; now: number }) {
  const { phone: words } = useTexts().simulator;
  const lasted = phone.startedAt === null ? null : minutesAndSeconds(((phone.endedAt ?? now) - phone.startedAt) / 1000);
  return (
    <p className={styles["line"]}>{[lasted, ...statusOf(phone, words)].filter((part) => part !== null).join(", ")}</p>
  );
}

type PhoneWords = ReturnType<typeof useTexts>["simulator"]["phone"];

function statusOf(phone: PhoneState, words: PhoneWords): string[] {
  switch (phone.state) {
    case "idle":
      return [words.idle];
    case "ringing":
      return [phone.incoming ? words.ringsBack : words.ringing];
    case "ended":
      return [phone.endedBy === null ? words.ended : words.endedBy[phone.endedBy]];
    case "connected":
      if (phone.talkingTo !== null) return [words.talkingTo(phone.talkingTo)];
      if (phone.place !== null) return [words.place(phone.place)];
      return phone.onHold ? [words.onHold] : [];
    default:
      return unreachable(phone.state);
  }
}

function Transcript({ state }: { state: SimulatorState }) {
  const { phone: words } = useTexts().simulator;
  const { lines, listening } = state.phone;
  const box = useStickToEnd<HTMLDivElement>(lines.length);
  const fresh = lines.findLastIndex((line, index) => line.who === "hotline" && isFollowed(lines, index));
  return (
    <div
      ref={box}
      className={styles["transcript"]}
      role="log"
      aria-label={words.transcript}
      lang={state.locale}
      tabIndex={0}
    >
      {lines.map((line, index) => (
        <div key={line.id} className={classes(styles["said"], styles[line.who], index < fresh && styles["old"])}>
          {line.who !== "caller" && <Icon name={line.who === "operator" ? "phone" : "speaker"} size={15} />}
          <span className="hidden">{words.who[line.who]}: </span>
          <span>{line.text}</span>
        </div>
      ))}
      {listening && <div className={styles["listening"]}>{words.listening}</div>}
    </div>
  );
}

/** True for every line of the hotline but its last. */
const isFollowed = (lines: PhoneLine[], index: number): boolean =>
  lines.slice(index + 1).some((line) => line.who === "hotline");

function Controls({ state, speech, run }: Props) {
  const { phone: words } = useTexts().simulator;
  const locale = useLocale();
  const [saying, setSaying] = useState(false);
  const onCall = state.phone.state === "connected";
  const busy = onCall || state.phone.state === "ringing";
  return (
    <>
      {saying && onCall && <SayForm onSay={(text) => run(commands.say(text))} />}
      <Keypad
        hot={state.yourTurn === "press-1" ? "1" : null}
        disabled={!onCall}
        onPress={(key) => run(commands.press(key))}
      />
      <div className={styles["controls"]}>
        <button
          type="button"
          className={classes(styles["round"], saying && onCall && styles["pressed"])}
          aria-label={words.say}
          title={words.say}
          aria-expanded={saying && onCall}
          disabled={!onCall}
          onClick={() => setSaying(!saying)}
        >
          <Icon name="mic" />
        </button>
        {state.phone.incoming && state.phone.state === "ringing" && (
          <button
            type="button"
            className={classes(styles["start"], styles["inviting"])}
            aria-label={words.pickUp}
            title={words.pickUp}
            onClick={() => run(commands.pickUp())}
          >
            <Icon name="phone" />
          </button>
        )}
        {busy ? (
          <button
            type="button"
            className={styles["end"]}
            aria-label={words.hangUp}
            title={words.hangUp}
            onClick={() => run(commands.hangUp())}
          >
            <Icon name="hangUp" />
          </button>
        ) : (
          <button
            type="button"
            className={classes(styles["start"], state.yourTurn === "dial" && styles["inviting"])}
            aria-label={words.call}
            title={words.call}
            onClick={() => run(commands.call(state, locale))}
          >
            <Icon name="phone" />
          </button>
        )}
        {speech.possible ? (
          <button
            type="button"
            className={classes(styles["round"], speech.on && styles["pressed"])}
            aria-label={words.speaker}
            title={words.speaker}
            aria-pressed={speech.on}
            onClick={speech.toggle}
          >
            <Icon name="speaker" />
          </button>
        ) : (
          <span className={styles["gap"]} />
        )}
      </div>
    </>
  );
}
