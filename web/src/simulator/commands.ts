import { change } from "../api/request.ts";
import type { Locale } from "../i18n/format.ts";
import type { App, FaultName, SampleName, ScenarioName, SimulatorState } from "./types.ts";

const post = (what: string, body: object = {}) => change<unknown>("POST", `/simulator/api/${what}`, body);

/** Everything a visitor can do, as the stand-ins understand it. */
export const commands = {
  startOver: (scenario: ScenarioName, locale: Locale) => post("scenario", { scenario, locale }),
  /** Dials. A story not begun yet first takes the language of the page, so that the hotline speaks it. */
  call: async (state: SimulatorState, locale: Locale) => {
    if (state.phone.state === "idle" && state.locale !== locale)
      await post("scenario", { scenario: state.scenario, locale });
    return post("call");
  },
  press: (key: string) => post("key", { key }),
  say: (text: string) => post("speak", { text }),
  pickUp: () => post("pick-up"),
  hangUp: () => post("hang-up"),
  write: (app: App, text: string) => post("message", { app, text }),
  tap: (app: App, choice: string) => post("message", { app, choice }),
  inTelegram: (act: "start" | "share-contact" | "block") => post("telegram", { do: act }),
  sendSample: (sample: SampleName) => post("sample", { sample }),
  setFault: (fault: FaultName, on: boolean) => post("fault", { fault, on }),
  setSpeed: (speed: number) => post("speed", { speed }),
  takeCall: () => post("operator", { do: "take-call" }),
};

/** Carries out a command and tells the page how it went. */
export type Run = (command: Promise<unknown>) => void;
