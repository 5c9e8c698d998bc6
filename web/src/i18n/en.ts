import { common } from "./en/common.ts";
import { inbox } from "./en/inbox.ts";
import { simulator } from "./en/simulator.ts";
import { steps } from "./en/steps.ts";

/** English. Its shape is what every other language must fill. */
export const en = { ...common, inbox, simulator, steps };

/** Every text of the app in one language. */
export type Catalogue = typeof en;
