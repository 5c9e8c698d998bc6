/** A stretch of a contact's route; each has one colour everywhere. `none` is not travelled yet. */
export type Leg = "voice" | "whatsapp" | "telegram" | "bot" | "operator" | "none";
