import { createStore, type Store } from "../app/store.ts";
import type { SimulatorState } from "./types.ts";

/** How the page stands with the stand-ins. `off`: this server has no simulator. */
export interface Link {
  state: SimulatorState | null;
  health: "connecting" | "live" | "lost" | "off";
}

const RETRY_MS = 2000;

/** The stand-ins' state, followed for as long as somebody watches it. */
export const simulatorLink = followedWhileWatched(createStore<Link>({ state: null, health: "connecting" }));

function followedWhileWatched(store: Store<Link>): Pick<Store<Link>, "get" | "subscribe"> {
  let watchers = 0;
  let stop: (() => void) | null = null;
  return {
    get: () => store.get(),
    subscribe(listener) {
      const leave = store.subscribe(listener);
      if (++watchers === 1) stop = follow(store);
      return () => {
        leave();
        if (--watchers === 0) stop?.();
      };
    },
  };
}

/** The browser reconnects a dropped stream itself; a refused one we open again. */
function follow(store: Store<Link>): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const setHealth = (health: Link["health"]) => store.set({ ...store.get(), health });

  const onError = () => {
    if (store.get().health !== "off") setHealth("lost");
    if (source?.readyState !== EventSource.CLOSED) return;
    timer = setTimeout(open, RETRY_MS);
    void isOff().then((off) => off && setHealth("off"));
  };
  const open = () => {
    source = new EventSource("/simulator/api/live");
    source.addEventListener("error", onError);
    source.addEventListener("state", (event) => {
      store.set({ state: JSON.parse(event.data) as SimulatorState, health: "live" });
    });
  };
  open();

  return () => {
    clearTimeout(timer);
    source?.close();
  };
}

const isOff = (): Promise<boolean> =>
  fetch("/simulator/api/state").then(
    (response) => response.status === 404,
    () => false,
  );
