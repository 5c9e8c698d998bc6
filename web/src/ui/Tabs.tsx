import { useId, useRef, type KeyboardEvent, type ReactNode } from "react";
import { classes } from "./classes.ts";
import styles from "./Tabs.module.css";

interface Tab<T> {
  value: T;
  text: string;
  icon?: ReactNode;
  /** Said after the name; also shows a dot. */
  mark?: string | undefined;
  count?: number | undefined;
}

interface Props<T> {
  label: string;
  tabs: Tab<T>[];
  value: T;
  onChange: (value: T) => void;
  /** Fills the width, for phones. */
  wide?: boolean;
  /** Places the bar; the panel goes where it returns. */
  children: (bar: ReactNode, panel: { id: string; role: "tabpanel"; "aria-labelledby": string }) => ReactNode;
}

const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1 };

/** Tabs with the keys people expect: arrows move, Home and End jump. */
export function Tabs<T extends string>({ label, tabs, value, onChange, wide = false, children }: Props<T>) {
  const id = useId();
  const bar = useRef<HTMLDivElement>(null);

  const move = (event: KeyboardEvent) => {
    const at = tabs.findIndex((tab) => tab.value === value);
    const step = STEPS[event.key];
    const to = event.key === "Home" ? 0 : event.key === "End" ? tabs.length - 1 : at + (step ?? 0);
    if (step === undefined && event.key !== "Home" && event.key !== "End") return;
    event.preventDefault();
    const next = tabs[(to + tabs.length) % tabs.length];
    if (!next) return;
    onChange(next.value);
    bar.current?.querySelector<HTMLElement>(`[data-tab="${next.value}"]`)?.focus();
  };

  const buttons = (
    <div
      ref={bar}
      role="tablist"
      tabIndex={-1}
      aria-label={label}
      className={classes(styles["bar"], wide && styles["wide"])}
      onKeyDown={move}
    >
      {tabs.map((tab) => (
        <button
          key={tab.value}
          type="button"
          role="tab"
          id={`${id}-${tab.value}`}
          data-tab={tab.value}
          aria-selected={tab.value === value}
          aria-controls={`${id}-panel`}
          tabIndex={tab.value === value ? 0 : -1}
          className={styles["tab"]}
          onClick={() => onChange(tab.value)}
        >
          {tab.icon}
          {tab.text}
          {tab.count !== undefined && tab.count > 0 && (
            <span className={classes("num", styles["count"])}>{tab.count}</span>
          )}
          {tab.mark !== undefined && (
            <span className={styles["dot"]}>
              <span className="hidden">, {tab.mark}</span>
            </span>
          )}
        </button>
      ))}
    </div>
  );
  return children(buttons, { id: `${id}-panel`, role: "tabpanel", "aria-labelledby": `${id}-${value}` });
}
