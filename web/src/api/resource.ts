import { useCallback, useEffect, useRef } from "react";
import { createStore, useStore, type Store } from "../app/store.ts";
import { Problem } from "./request.ts";

interface Loaded<T> {
  data: T | null;
  problem: Problem | null;
}

export interface Resource<T> extends Loaded<T> {
  /** Reads again silently: what is shown stays until the answer is here. */
  refresh: () => void;
}

const EMPTY: Loaded<never> = { data: null, problem: null };
const cache = new Map<string, Store<Loaded<unknown>>>();

function storeOf<T>(key: string): Store<Loaded<T>> {
  const found = cache.get(key) ?? createStore<Loaded<unknown>>(EMPTY);
  cache.set(key, found);
  return found as Store<Loaded<T>>;
}

/** Forgets everything that was read: the next operator of this browser must not see it. */
export const forgetEverything = (): void => cache.clear();

const asProblem = (error: unknown): Problem => (error instanceof Problem ? error : new Problem(0, "unknown", ""));

/** What the server says under this key. Shows what is remembered at once and reads again silently. */
export function useResource<T>(key: string, load: () => Promise<T>): Resource<T> {
  const store = storeOf<T>(key);
  const loader = useRef(load);
  useEffect(() => {
    loader.current = load;
  });
  const turn = useRef(0);

  const refresh = useCallback(() => {
    const mine = ++turn.current;
    loader.current().then(
      (data) => mine === turn.current && store.set({ data, problem: null }),
      (error: unknown) => mine === turn.current && store.set({ data: store.get().data, problem: asProblem(error) }),
    );
  }, [store]);

  useEffect(refresh, [refresh]);
  return { ...useStore(store), refresh };
}
