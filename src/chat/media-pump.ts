import { earlier, type Clock, type Instant } from "#kit";
import type { Database, Tx, Wakes } from "#db";
import type { Pump } from "#jobs";
import type { Spool } from "#media";
import type { Channel, FetchOutcome } from "./channel.ts";
import type { FetchTrouble, MediaEvent } from "./core/media.ts";
import { kindOf, type Log } from "./log.ts";
import type { Keeper } from "./media-files.ts";
import { nextMediaDue, takeDueMedia, takeMedia, tellMedia, type MediaRow } from "./media-store.ts";
import { DEAD_AFTER } from "./settle-pump.ts";

interface Deps {
  back: Database;
  clock: Clock;
  wakes: Wakes;
  log: Log;
  channels: Map<string, Channel>;
  keeper: Keeper;
  spool: Spool;
  mostBytes: number;
  /** This start of this process. */
  epoch: string;
}

const MOST_AT_ONCE = 8;

/** Fetches the files of customers' messages, a few at a time, each as often as its state allows. */
export function createMediaPump({ back, clock, wakes, log, channels, keeper, spool, mostBytes, epoch }: Deps) {
  const underWay = new Set<Promise<void>>();
  const stopped = new AbortController();

  async function work(): Promise<number> {
    const most = MOST_AT_ONCE - underWay.size;
    if (most <= 0 || stopped.signal.aborted) return 0;
    const { took, begun } = await back.tx((tx) => begin(tx, most));
    for (const row of begun) start(row);
    if (took > 0) wakes.wake("events");
    return took;
  }

  /** What was lost is first counted as such; what it waits for now decides when it is tried again. */
  async function begin(tx: Tx, most: number): Promise<{ took: number; begun: MediaRow[] }> {
    const now = clock.now();
    const due = await takeDueMedia(tx, { now, aliveSince: earlier(now, DEAD_AFTER), epoch, most });
    const told = due.map((row): { row: MediaRow; event: MediaEvent } => ({
      row,
      event: { kind: row.state.at === "wanted" ? "fetch-began" : "fetch-lost", at: now },
    }));
    const rows = await tellMedia(tx, told, { now, by: epoch });
    return { took: due.length, begun: rows.filter((row) => row.state.at === "fetching") };
  }

  function start(row: MediaRow): void {
    const done = fetchOne(row)
      .catch((error: unknown) =>
        log.error(
          { media: row.id, error: kindOf(error) },
          "the outcome of a file could not be saved; it is fetched again",
        ),
      )
      .finally(() => {
        underWay.delete(done);
        wakes.wake("media");
      });
    underWay.add(done);
  }

  async function fetchOne(row: MediaRow): Promise<void> {
    const tries = row.state.at === "fetching" ? row.state.tries : 0;
    const outcome = await receive(row);
    const event: MediaEvent =
      "file" in outcome
        ? { kind: "fetched", file: outcome.file }
        : { kind: "fetch-ended", at: clock.now(), tries, trouble: outcome };
    await back.tx(async (tx) => {
      const now = await takeMedia(tx, row.id);
      if (now) await tellMedia(tx, [{ row: now, event }], { now: clock.now() });
    });
    wakes.wake("events");
  }

  type Receipt = { file: { sha256: string; size: number; type: string } } | FetchTrouble;

  async function receive(row: MediaRow): Promise<Receipt> {
    const media = channels.get(row.channel)?.media;
    if (!media || row.fileId === null) return { kind: "not-connected" };
    const limits = { mostBytes, signal: stopped.signal };
    const answer = await media.fetch(row.account, row.fileId, limits).catch(ourBug(row));
    return answer.kind === "file" ? take(row, answer) : answer;
  }

  async function take(row: MediaRow, { body, sha256 }: Extract<FetchOutcome, { kind: "file" }>): Promise<Receipt> {
    const came = await spool.take(body, { most: mostBytes, fileName: row.fileName });
    if (came.kind === "too-large") return { kind: "too-large" };
    if (came.kind === "no-room") return { kind: "not-stored" };
    if (came.kind === "broken") return { kind: "unclear" };
    const { sha256: really, size, type } = came.file;
    if (sha256 !== null && sha256 !== really) {
      await came.file.discard();
      return { kind: "damaged" };
    }
    const kept = await keeper.keep(back, came.file);
    return kept ? { file: { sha256: really, size, type } } : { kind: "not-stored" };
  }

  const ourBug =
    (row: MediaRow) =>
    (error: unknown): FetchTrouble => {
      log.error({ channel: row.channel, media: row.id, error: kindOf(error) }, "a channel threw while fetching a file");
      return { kind: "unclear" };
    };

  const pump: Pump = {
    name: "media",
    wokenBy: ["media"],
    work,
    nextDueAt: async (): Promise<Instant | null> => (underWay.size < MOST_AT_ONCE ? nextMediaDue(back) : null),
  };

  return {
    pump,
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    /** Gives up what is under way: it is fetched again later. */
    async stop() {
      stopped.abort();
      await Promise.all(underWay);
    },
  };
}
