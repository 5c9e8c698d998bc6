import type { ReactNode } from "react";
import { NavLink } from "react-router";
import { classes } from "../ui/classes.ts";
import { Icon, Logo } from "../ui/Icon.tsx";
import { useTexts } from "./locale.ts";
import styles from "./Frame.module.css";
import { useStore } from "./store.ts";
import { switchTheme, theme } from "./theme.ts";

const link = ({ isActive }: { isActive: boolean }): string => classes(styles["link"], isActive && styles["on"]);

/** The rail with the sections that exist, and the page beside it (above it on a phone). */
export function Frame({ children }: { children: ReactNode }) {
  const texts = useTexts();
  const shown = useStore(theme);
  return (
    <div className={styles["app"]}>
      <a className={styles["skip"]} href="#page">
        {texts.skip}
      </a>
      <nav className={styles["rail"]} aria-label={texts.sections.label}>
        <span className={styles["logo"]}>
          <Logo />
        </span>
        <NavLink to="/inbox" className={link} aria-label={texts.sections.inbox} title={texts.sections.inbox}>
          <Icon name="inbox" size={20} />
        </NavLink>
        <span className={styles["space"]} />
        <button
          type="button"
          className={styles["link"]}
          aria-label={texts.theme[shown]}
          title={texts.theme[shown]}
          onClick={switchTheme}
        >
          <Icon name={shown === "dark" ? "sun" : "moon"} size={20} />
        </button>
        <NavLink
          to="/simulator"
          className={link}
          aria-label={texts.sections.simulator}
          title={texts.sections.simulator}
        >
          <Icon name="bolt" size={20} />
        </NavLink>
      </nav>
      <main id="page" className={styles["page"]} tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}
