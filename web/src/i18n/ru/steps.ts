import type { steps as english } from "../en/steps.ts";
import { sentences, wordsFor, type Facts, type StepWords } from "../../simulator/facts.ts";
import { counted, minutesAndSeconds, ordinal, percent, plural } from "../format.ts";

const callers = { one: "звонящий", few: "звонящих", many: "звонящих" };
const waits = { one: "ждёт", few: "ждут", many: "ждут" };

const kept: Record<string, string> = {
  "not-here": "Этого номера нет в мессенджере.",
  "not-on-messenger": "Этого номера нет в мессенджере.",
  "too-slow": "Подтверждение не пришло вовремя.",
  "patience-ran-out": "Подтверждение не пришло вовремя.",
  failed: "Сообщение не доставлено.",
  "delivery-failed": "Сообщение не доставлено.",
  refused: "Мессенджер отверг сообщение.",
  unclear: "Связь с мессенджером оборвалась, сообщение могло и уйти, и нет.",
  "operator-free": "Оператор освободился раньше.",
};

const owed: Record<string, string> = {
  "caller-gone": "Звонящий положил трубку до подтверждения доставки.",
  "late-failure": "Подтверждение отозвали после конца звонка.",
  "failed-after-commit": "Подтверждение отозвали после конца звонка.",
};

const reasons: Record<string, string> = {
  "ewt-over-limit": "Ждать дольше предела.",
  "long-wait": "Ждать дольше предела.",
  peak: "Сейчас час пик.",
  "short-wait": "Ждать недолго.",
  "wait-too-short": "Ждать недолго.",
  "already-offered": "Этот звонящий уже слышал предложение.",
  "chat-full": "В чате сейчас нет места.",
  "hold-out": "Этот звонящий в доле, которой не предлагают.",
  "hidden-number": "Номер скрыт, писать некуда.",
  landline: "Это городской номер.",
  "too-often": "Этому номеру недавно предлагали.",
  manual: "Так переключил супервизор.",
  "switched-off": "Предложение выключено.",
};

const intents: Record<string, string> = {
  "order-status": "статус заказа",
  "ask-for-person": "нужен человек",
  "call-me": "просит звонок",
  thanks: "спасибо",
  greeting: "приветствие",
  delivery: "доставка",
  returns: "возврат",
  payment: "оплата",
};

const handOffs: Record<string, string> = {
  "asked-for-person": "Клиент попросил человека.",
  "low-confidence": "Бот недостаточно уверен.",
  "repeated-miss": "Бот не понял дважды подряд.",
  complaint: "Клиент недоволен.",
  "media-only": "Клиент прислал то, что бот не читает.",
  "crm-unavailable": "Данные о заказах недоступны.",
  "bot-failed": "Бот не ответил вовремя.",
};

const reach: Record<string, string> = {
  reachable: "Номер есть в WhatsApp",
  "not-here": "Номера нет в WhatsApp",
  unknown: "Есть ли номер в WhatsApp, пока неизвестно",
};

const forecast = (facts: Facts): string | null => {
  const seconds = facts.number("ewtSeconds");
  return seconds === null ? null : `Прогноз ${minutesAndSeconds(seconds)}.`;
};

const because = (known: Record<string, string>, facts: Facts): string | null =>
  wordsFor(known, facts.text("because") ?? facts.text("reason"));

const plain =
  (title: string, detail: string | null = null) =>
  (): StepWords => ({ title, detail });

function waiting(facts: Facts): StepWords {
  const place = facts.number("place");
  const size = facts.number("size");
  const line = size === null ? null : `На линии ${plural("ru", size, waits)} ${counted("ru", size, callers)}.`;
  return {
    title: place === null ? "Звонящий ждёт в очереди" : `Звонящий ${ordinal("ru", place)} в очереди`,
    detail: sentences(line, forecast(facts)),
  };
}

function decided(facts: Facts): StepWords {
  const offer = facts.flag("offer");
  return {
    title: offer === false ? "Пока не предлагаем" : "Правило разрешает предложение",
    detail: sentences(wordsFor(reasons, facts.text("reason")), forecast(facts)),
  };
}

function answered(facts: Facts): StepWords {
  const intent = wordsFor(intents, facts.text("intent"));
  return { title: intent === null ? "Бот отвечает" : `Бот отвечает: ${intent}`, detail: null };
}

function failed(facts: Facts): StepWords {
  const code = facts.text("code") ?? facts.number("code");
  return {
    title: "Сообщение не доставлено",
    detail: sentences("Так сообщил мессенджер; звонок не оборван.", code !== null && `Код ${code}.`),
  };
}

function rated(facts: Facts): StepWords {
  const score = facts.number("score");
  return { title: score === null ? "Звонящий оценил чат" : `Звонящий оценил чат: ${score} из 5`, detail: null };
}

export const steps: typeof english = {
  intents,
  handOffs,
  confidence: (share) => percent("ru", share),
  kinds: {
    "call.arrived": plain("Звонок пришёл", "Сначала звонящий получает место в очереди."),
    "call.waiting": waiting,
    "offer.decided": decided,
    "offer.made": plain(
      "Линия один раз предлагает WhatsApp",
      "Вопрос на одну цифру внутри очереди, на языке звонящего.",
    ),
    "deflection.accepted": plain("Звонящий нажал 1", "Место за ним. Ничего ещё не отдано."),
    "deflection.checking": plain(
      "Есть ли номер в WhatsApp?",
      "Сначала самое дешёвое: память, затем проверка, затем само сообщение.",
    ),
    "reach.known": (facts: Facts) => ({
      title: reach[facts.text("reach") ?? "unknown"] ?? "WhatsApp проверен",
      detail: null,
    }),
    "invite.sending": plain("Сообщение отправляется в WhatsApp"),
    "invite.accepted": plain("WhatsApp принял сообщение", "Принято не значит доставлено: место остаётся за звонящим."),
    "invite.delivered": plain("Сообщение доставлено", "Подтверждение получено."),
    "invite.failed": failed,
    "deflection.committed": plain("Место можно отдать", "Только теперь, с подтверждением на руках."),
    "deflection.kept": (facts: Facts) => ({ title: "Место остаётся за звонящим", detail: because(kept, facts) }),
    "deflection.owed": (facts: Facts) => ({ title: "Мы обязаны перезвонить", detail: because(owed, facts) }),
    "call.ended": plain("Звонок завершён"),
    "call.connected": plain("Оператор и звонящий соединены", "Свободный оператор всегда важнее."),
    "call.returned": plain("Звонящий снова в очереди", "На том же месте."),
    "chat.message-in": plain("Сообщение от звонящего"),
    "bot.answered": answered,
    "chat.handed-over": (facts: Facts) => ({ title: "Бот передаёт чат человеку", detail: because(handOffs, facts) }),
    "chat.assigned": plain("Чат получил оператор", "Дальше бот молчит."),
    "chat.operator-replied": plain("Оператор ответил"),
    "chat.closed": plain("Чат завершён"),
    "rating.asked": plain("Просим оценку", "Один раз, после завершения."),
    "rating.given": rated,
  },
};
