import type { steps as english } from "../en/steps.ts";
import { sentences, wordsFor, type Facts, type StepWords } from "../../simulator/facts.ts";
import { counted, minutesAndSeconds, ordinal, percent, plural } from "../format.ts";
import { handOffs, intents } from "./bot.ts";

const callers = { one: "звонящий", few: "звонящих", many: "звонящих" };
const waits = { one: "ждёт", few: "ждут", many: "ждут" };

const kept: Record<string, string> = {
  refused: "Звонящий отказался.",
  silent: "Звонящий ничего не нажал.",
  "no-number": "Звонящий не дал номер для сообщения.",
  "not-here": "Этого номера нет в мессенджере.",
  failed: "Сообщение не доставлено.",
  busy: "Мессенджер сейчас не принимает сообщения.",
  "too-slow": "Подтверждение не пришло вовремя.",
  answered: "Оператор взял звонок раньше.",
  both: "Звонящий выбрал и сообщение, и место в очереди.",
};

const owed: Record<string, string> = {
  "failed-after-commit": "Подтверждение отозвали после конца звонка.",
  "gone-without-invite": "Звонящий положил трубку до подтверждения доставки.",
  chosen: "Звонящий попросил перезвонить.",
};

const reasons: Record<string, string> = {
  "long-wait": "Ждать дольше предела.",
  "switched-off": "Предложение выключено.",
  closed: "Сейчас не часы предложения.",
  "no-messenger": "Мессенджер не подключён.",
  "chat-full": "В чате сейчас нет места.",
  "moved-lately": "Этот номер недавно уже перешёл в чат.",
  "moved-often": "Этот номер сегодня слишком часто переходил в чат.",
  "silent-lately": "Этот номер не ответил на прошлое предложение.",
  "refused-lately": "Этот номер недавно отказался.",
  burst: "За минуту перешло слишком много звонящих.",
  "short-wait": "Ждать недолго.",
  "not-at-peak": "Сейчас не час пик.",
  "held-out": "Этот звонящий в доле, которой не предлагают, чтобы измерить пользу.",
};

const ends: Record<string, string> = {
  caller: "Звонящий положил трубку.",
  detour: "Завершил Detour, после подтверждения.",
  operator: "Оператор положил трубку.",
  parties: "Разговор закончен.",
  unknown: "Оператор связи перестал о нём сообщать.",
};

const dialEnds: Record<string, string> = {
  busy: "Занято; ещё раз через четверть часа.",
  "no-answer": "Не отвечает; ещё раз через два часа.",
  completed: "Клиент положил трубку до разговора.",
  failed: "Звонок не прошёл.",
  refused: "Телефонная станция не набрала номер.",
  unclear: "Неизвестно, звонил ли телефон; проверим перед следующим звонком.",
};

const reach: Record<string, string> = {
  reachable: "Номер есть в WhatsApp",
  "not-here": "Номера нет в WhatsApp",
  unknown: "Есть ли номер в WhatsApp, пока неизвестно",
};

const forecast = (facts: Facts): string | null => {
  const seconds = facts.number("ewtSeconds") ?? facts.number("waitSeconds");
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

function accepted(facts: Facts): StepWords {
  const both = facts.text("mode") === "both";
  return {
    title: both ? "Звонящий хочет и место, и сообщение" : "Звонящий нажал 1",
    detail: "Место за ним. Ничего ещё не отдано.",
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
    "offer.answered": plain("Звонящий ответил на предложение"),
    "offer.made": plain(
      "Линия один раз предлагает WhatsApp",
      "Вопрос на одну цифру внутри очереди, на языке звонящего.",
    ),
    "deflection.accepted": accepted,
    "deflection.checking": plain(
      "Есть ли номер в WhatsApp?",
      "Сначала самое дешёвое: память, затем проверка, затем само сообщение.",
    ),
    "reach.known": (facts: Facts) => ({
      title: reach[facts.text("reach") ?? "unknown"] ?? "WhatsApp проверен",
      detail: null,
    }),
    "invite.sending": plain("Сообщение отправляется в WhatsApp"),
    "invite.sent": plain("Сообщение ушло из WhatsApp", "Оно в пути, на телефоне его ещё нет."),
    "invite.read": plain("Сообщение прочитано"),
    "invite.delayed": plain("WhatsApp просит подождать", "Сообщение уйдёт позже; на линии его никто не ждёт."),
    "invite.unavailable": plain("WhatsApp сейчас недоступен", "Ничего не отправлено."),
    "invite.unclear": plain("Связь с WhatsApp оборвалась", "Сообщение могло уйти, поэтому второй раз его не шлём."),
    "invite.accepted": plain("WhatsApp принял сообщение", "Принято не значит доставлено: место остаётся за звонящим."),
    "invite.delivered": plain("Сообщение доставлено", "Подтверждение получено."),
    "invite.failed": failed,
    "deflection.leaving": plain("Можно прощаться", "Только теперь, с подтверждением на руках."),
    "deflection.committed": plain("Место отдано", "Не дойди сообщение, оно осталось бы за звонящим."),
    "deflection.caller-left": plain("Звонящий положил трубку раньше", "Сообщение ещё в пути."),
    "pull-out.failed": plain("Звонка в очереди уже не было"),
    "deflection.kept": (facts: Facts) => ({ title: "Место остаётся за звонящим", detail: because(kept, facts) }),
    "deflection.owed": (facts: Facts) => ({ title: "Мы обязаны перезвонить", detail: because(owed, facts) }),
    "call.ended": (facts: Facts) => ({ title: "Звонок завершён", detail: wordsFor(ends, facts.text("endedBy")) }),
    "callback.asked": plain("Просят перезвонить", "На том же месте в очереди."),
    "callback.owed": plain("Запомнили, что надо перезвонить", "На том же месте в очереди."),
    "callback.operator-rung": plain("У оператора звонит телефон: надо перезвонить"),
    "callback.operator-answered": plain("Оператор слушает, кому и почему звонить", "До этого клиенту не звоним."),
    "callback.dialling": plain("Сейчас наберём клиента"),
    "callback.sent": plain("Просим станцию позвонить", "Сначала записали: вслепую звонок не повторяем."),
    "callback.unclear": plain("Связь со станцией прервалась", "Звонок мог пройти, поэтому сначала проверяем."),
    "callback.dialled": plain("У клиента звонит телефон"),
    "callback.answered": plain("Клиент взял трубку"),
    "callback.connected": plain("Оператор и клиент соединены", "Обещание выполнено."),
    "callback.done": plain("Поговорили"),
    "callback.returned": plain("Обратный звонок снова в очереди", "На том же месте."),
    "callback.missed": (facts: Facts) => ({
      title: "До клиента не дозвонились",
      detail: wordsFor(dialEnds, facts.text("how")),
    }),
    "callback.not-reached": plain("Больше не звоним"),
    "callback.cancelled": plain("Звонок больше не нужен"),
    "callback.promise-slipped": plain("Обещанное время не успеваем", "Сообщаем клиенту, если есть где."),
    "callback.stray-ended": plain("Завершили звонок, которого никто не ждал"),
    "callback.impossible": plain("Перезвонить некуда", "Номер скрыт."),
    "call.connected": plain("Оператор и звонящий соединены", "Свободный оператор всегда важнее."),
    "call.returned": plain("Звонящий снова в очереди", "На том же месте."),
    "chat.message-in": plain("Сообщение от звонящего"),
    "media.stored": plain(
      "Файл клиента на месте",
      "Скачан после того, как сообщение сохранено; тип определён по содержимому.",
    ),
    "media.delayed": plain("Файла клиента пока нет", "Сообщение есть, файл запросим снова."),
    "media.failed": plain("Файл клиента не удалось получить", "Сообщение остаётся, на месте файла стоит причина."),
    "media.asked-again": plain("Оператор просит файл ещё раз"),
    "media.expired": plain("Файл удалён: срок хранения истёк", "Сообщение остаётся."),
    "media.withdrawn": plain("Клиент отозвал файл"),
    "bot.answered": answered,
    "chat.handed-over": (facts: Facts) => ({ title: "Бот передаёт чат человеку", detail: because(handOffs, facts) }),
    "chat.assigned": plain("Чат получил оператор", "Дальше бот молчит."),
    "chat.operator-replied": plain("Оператор ответил"),
    "chat.engaged": plain("Звонящий уже в чате"),
    "chat.told": plain("Чату сообщили, что было со звонком"),
    "chat.transferred": plain("Чат передан дальше"),
    "chat.closed": plain("Чат завершён"),
    "chat.link-made": plain("Сделана ссылка в другой мессенджер", "Для этого звонящего, на один раз."),
    "chat.link-refused": plain("Использованная ссылка ничего не открыла"),
    "chat.blocked": plain("Клиент заблокировал нас", "Отправить ничего нельзя, пока он сам не напишет."),
    "chat.left": plain("Клиент ушёл из чата", "Это не считается успехом."),
    "rating.asked": plain("Просим оценку", "Один раз, после завершения."),
    "rating.given": rated,
  },
};
