/** The door of `company`: our brands, and our accounts at providers. */
export { DEFAULT_BRAND, type Brand, type Brands } from "./brands.ts";
export { createCompany, type Company } from "./company.ts";
export type { Checked, Connection, ConnectionKind, ConsoleAddress } from "./connection.ts";
export { isOpen, type OpenHours } from "./core/schedule.ts";
export type { Seal } from "./seal.ts";
export { companySettings } from "./settings.ts";
