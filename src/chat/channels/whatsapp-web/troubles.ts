import type { Queries } from "#db";
import type { Trouble } from "./core/trouble.ts";

/** Alarms as the chat keeps and shows them; saying the same twice is harmless. */
export interface AlarmBell {
  raise(queries: Queries, alarm: { code: string; words: string }): Promise<void>;
  end(queries: Queries, code: string): Promise<void>;
}

/** Says what is off and that it is over. */
export interface Troubles {
  /** Null: whatever was wrong with this part is over. */
  tell(queries: Queries, account: string, about: "line" | "probe", trouble: Trouble | null): Promise<void>;
}

/**
 * An alarm on the account keeps the chat from offering this channel; one about the checks keeps nobody from anything: offers
 * go on by receipts alone.
 */
const CODE = {
  line: (account: string) => `whatsapp-web:account:${account}:line`,
  probe: (account: string) => `probe:whatsapp-web:${account}`,
};

export const createTroubles = (bell: AlarmBell): Troubles => ({
  async tell(queries, account, about, trouble) {
    const code = CODE[about](account);
    if (trouble) await bell.raise(queries, { code, words: trouble.words });
    else await bell.end(queries, code);
  },
});
