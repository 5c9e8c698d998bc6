import { between } from "#kit";
import type { Instant } from "#kit";
import type { Bridge } from "./bridge.ts";
import type { Call, CallScope } from "./call.ts";
import { changed } from "./call.ts";
import type { World } from "./world.ts";

/** One call's place in a queue. */
export interface Place {
  readonly call: Call;
  readonly queue: Queue;
  readonly enqueuedAt: Instant;
  /** 1 = next; 0 once the place is given up. */
  position(): number;
  /** Stands still once the place is given up. */
  waitedMs(): number;
  /** Gives the place up; harmless afterwards. */
  leave(): void;
  /** An operator's leg takes this caller. */
  take(bridge: Bridge): void;
}

/** A named line of callers, first come first served. */
export interface Queue {
  readonly sid: string;
  name: string;
  maxSize: number;
  readonly createdAt: Instant;
  readonly places: Place[];
  /** Average of those who wait now. */
  averageWaitMs(): number;
  /** Takes the last place; `waiting` is cut when an operator takes the caller. */
  join(call: Call, waiting: CallScope): Place;
  /** The first caller, now or as soon as there is one. The result forgets the wish. */
  takeFront(bridge: Bridge, taken: (place: Place) => void): () => void;
}

/** Every queue of the account; kept until the stand-in stops. */
export interface Queues {
  all(): Queue[];
  bySid(sid: string): Queue | null;
  byName(name: string): Queue | null;
  create(name: string, maxSize?: number): Queue;
}

const USUAL_MAX_SIZE = 1000;

export function createQueues(world: () => World): Queues {
  const queues = new Map<string, Queue>();
  return {
    all: () => [...queues.values()],
    bySid: (sid) => queues.get(sid) ?? null,
    byName: (name) => [...queues.values()].find((queue) => queue.name === name) ?? null,
    create(name, maxSize = USUAL_MAX_SIZE) {
      const queue = createQueue(world(), name, maxSize);
      queues.set(queue.sid, queue);
      return queue;
    },
  };
}

function createQueue(world: World, name: string, maxSize: number): Queue {
  const wishes: ((place: Place) => void)[] = [];
  const places: Place[] = [];

  const queue: Queue = {
    sid: world.sid("QU"),
    name,
    maxSize,
    createdAt: world.clock.now(),
    places,
    averageWaitMs: () =>
      places.length === 0 ? 0 : places.reduce((sum, place) => sum + place.waitedMs(), 0) / places.length,
    join(call, waiting) {
      const place = createPlace(world, queue, call, waiting);
      places.push(place);
      call.place = place;
      changed(call);
      wishes.shift()?.(place);
      return place;
    },
    takeFront(bridge, taken) {
      const wish = (place: Place) => {
        place.take(bridge);
        taken(place);
      };
      const front = places[0];
      if (front) wish(front);
      else wishes.push(wish);
      return () => {
        const index = wishes.indexOf(wish);
        if (index >= 0) wishes.splice(index, 1);
      };
    },
  };
  return queue;
}

function createPlace(world: World, queue: Queue, call: Call, waiting: CallScope): Place {
  const enqueuedAt = world.clock.now();
  let leftAt: Instant | null = null;

  const place: Place = {
    call,
    queue,
    enqueuedAt,
    position: () => queue.places.indexOf(place) + 1,
    waitedMs: () => between(enqueuedAt, leftAt ?? world.clock.now()),
    leave() {
      if (leftAt !== null) return;
      leftAt = world.clock.now();
      call.place = null;
      queue.places.splice(queue.places.indexOf(place), 1);
      for (const behind of queue.places) changed(behind.call);
    },
    take(bridge) {
      place.leave();
      waiting.end({ kind: "taken", bridge });
    },
  };
  return place;
}
