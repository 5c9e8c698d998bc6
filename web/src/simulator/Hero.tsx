import { useLocale, useTexts } from "../app/locale.ts";
import { classes } from "../ui/classes.ts";
import { Ribbon } from "../ui/Ribbon.tsx";
import { commands, type Run } from "./commands.ts";
import styles from "./Hero.module.css";
import { routeOf } from "./route.ts";
import type { ScenarioName, SimulatorState } from "./types.ts";

/** What this story shows, the other stories, and how far the caller has come. */
export function Hero({ state, run }: { state: SimulatorState; run: Run }) {
  const { simulator } = useTexts();
  const locale = useLocale();
  const intro = simulator.intros[state.scenario];
  const stops = routeOf(state).map((stop, index) => ({
    leg: stop.leg,
    name: `${index + 1} ${simulator.stops[stop.name]}`,
    note: simulator.note(stop.note),
    reached: stop.leg === "none" ? simulator.ahead : simulator.travelled,
  }));
  return (
    <section className={styles["hero"]}>
      <div className={styles["story"]}>
        <h2 className={styles["title"]}>{intro.title}</h2>
        <p className={styles["text"]}>{intro.text}</p>
        <div className={styles["scenarios"]} role="group" aria-label={simulator.scenariosLabel}>
          {(Object.keys(simulator.scenarios) as ScenarioName[]).map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={name === state.scenario}
              className={classes(styles["scenario"], name === state.scenario && styles["on"])}
              onClick={() => run(commands.startOver(name, locale))}
            >
              {simulator.scenarios[name]}
            </button>
          ))}
        </div>
      </div>
      <Ribbon label={simulator.routeLabel} stops={stops} />
    </section>
  );
}
