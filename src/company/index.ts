/** The door of `company`: our brands, and our accounts at providers. */
export type { Brands } from "./brands.ts";
export { createCompany, type Company } from "./company.ts";
export type { Checked, Connection, ConnectionKind, ConsoleAddress } from "./connection.ts";
export { fromEnvironment } from "./connections.ts";
export { examineConnection, type Examined } from "./examine.ts";
export { DEFAULT_BRAND, nameOf, type Brand } from "./core/brand.ts";
export { isOpen, nextOpening, timeOfDay, type Schedule } from "./core/schedule.ts";
export { code, shownName } from "./name-schema.ts";
export { holidays, openHours, timeZone } from "./schedule-schema.ts";
export type { Seal } from "./seal.ts";
export { companySettings } from "./settings.ts";
