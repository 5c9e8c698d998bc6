import type { DoctorTexts } from "./texts.ts";

const gib = (bytes: number) => `${(bytes / 1024 ** 3).toFixed(1).replace(".", ",")} ГиБ`;
const mib = (bytes: number) => `${Math.round(bytes / 1024 ** 2)} МиБ`;

/** The doctor's words in Russian. */
export const ru: DoctorTexts = {
  title: "Что Detour здесь видит",
  addresses: "Адреса, которые нужно вставить",
  subjects: {
    settings: "Настройки",
    node: "Node",
    database: "База данных",
    disk: "Диск",
    clock: "Часы",
    address: "Публичный адрес",
    port: "Порт",
    telephone: "Телефония",
    connection: "Подключение",
    crm: "CRM",
    traces: "Трассировка",
  },
  verdict: (wrong, warnings) => {
    if (wrong === 0 && warnings === 0) return "Всё в порядке.";
    return `${[...(wrong > 0 ? [`Неисправно: ${wrong}`] : []), ...(warnings > 0 ? [`стоит проверить: ${warnings}`] : [])].join(", ")}.`;
  },
  settings: "Все настройки читаются.",
  node: (version) => `Node ${version}.`,
  oldNode: (version) =>
    `Это Node ${version}, а нужен 24. Запускайте через npm, он его приносит, или установите Node 24.`,
  database: (version, size) => `PostgreSQL ${version}, данных ${mib(size)}; подтверждённое не теряется.`,
  oldPostgres: (version) => `PostgreSQL ${version} слишком старый. Нужен 15 или новее.`,
  unsafe: (setting) =>
    `PostgreSQL работает с ${setting} = off и может потерять подтверждённые сообщения. Поставьте ${setting} = on в postgresql.conf и перечитайте настройки.`,
  notMigrated: (count) => `Не применены миграции: ${count}. Их применит следующий запуск или npm run migrate.`,
  notMade: (folder) => `Собственный PostgreSQL будет создан в ${folder} при первом запуске.`,
  disk: (free) => `Там, где лежат данные, свободно ${gib(free)}.`,
  diskLow: (free) =>
    `Там, где лежат данные, свободно только ${gib(free)}. Освободите место заранее: на полном диске ничего не принимается.`,
  diskFull: (free) =>
    `Там, где лежат данные, свободно только ${gib(free)}. Освободите место сейчас: на полном диске ничего не принимается.`,
  diskElsewhere: "Диск базы данных отсюда не виден. Следите за ним там, где она работает.",
  ofTheDatabase: "базы данных",
  clock: (names) => `Часы этой машины сходятся с часами ${names.join(", ")}.`,
  clockOff: (name, aheadMs) =>
    `Часы этой машины ${aheadMs > 0 ? "спешат" : "отстают"} на ${Math.abs(aheadMs / 1000)
      .toFixed(1)
      .replace(
        ".",
        ",",
      )} с относительно ${name}. Включите синхронизацию времени (timedatectl set-ntp true) на обеих машинах.`,
  address: (url) => `${url} ведёт сюда.`,
  onlyHere: (url) => `${url} ведёт сюда, но это имя знают только машины этой сети, а провайдер в интернете нет.`,
  notPublic: (url) =>
    `PUBLIC_URL это ${url}, туда не дозвонится ни один провайдер из интернета. Поставьте впереди прокси с сертификатом и укажите его адрес https:// в PUBLIC_URL.`,
  unknownName: (host) => `Имени ${host} никто не знает. Внесите его в DNS домена или исправьте PUBLIC_URL.`,
  badCertificate: (url, words) =>
    `Провайдеры отвергнут сертификат ${url} (${words}). Получите его у публичного центра и дайте прокси всю цепочку.`,
  certificateEnds: (url, days) => `Сертификат ${url} истекает через ${days} дн. Проверьте, почему он не обновлён.`,
  noAnswer: (url, words) => `По адресу ${url} никто не отвечает (${words}). Запустите там прокси и откройте его порт.`,
  nobodyBehind: (url, status, port) =>
    `По адресу ${url} отвечает прокси (${status}), но за ним никого нет. Направьте его на порт ${port} этой машины.`,
  somebodyElse: (url, status, port) =>
    `По адресу ${url} отвечает не Detour (HTTP ${status}). Направьте прокси на порт ${port} этой машины, не меняя путей.`,
  portTaken: (port) => `Порт ${port} занят другой программой. Остановите её или укажите в PORT свободный.`,
  works: "Работает.",
  nothingConnected:
    "Ни один провайдер не подключён: npm start покажет всё на имитаторах. Как подключить настоящих, сказано в README.",
  remarks: {
    "calls-go-nowhere": "Номер не направляет звонки сюда. Вставьте адрес для голоса (ниже) в настройки голоса номера.",
    "calls-go-elsewhere":
      "Номер направляет звонки по другому адресу. Вставьте адрес для голоса (ниже) в настройки голоса номера или исправьте PUBLIC_URL.",
    "no-statuses": "Номер не сообщает, чем кончаются звонки. Вставьте адрес для статусов (ниже).",
    "no-fallback":
      "Запасной документ не установлен: пока ни один процесс не работает, звонящие слышат ошибку. Установите документ (ниже) как TwiML Bin.",
  },
  crmSilent: "CRM не отвечает как должна. Проверьте DEMO_CRM_URL и DEMO_CRM_TOKEN.",
  collectorSilent: (url, words) =>
    `По адресу ${url} никто не принимает трассировку (${words}). Запустите коллектор или исправьте OTEL_EXPORTER_OTLP_ENDPOINT.`,
};
