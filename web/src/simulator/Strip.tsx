import { setLocale, useLocale, useTexts } from "../app/locale.ts";
import type { Locale } from "../i18n/format.ts";
import { Button } from "../ui/Button.tsx";
import { Chip } from "../ui/Chip.tsx";
import { Icon } from "../ui/Icon.tsx";
import { Segmented } from "../ui/Segmented.tsx";
import { commands, type Run } from "./commands.ts";
import styles from "./Strip.module.css";
import type { SimulatorState } from "./types.ts";
import type { Speech } from "./useSpeech.ts";

const LANGUAGES: { value: Locale; text: string; lang: string }[] = [
  { value: "ru", text: "Русский", lang: "ru" },
  { value: "en", text: "English", lang: "en" },
];

interface Props {
  state: SimulatorState | null;
  speech: Speech;
  run: Run;
}

/** The bar above: language, speed, sound, and the way back to the beginning. */
export function Strip({ state, speech, run }: Props) {
  const texts = useTexts();
  const locale = useLocale();
  const words = texts.simulator;
  return (
    <header className={styles["strip"]}>
      <h1 className={styles["title"]}>{words.title}</h1>
      <span className={styles["chip"]}>
        <Chip tone="line">{words.chip}</Chip>
      </span>
      <span className={styles["space"]} />
      <Segmented label={texts.language} options={LANGUAGES} value={locale} onChange={setLocale} />
      <Segmented
        label={words.speed.label}
        options={[1, 4].map((speed) => ({ value: speed, text: words.speed.of(speed) }))}
        value={state?.speed ?? 1}
        onChange={(speed) => run(commands.setSpeed(speed))}
      />
      {speech.possible && (
        <Button small aria-pressed={speech.on} className={speech.on ? styles["pressed"] : ""} onClick={speech.toggle}>
          <Icon name="speaker" size={15} />
          <span className={styles["words"]}>{words.speak}</span>
        </Button>
      )}
      <Button small disabled={state === null} onClick={() => state && run(commands.startOver(state.scenario, locale))}>
        <Icon name="again" size={15} />
        <span className={styles["words"]}>{words.startOver}</span>
      </Button>
    </header>
  );
}
