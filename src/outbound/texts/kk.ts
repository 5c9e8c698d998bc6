import type { OutboundTexts } from "./texts.ts";

function waited(minutes: number): string {
  if (minutes < 60) return `${Math.max(1, minutes)} минут`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} сағат`;
  return `${Math.floor(minutes / 1440)} күн`;
}

const REASONS: Record<string, string> = {
  chosen: "хабарламаны күтпей, қайта қоңырау шалуды сұрады",
  "queue-full": "барлық желі бос емес кезде қоңырау шалды",
  closed: "жұмыс уақытынан тыс қоңырау шалды",
  "asked-in-chat": "чатта қоңырау шалуды сұрады",
  "failed-after-commit": "біз қоңырауды аяқтадық, ал хабарлама жетпеді",
  "gone-without-invite": "тұтқаны қойды, ал хабарлама жетпеді",
};

/** What is said on the legs we make, in Kazakh. */
export const kk: OutboundTexts = {
  announce: ({ reason, name, digits, waitedMinutes, tries }) =>
    [
      "Кері қоңырау.",
      `${name ?? "Клиент"}, нөмірдің соңы — ${digits.split("").join(" ")}, күткеніне ${waited(waitedMinutes)} болды.`,
      `Себебі: ${REASONS[reason] ?? "қоңырау күтіп отыр"}.`,
      ...(tries > 0 ? [`${tries + 1}-талпыныс.`] : []),
      "Нөмірді теріп жатырмын.",
    ].join(" "),
  customerIsThere: "Клиент желіде.",
  ended: {
    completed: "Клиент тұтқаны қойды.",
    busy: "Нөмір бос емес, кейінірек тағы қоңырау шаламыз.",
    "no-answer": "Жауап бермейді, кейінірек тағы қоңырау шаламыз.",
    failed: "Қоңырау өтпеді.",
    invalid: "Мұндай нөмір жоқ.",
    cancelled: "Қоңырау тоқтатылды.",
    refused: "Телефон станциясы қоңырауды қабылдамайды.",
    unclear: "Телефон станциясымен байланыс үзілді, кейінірек қоңырау шаламыз.",
    gone: "Бұл қоңырау енді қажет емес.",
  },
  hello: (company) =>
    `Сәлеметсіз бе!${company === "" ? "" : ` Бұл — ${company}.`} Сіз біздің қоңырауымызды күттіңіз, оператормен қосамын.`,
  nobodyThere: "Кешіріңіз, оператормен байланыс үзілді. Қазір қайта қоңырау шаламыз.",
  goodbye: "Сөйлескеніңізге рақмет. Сау болыңыз!",
};
