/** What customers ask about, by the code of the intent. */
export const intents: Record<string, string> = {
  "ask-for-person": "wants a person",
  availability: "availability",
  "call-me": "wants a call",
  "cancel-order": "cancel an order",
  "change-order": "change an order",
  "delivery-price": "delivery price",
  "delivery-time": "delivery time",
  exchange: "exchange",
  "gift-wrap": "gift wrap",
  greeting: "greeting",
  "loyalty-points": "loyalty points",
  "order-status": "order status",
  "payment-failed": "payment failed",
  "payment-methods": "ways to pay",
  "pickup-points": "pick-up points",
  "promo-code": "promo code",
  receipt: "receipt",
  "return-without-box": "return without the box",
  returns: "returns",
  "store-address": "store address",
  "store-hours": "store hours",
  thanks: "thanks",
  warranty: "warranty",
};

/** Why the bot hands a chat over. */
export const handOffs: Record<string, string> = {
  "asked-for-person": "The customer asked for a person.",
  "low-confidence": "The bot was not sure enough.",
  "repeated-miss": "The bot missed twice in a row.",
  complaint: "The customer is unhappy.",
  "media-only": "The customer sent something the bot cannot read.",
  "crm-unavailable": "The order data could not be reached.",
  "bot-failed": "The bot did not answer in time.",
  "delivery-unknown": "Nobody knows whether the bot's answer arrived.",
};
