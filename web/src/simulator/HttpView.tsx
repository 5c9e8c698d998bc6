import { useLocale, useTexts } from "../app/locale.ts";
import { useStickToEnd } from "../app/scroll.ts";
import { exactTime, span } from "../i18n/format.ts";
import { classes } from "../ui/classes.ts";
import { Icon } from "../ui/Icon.tsx";
import styles from "./HttpView.module.css";
import type { HttpExchange } from "./types.ts";

/** Every request between the product and the providers, newest last. */
export function HttpView({ exchanges }: { exchanges: HttpExchange[] }) {
  const { inside: words } = useTexts().simulator;
  const box = useStickToEnd<HTMLDivElement>(exchanges.at(-1)?.id);
  return (
    <div ref={box} className={styles["list"]} tabIndex={0} role="group" aria-label={words.tabs.http}>
      {exchanges.length === 0 && <p className={styles["empty"]}>{words.noHttp}</p>}
      <ol>
        {exchanges.map((exchange) => (
          <Exchange key={exchange.id} exchange={exchange} />
        ))}
      </ol>
    </div>
  );
}

function Exchange({ exchange }: { exchange: HttpExchange }) {
  const { inside: words } = useTexts().simulator;
  const locale = useLocale();
  const { status, ms } = exchange;
  return (
    <li className={styles["exchange"]}>
      <span className={styles["time"]}>{exactTime(locale, exchange.at)}</span>
      <span className={styles["ends"]}>
        {exchange.from}
        <Icon name="send" size={13} />
        {exchange.to}
      </span>
      <span
        className={classes(
          styles["status"],
          status === null && styles["open"],
          status !== null && status >= 400 && styles["bad"],
        )}
      >
        {status ?? words.waitingAnswer}
        {ms !== null && `, ${span(locale, ms)}`}
      </span>
      <code className={styles["what"]}>
        {exchange.method} {exchange.path}
      </code>
      {exchange.summary !== "" && <span className={styles["summary"]}>{exchange.summary}</span>}
    </li>
  );
}
