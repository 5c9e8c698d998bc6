/** The door of `kit`: words every room shares. Imports no room. */
export * from "./clock.ts";
export * from "./ids.ts";
export * from "./json.ts";
export * from "./locale.ts";
export * from "./phone.ts";
export * from "./problem.ts";
export * from "./secrets.ts";
export * from "./text.ts";
export * from "./unreachable.ts";
