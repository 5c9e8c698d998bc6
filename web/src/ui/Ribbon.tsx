import type { Leg } from "./leg.ts";
import { classes } from "./classes.ts";
import styles from "./Ribbon.module.css";

export interface RibbonStop {
  leg: Leg;
  name: string;
  note: string;
  /** Words for readers, in place of the colour. */
  reached: string;
}

/** The route ribbon: each stretch in the colour of its leg, always with words. On a phone: dots and the newest stop. */
export function Ribbon({ label, stops }: { label: string; stops: RibbonStop[] }) {
  const newest = stops.findLast((stop) => stop.leg !== "none") ?? stops[0];
  return (
    <div className={styles["ribbon"]}>
      <ol className={styles["route"]} aria-label={label}>
        {stops.map((stop) => (
          <li
            key={stop.name}
            className={classes(styles["stop"], styles[stop.leg], stop.leg !== "none" && styles["reached"])}
          >
            <span className={styles["node"]} />
            <div className={classes(styles["name"], "ell")}>
              {stop.name}
              <span className="hidden">, {stop.reached}</span>
            </div>
            <div className={classes(styles["note"], "ell")} title={stop.note}>
              {stop.note}
            </div>
          </li>
        ))}
      </ol>
      {newest && (
        <p className={styles["caption"]} aria-hidden="true">
          <b>{newest.name}</b> {newest.note}
        </p>
      )}
    </div>
  );
}
