/** The door of `staff`: operators, their sign-in and who may do what. */
export type { Operator, Role, Staff, PresenceStatus } from "./door.ts";
export { createStaff } from "./staff.ts";
export { staffSettings } from "./settings.ts";
