import { storage } from "./storage.ts";
import { createStore } from "./store.ts";

export type Theme = "light" | "dark";

const root = document.documentElement;
const read = (): Theme => (root.dataset["theme"] === "dark" ? "dark" : "light");

/** The theme shown. `public/theme.js` chose it before the first paint. */
export const theme = createStore<Theme>(read());

function show(next: Theme): void {
  root.dataset["theme"] = next;
  theme.set(next);
}

/** Switches to the other theme and remembers it. */
export function switchTheme(): void {
  const next = theme.get() === "dark" ? "light" : "dark";
  storage.write("theme", next);
  show(next);
}

// Follows the system until somebody chooses.
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", (event) => {
  const chosen = storage.read("theme") ?? new URLSearchParams(location.search).get("theme");
  if (chosen !== "light" && chosen !== "dark") show(event.matches ? "dark" : "light");
});
