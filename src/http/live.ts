import type { Queries } from "#db";
import type { Pump } from "#jobs";
import { later, millis, seconds, type Clock, type Instant } from "#kit";
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { admit } from "./access.ts";
import { createEventFeed } from "./event-feed.ts";
import { isOwnOrigin } from "./origin.ts";
import { sendProblem } from "./problem.ts";
import { createViewer, type Viewer } from "./viewers.ts";

/** The live channel of one process. */
export interface Live {
  /**
   * `GET /live?since=SEQ`, a WebSocket. It sends what happened since SEQ, then what happens. Without SEQ, or when too
   * much was missed, it sends `{ kind: "resync", seq }` first: load everything afresh, then go on from `seq`.
   */
  routes: FastifyPluginAsync;
  /** Reads the event log once for all sockets of this process. */
  pump: Pump;
  /** Tells every page to connect again, which brings it to another process or to the next life of this one. */
  leave(): void;
}

/** What the live channel needs. */
export interface LiveOptions {
  front: Queries;
  clock: Clock;
  publicUrl: string;
  /** Who is signed in by this request's cookie, if anybody. */
  authenticate: (request: FastifyRequest) => Promise<object | null>;
}

const MOST_MISSED = 1000;
const CHECK_EVERY = seconds(30);
const WAITING = millis(20);
/** A page that has not answered to being closed by then is gone. */
const LAST_WORDS = seconds(1);

const FOREIGN = { code: "foreign_origin", message: "Live events are sent to our own pages only." };

const query = z.object({ since: z.coerce.number().int().min(0).optional() });

/** Creates the live channel; its pump must run for anything new to be sent. */
export function createLive({ front, clock, publicUrl, authenticate }: LiveOptions): Live {
  const feed = createEventFeed(front);
  const oneByOne = createLane();
  const viewers = new Set<Viewer>();
  const joining = new Map<Viewer, number | null>();
  /** Everything up to here was sent to all viewers; null while nobody looks. */
  let position: number | null = null;
  let checkAt: Instant | null = null;

  const isWatched = () => viewers.size + joining.size > 0;

  async function advance(): Promise<number> {
    forgetClosed();
    if (!isWatched()) position = null;
    if (!isWatched() || (position ??= await feed.settledTop()) === null) return 0;
    if (checkAt === null || checkAt <= clock.now()) await check();
    const events = await feed.after(position);
    position = events.at(-1)?.seq ?? position;
    for (const viewer of viewers) viewer.tell(events);
    for (const [viewer, since] of joining) await join(viewer, since, position);
    return events.length;
  }

  function forgetClosed() {
    for (const viewer of viewers) if (!viewer.isOpen()) viewers.delete(viewer);
    for (const viewer of joining.keys()) if (!viewer.isOpen()) joining.delete(viewer);
  }

  async function join(viewer: Viewer, since: number | null, upTo: number) {
    const missed =
      since === null || since > (await feed.top()) ? null : await feed.between(since, upTo, MOST_MISSED + 1);
    if (since === null || missed === null || missed.length > MOST_MISSED) viewer.resync(upTo);
    else {
      viewer.seq = since;
      viewer.tell(missed);
    }
    joining.delete(viewer);
    viewers.add(viewer);
  }

  /** Whoever was signed out or given another role meanwhile must sign in again; dead lines are cut. */
  async function check() {
    checkAt = later(clock.now(), CHECK_EVERY);
    for (const viewer of viewers) {
      if (await authenticate(viewer.request)) viewer.checkLine();
      else viewer.close("signed-out");
    }
  }

  function welcome(viewer: Viewer, since: number | null) {
    joining.set(viewer, since);
    letIn(viewer).catch(() => viewer.close("broken"));
  }

  /** The pump may sleep just now, so a page that has to wait for a running transaction asks again by itself. */
  async function letIn(viewer: Viewer): Promise<void> {
    await oneByOne(advance);
    if (joining.has(viewer)) clock.after(WAITING, () => void letIn(viewer).catch(() => viewer.close("broken")));
  }

  const pump: Pump = {
    name: "live",
    wokenBy: ["events"],
    work: () => oneByOne(advance),
    async nextDueAt() {
      if (!isWatched()) return null;
      return feed.isWaiting() ? later(clock.now(), WAITING) : checkAt;
    },
  };

  const refuse = async (request: FastifyRequest, reply: FastifyReply) => {
    if (!isOwnOrigin(request, publicUrl)) return sendProblem(reply, 403, FOREIGN);
    if (!(await authenticate(request)))
      return sendProblem(reply, 401, { code: "not_signed_in", message: "Sign in first." });
    admit(request);
    return undefined;
  };

  const routes: FastifyPluginAsync = async (plain) => {
    plain.withTypeProvider<ZodTypeProvider>().route({
      method: "GET",
      url: "/live",
      websocket: true,
      schema: { querystring: query },
      preValidation: refuse,
      handler: (socket, request) => welcome(createViewer(socket, request), request.query.since ?? null),
    });
  };

  function leave() {
    const told = [...viewers, ...joining.keys()];
    for (const viewer of told) viewer.close("leaving");
    clock.after(LAST_WORDS, () => told.forEach((viewer) => viewer.cut()));
  }

  return { routes, pump, leave };
}

/** Runs tasks strictly one after another; one that fails does not stop the next. */
function createLane() {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(task: () => Promise<T>): Promise<T> => {
    const mine = last.then(task, task);
    last = mine.catch(() => {});
    return mine;
  };
}
