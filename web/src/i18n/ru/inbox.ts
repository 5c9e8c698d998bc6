import type { inbox as english } from "../en/inbox.ts";
import type { InboxNote } from "../../inbox/route.ts";
import { unreachable } from "../../app/unreachable.ts";
import { counted, minutesAndSeconds, ordinal, span, timeOfDay } from "../format.ts";

const stops: Record<InboxNote["stop"], string> = {
  call: "Звонок",
  messenger: "WhatsApp",
  bot: "Бот",
  operator: "Оператор",
};

const outcomes: Record<string, string> = {
  answered: "ответил оператор",
  moved: "переведён в чат",
  callback: "обязаны перезвонить",
  "gone-to-chat": "положил трубку, ушёл в чат",
  abandoned: "положил трубку",
  "queue-full": "очередь была полна",
};

function note(of: InboxNote): string {
  switch (of.say) {
    case "waited":
      return of.place === null
        ? `ожидание ${minutesAndSeconds(of.seconds)}`
        : `ожидание ${minutesAndSeconds(of.seconds)}, ${ordinal("ru", of.place)}`;
    case "outcome":
      return outcomes[of.outcome] ?? of.outcome;
    case "delivered-in":
      return `доставлено за ${span("ru", of.ms)}`;
    case "wrote-first":
      return "клиент написал сам";
    case "not-delivered":
      return "ещё не доставлено";
    case "answers":
      return counted("ru", of.count, { one: "ответ", few: "ответа", many: "ответов" });
    case "silent":
      return "ещё не отвечал";
    case "in-queue":
      return "ждёт человека";
    case "has-it":
      return of.name === null ? "ведёт чат" : of.name;
    case "if-needed":
      return "если нужен";
    case "closed":
      return "завершён";
    default:
      return unreachable(of);
  }
}

export const inbox: typeof english = {
  title: "Чаты",
  pageTitle: (unread) => (unread > 0 ? `(${unread}) Detour` : "Detour: чаты"),
  views: { label: "Какие чаты", mine: "Мои", queue: "Очередь", bot: "Бот", closed: "Завершённые" },
  empty: {
    mine: {
      title: "Сейчас у вас нет чатов",
      text: "Возьмите следующий из очереди. Пока вы на смене, новые приходят и сами.",
    },
    queue: { title: "Очередь пуста", text: "Здесь появляются чаты, которые передал бот." },
    bot: { title: "У бота нет чатов", text: "Чаты видны здесь, пока на них отвечает бот." },
    closed: { title: "Завершённых чатов нет", text: "Здесь появляются законченные чаты." },
  },
  choose: { title: "Выберите чат", text: "Он откроется здесь. Чтобы начать сразу, возьмите следующий из очереди." },
  takeChat: "Взять чат",
  takeCall: "Взять звонок",
  noneWaiting: "В очереди сейчас никого нет.",
  callComing: "Сейчас зазвонит ваш телефон. Снимите трубку, и вас соединят.",
  presence: { label: "Ваш статус", online: "На смене", away: "Отошёл", offline: "Не на смене" },
  signOut: "Выйти",
  back: "К списку",
  listLabel: "Чаты",
  draft: "Черновик:",
  unnamed: "Номер скрыт",
  unread: (count) =>
    counted("ru", count, {
      one: "непрочитанное сообщение",
      few: "непрочитанных сообщения",
      many: "непрочитанных сообщений",
    }),
  waiting: (words) => `ждёт ${words}`,
  minutes: (count) =>
    count < 1 ? "меньше минуты" : counted("ru", count, { one: "минуту", few: "минуты", many: "минут" }),
  route: { label: "Как звонок стал чатом", stops, note },
  thread: {
    label: "Сообщения",
    customer: "Клиент",
    bot: "Бот",
    operator: "Оператор",
    you: "Вы",
    edited: "изменено",
    note: "Заметка",
    empty: "Сообщений ещё нет.",
    marks: {
      queued: "ждёт отправки",
      sending: "отправляется",
      accepted: "принято мессенджером",
      sent: "отправлено",
      delivered: "доставлено",
      read: "прочитано",
      failed: "не доставлено",
      unclear: "неизвестно, ушло ли",
    },
    failed: "Не доставлено",
    unclear:
      "Связь оборвалась при отправке, сообщение могло уйти. Посмотрите, ответит ли клиент, прежде чем писать снова.",
    notSent: "Не отправлено: сервер не ответил.",
    retry: "Отправить снова",
    discard: "Убрать",
    details: "Подробности",
    choices: "Кнопки",
    guesses: "Бот понял так",
    file: {
      kinds: {
        image: "Фото",
        video: "Видео",
        audio: "Аудиозапись",
        voice: "Голосовое сообщение",
        document: "Документ",
        sticker: "Стикер",
      },
      open: (name: string) => `Открыть: ${name}`,
      save: (name: string) => `Сохранить: ${name}`,
      coming: "Файл загружается.",
      delayed: (at: number) => `Файла пока нет. Следующая попытка в ${timeOfDay("ru", at)}.`,
      because: {
        gone: "В WhatsApp этого файла больше нет.",
        "too-large": "Файл больше, чем мы принимаем.",
        refused: "WhatsApp не отдаёт этот файл.",
        "not-connected": "Номер, на который пришёл файл, больше не подключён.",
        damaged: "Файл каждый раз приходил повреждённым.",
        unreachable: "WhatsApp не отдал файл, хотя мы просили много раз.",
        "not-stored": "Не удалось сохранить файл. Сообщите тому, кто обслуживает Detour.",
      },
      expired: "Файл удалён: срок его хранения истёк.",
      again: "Попробовать снова",
      askedAgain: "Запрошен снова",
    },
    announced: (author, text) => `${author}: ${text}`,
  },
  composer: {
    mode: { label: "Что вы пишете", reply: "Ответ", note: "Заметка" },
    reply: "Ответ клиенту",
    note: "Заметка для коллег",
    replyHint: "Напишите ответ",
    noteHint: "Это увидят только коллеги",
    send: "Отправить",
    keep: "Сохранить",
    keys: "Enter отправляет, Shift Enter переносит строку",
    draftKept: "Черновик сохранён",
    windowUntil: (at) => `Окно 24 ч: до ${timeOfDay("ru", at)}`,
    windowClosed:
      "Окно 24 часа закрыто. WhatsApp позволит писать после следующего сообщения клиента. Черновик цел, заметки работают.",
    windowNone: "Клиент ещё не писал. Свободный текст откроется с его первым сообщением; заметки работают.",
    botHas: "Сейчас отвечает бот. Ваш ответ заберёт чат, и бот замолчит.",
    blocked:
      "Клиент заблокировал нас в этом мессенджере. Пока он сам не напишет, отправить ничего нельзя; заметки работают.",
    closed: "Чат завершён. Новый откроется, когда клиент напишет.",
    attach: "Прикрепить файл",
    attached: (name: string, size: string) => `${name}, ${size}`,
    detach: "Убрать файл",
    sendingFile: "Файл отправляется",
    tooLarge: (size: string) => `Файл слишком большой: этот мессенджер берёт не больше ${size}.`,
  },
  actions: {
    take: "Взять этот чат",
    transfer: "Передать",
    close: "Завершить",
    transferTitle: "Передать чат",
    to: "Кому",
    toQueue: "Обратно в очередь",
    toBot: "Обратно боту",
    noteLabel: "Заметка для того, кто возьмёт (необязательно)",
    transferNow: "Передать",
    closeTitle: "Завершить чат?",
    closeText: "Клиента один раз попросят об оценке. Новый чат откроется, если он напишет.",
    closeNow: "Завершить",
  },
  off: {
    checks: "Проверка номеров через WhatsApp Web отключена. Звонящих спрашивает само сообщение.",
    whatsAppWeb: (words) => `WhatsApp Web отключён. ${words}`,
    messenger: (words) => `Мессенджер отключён. ${words}`,
  },
  link: {
    lost: "Переподключаемся. Черновики сохранены, на экране может быть старое.",
    back: "Снова на связи, всё обновлено.",
  },
};
