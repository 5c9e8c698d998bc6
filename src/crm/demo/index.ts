/** The demo shop's CRM behind the `Crm` port. */
export { createDemoCrm } from "./client.ts";
export type { DemoCrmSettings } from "./client.ts";
export { demoCrmFrom, demoCrmSettings } from "./settings.ts";
