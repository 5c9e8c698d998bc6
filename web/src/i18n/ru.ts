import type { Catalogue } from "./en.ts";
import { common } from "./ru/common.ts";
import { inbox } from "./ru/inbox.ts";
import { simulator } from "./ru/simulator.ts";
import { steps } from "./ru/steps.ts";

/** Russian. */
export const ru: Catalogue = { ...common, inbox, simulator, steps };
