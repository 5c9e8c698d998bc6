import { refusal } from "./errors.ts";
import type { Refusal } from "./errors.ts";
import type { SentBody } from "./send-schema.ts";

/** A message template as the business registered it. `{{1}}` in the body takes the first variable. */
export interface Template {
  name: string;
  language: string;
  category: "UTILITY" | "MARKETING" | "AUTHENTICATION";
  status: "APPROVED" | "PENDING" | "REJECTED" | "PAUSED" | "DISABLED";
  body: string;
  /** Titles of the quick-reply buttons. */
  buttons: string[];
}

type Sent = NonNullable<SentBody["template"]>;

/** The invitation in every language, as the chat's catalogue asks to register it. */
export const demoTemplates: Template[] = [
  {
    name: "queue_offer",
    language: "ru",
    category: "UTILITY",
    status: "APPROVED",
    body: "Вы звоните в {{1}}, ваше место в очереди: {{2}}. Можно решить вопрос здесь: выберите тему или напишите, что случилось.",
    buttons: ["Где мой заказ", "Возврат"],
  },
  {
    name: "queue_offer",
    language: "en",
    category: "UTILITY",
    status: "APPROVED",
    body: "You are calling {{1}}, your place in the queue: {{2}}. We can help right here: choose a topic or write what happened.",
    buttons: ["Where is my order", "Returns"],
  },
  {
    name: "queue_offer",
    language: "kk",
    category: "UTILITY",
    status: "APPROVED",
    body: "Сіз {{1}} компаниясына қоңырау шалдыңыз, кезектегі орныңыз: {{2}}. Мәселені осында шеше аламыз: тақырыпты таңдаңыз немесе не болғанын жазыңыз.",
    buttons: ["Тапсырысым қайда", "Қайтару"],
  },
];

/** The template a send names, or why Meta refuses it. */
export function findTemplate(templates: Template[], sent: Sent): Template | Refusal {
  const template = templates.find(({ name, language }) => name === sent.name && language === sent.language.code);
  const absent = `template name (${sent.name}) does not exist in ${sent.language.code}`;
  if (!template) return refusal(132001, absent);
  if (template.status === "PAUSED") return refusal(132015, `Template ${sent.name} is paused.`);
  if (template.status === "DISABLED") return refusal(132016, `Template ${sent.name} is disabled.`);
  if (template.status !== "APPROVED") return refusal(132001, absent);
  return refuseParameters(template, sent) ?? template;
}

function refuseParameters(template: Template, sent: Sent): Refusal | null {
  const expected = new Set(template.body.match(/\{\{\d+\}\}/g)).size;
  const variables = variablesOf(sent);
  if (variables.length !== expected) {
    return refusal(
      132000,
      `body: number of localizable_params (${variables.length}) does not match the expected number of params (${expected})`,
    );
  }
  if (variables.some((text) => /[\n\t]| {5,}/.test(text))) {
    return refusal(132018, "Param text cannot have new-line/tab characters or more than 4 consecutive spaces");
  }
  const beyond = payloadsOf(sent).findIndex(
    (payload, index) => payload !== undefined && index >= template.buttons.length,
  );
  return beyond < 0 ? null : refusal(132018, `buttons: Button at index ${beyond} does not exist in the template`);
}

const variablesOf = (sent: Sent): string[] =>
  (sent.components ?? [])
    .filter(({ type }) => type === "body")
    .flatMap(({ parameters }) => parameters.map(({ text }) => text ?? ""));

function payloadsOf(sent: Sent): (string | undefined)[] {
  const payloads: (string | undefined)[] = [];
  for (const { type, index, parameters } of sent.components ?? []) {
    if (type === "button") payloads[Number(index)] = parameters[0]?.payload;
  }
  return payloads;
}

/** What the customer reads, with the variables in their places. */
export const textOfTemplate = (template: Template, sent: Sent): string =>
  template.body.replace(/\{\{(\d+)\}\}/g, (_, number) => variablesOf(sent)[Number(number) - 1] ?? "");

/** What the customer may tap: a button without a payload answers with its title. */
export function choicesOfTemplate(template: Template, sent: Sent): { id: string; title: string }[] {
  const payloads = payloadsOf(sent);
  return template.buttons.map((title, index) => ({ id: payloads[index] ?? title, title }));
}

/** A template as the management endpoint lists it. */
export const listedTemplate = (template: Template, index: number) => ({
  id: String(594425479261596 + index),
  name: template.name,
  language: template.language,
  category: template.category,
  status: template.status,
  components: [
    { type: "BODY", text: template.body },
    ...(template.buttons.length > 0
      ? [{ type: "BUTTONS", buttons: template.buttons.map((text) => ({ type: "QUICK_REPLY", text })) }]
      : []),
  ],
});
