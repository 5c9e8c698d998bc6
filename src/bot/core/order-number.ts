const PHONE = /(?:\+|\b[78])[\d\s()-]{9,}\d/g;
const NUMBER = /(?<![\d.,:/$€£₽-]|[.,:/-]\s)(\d{4,8})(?!\d|[.,:/-]\d|\s?(?:руб|р\b|₽|\$|€|£|usd|eur|rub|кг|kg|шт))/u;

/** The order number in a normalised text: four to eight digits that are no phone, price or date. */
export function orderNumberIn(text: string): string | null {
  return NUMBER.exec(text.replace(PHONE, " "))?.[1] ?? null;
}

const ORDER_WORDS = new Set(
  `заказ заказа заказу заказом заказе номер номера ном n no number order orders my is the it мой вот это zakaz nomer и
  по пожалуйста please hi hello привет здравствуйте добрый день у меня the its here тапсырыс тапсырысым тапсырыстың
  нөмірі нөмір нөмірім менің мынау бұл сәлеметсіз бе сәлем`.split(/\s+/),
);

/** True when the words are a number and hardly anything else. */
export const isBareNumber = (words: string[]): boolean =>
  words.some((word) => /^\d{4,8}$/.test(word)) && words.every((word) => /^\d+$/.test(word) || ORDER_WORDS.has(word));

/** True when an order is spoken of at all. */
export const namesOrder = (words: string[]): boolean =>
  words.some((word) => /^(заказ|order|zakaz|тапсырыс)/.test(word));
