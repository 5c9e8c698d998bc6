/** The door of `doctor`: tries everything this installation depends on and says what is wrong. */
export { examine, type Patient, type Report } from "./doctor.ts";
export { addressLines, isHealthy, printed, terminalLocale } from "./print.ts";
export type { Remark, Service } from "./services.ts";
