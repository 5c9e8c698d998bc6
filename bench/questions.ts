/** What customers of the demo shop ask in other words than the examples the bot was given. */
const RUSSIAN = [
  "сколько идет доставка до Твери?",
  "подскажите пожалуйста сколько стоит доставка",
  "Здравствуйте! А доставка у вас бесплатная?",
  "как быстро вы привозите заказы",
  "можно оплатить картой курьеру?",
  "Какие способы оплаты у вас есть?",
  "как вернуть игрушку если не подошла",
  "сколько дней можно вернуть товар?",
  "Где вы находитесь?",
  "до скольки вы работаете сегодня",
];
const ENGLISH = [
  "hi, how long does delivery usually take?",
  "what does delivery cost please",
  "is delivery free over some amount?",
  "can I pay by card to the courier?",
  "which payment methods do you accept",
  "how can I return a toy that did not fit",
  "how many days do I have to return it?",
  "where is your shop",
  "what are your opening hours",
  "do you deliver on weekends as well?",
];

/** A customer keeps to one language and walks through the questions. */
export const question = (person: number, turn: number): string => {
  const mine = person % 2 === 0 ? RUSSIAN : ENGLISH;
  return mine[(person + turn) % mine.length]!;
};
