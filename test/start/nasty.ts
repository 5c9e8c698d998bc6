import { createConnection } from "node:net";
import {
  callForm,
  send,
  sendAsMeta,
  sendAsTelegram,
  sendAsTwilio,
  telegramUpdate,
  textMessage,
  waitForm,
  type Answer,
} from "./senders.ts";

/** Where the requests go: the program, somebody signed in, and a conversation of theirs. */
export interface Target {
  url: string;
  cookie: string;
  conversation: string;
}

/** A request nobody should send, and what it is. */
export type Nasty = [what: string, send: (target: Target) => Promise<Answer>];

const MEBIBYTE = 1024 * 1024;
const deep = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
const deepObject = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
const NOT_UTF8 = Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0xed, 0xa0, 0x80]);

/** A good message with one thing changed in its JSON. */
let count = 0;
const message = (change: (json: string) => string = (json) => json) =>
  change(JSON.stringify(textMessage(`wamid.nasty-${++count}`, "79160000009", "WORDS")));
const withWords = (words: string) => message((json) => json.replace('"WORDS"', words));

const meta = (what: string, body: () => string | Buffer, headers?: Record<string, string>): Nasty => [
  `Meta: ${what}`,
  ({ url }) => sendAsMeta(url, body(), headers),
];

/** Correctly signed: what Meta itself, or somebody with the app secret, could send. */
export const toMessenger: Nasty[] = [
  meta("nothing", () => ""),
  meta("half an object", () => '{"object":'),
  meta("null", () => "null"),
  meta("a number", () => "1e999"),
  meta("a list", () => "[]"),
  meta("an empty object", () => "{}"),
  meta("10,000 lists in each other", () => deep(10_000)),
  meta("10,000 objects in each other", () => deepObject(10_000)),
  meta("10,000 lists as a text", () => withWords(deep(10_000))),
  meta("entries that are no list", () => '{"object":"whatsapp_business_account","entry":{"0":1}}'),
  meta("changes that are null", () => '{"object":"whatsapp_business_account","entry":[{"id":"1","changes":null}]}'),
  meta("a text of 2 MiB", () => withWords(JSON.stringify("я".repeat(MEBIBYTE)))),
  meta("more than 3 MiB", () => withWords(JSON.stringify("a".repeat(3 * MEBIBYTE)))),
  meta("NUL in a text", () => withWords('"a\\u0000b"')),
  meta("NUL in an id", () => message((json) => json.replace("wamid.nasty", "wamid\\u0000nasty"))),
  meta("NUL as it is", () => message((json) => json.replace("WORDS", "a\0b"))),
  meta("half a surrogate pair in a text", () => withWords('"\\ud800"')),
  meta("half a surrogate pair in a name", () => message((json) => json.replace("Anna", "\\udc00"))),
  meta("half a surrogate pair in a sender", () => message((json) => json.replaceAll("79160000009", "\\ud83d"))),
  meta("bytes that are not UTF-8", () =>
    Buffer.concat([Buffer.from(message().slice(0, -40)), NOT_UTF8, Buffer.from('"}')]),
  ),
  meta("keys twice", () => message((json) => json.replace('"type":"text"', '"type":"image","type":"text"'))),
  meta("__proto__", () =>
    message((json) => json.replace('"type":"text"', '"__proto__":{"type":"text"},"constructor":{"prototype":{"x":1}}')),
  ),
  meta("a time beyond all time", () =>
    message((json) => json.replace(/"timestamp":"\d+"/, '"timestamp":"99999999999999999999"')),
  ),
  meta("a time before all time", () => message((json) => json.replace(/"timestamp":"\d+"/, '"timestamp":"-1e308"'))),
  meta("an id of 100,000 characters", () => message((json) => json.replace("wamid.nasty", "x".repeat(100_000)))),
  meta("types turned round", () => message((json) => json.replace('{"body":"WORDS"}', '["WORDS"]'))),
  meta("plain text", () => message(), { "content-type": "text/plain" }),
  meta("a form", () => "a=1", { "content-type": "application/x-www-form-urlencoded" }),
  meta("an encoding that is none", () => message(), { "content-encoding": "gzip" }),
];

const update = (change: (json: string) => string = (json) => json) =>
  change(JSON.stringify(telegramUpdate(++count, "WORDS")));
const telegram = (what: string, body: () => string | Buffer, headers?: Record<string, string>): Nasty => [
  `Telegram: ${what}`,
  ({ url }) => sendAsTelegram(url, body(), headers),
];

/** With the right secret token: what Telegram itself, or somebody who knows the secret, could send. */
export const toTelegram: Nasty[] = [
  telegram("nothing", () => ""),
  telegram("half an object", () => '{"update_id":'),
  telegram("a list", () => "[]"),
  telegram("an empty object", () => "{}"),
  telegram("an update of no kind", () => '{"update_id":1}'),
  telegram("a number that is none", () => '{"update_id":1e400}'),
  telegram("a number with a fraction", () => '{"update_id":1.5,"message":{}}'),
  telegram("10,000 objects in each other", () => `{"update_id":2,"message":${deepObject(10_000)}}`),
  telegram("a text of 2 MiB", () => update((json) => json.replace("WORDS", "я".repeat(MEBIBYTE)))),
  telegram("NUL in a text", () => update((json) => json.replace("WORDS", "a\\u0000b"))),
  telegram("half a surrogate pair in a name", () => update((json) => json.replace("Anna", "\\udc00"))),
  telegram("a chat beyond all numbers", () => update((json) => json.replaceAll("4242", "1e300"))),
  telegram("a message below zero", () => update((json) => json.replace(/"message_id":\d+/, '"message_id":-5'))),
  telegram("a time before all time", () => update((json) => json.replace(/"date":\d+/, '"date":-1e308'))),
  telegram("a chat that is a text", () => update((json) => json.replace('"chat":{', '"chat":"x","x":{'))),
  telegram("a tap without a message", () =>
    JSON.stringify({
      update_id: ++count,
      callback_query: { id: "1", from: telegramUpdate(1, "").message.from, data: "x" },
    }),
  ),
  telegram("a key nobody made", () =>
    JSON.stringify({
      update_id: ++count,
      callback_query: { id: "\0", from: telegramUpdate(1, "").message.from, data: `~${"x".repeat(63)}` },
    }),
  ),
  telegram("a token with a quotation mark", () => update((json) => json.replace("WORDS", "/start '; drop table call"))),
  telegram("__proto__", () => update((json) => json.replace('"text"', '"__proto__":{"text":1},"text"'))),
  telegram("bytes that are not UTF-8", () =>
    Buffer.concat([Buffer.from(update().slice(0, -4)), NOT_UTF8, Buffer.from('"}}')]),
  ),
  telegram("a form", () => "a=1", { "content-type": "application/x-www-form-urlencoded" }),
];

const twilio = (
  what: string,
  path: string,
  form: () => Record<string, string | string[]>,
  headers?: Record<string, string>,
): Nasty => [`Twilio: ${what}`, ({ url }) => sendAsTwilio(url, `/voice/twilio/${path}`, form(), headers)];

/** Correctly signed: what Twilio itself, or somebody with the auth token, could send. */
export const toTelephone: Nasty[] = [
  twilio("nothing", "incoming", () => ({})),
  twilio("another call's shape", "incoming", () => ({ ...callForm(++count), CallSid: "CA1" })),
  twilio("fields twice", "incoming", () => ({ ...callForm(++count), From: ["+79160000001", "+79160000002"] })),
  twilio("a thousand fields", "incoming", () =>
    Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`f${i}`, "1"])),
  ),
  twilio("a field of 1 MiB", "incoming", () => ({ ...callForm(++count), From: "1".repeat(MEBIBYTE) })),
  twilio("NUL in the caller's number", "incoming", () => ({ ...callForm(++count), From: "+7916\0" })),
  twilio("half a surrogate pair in the caller's number", "incoming", () => ({ ...callForm(++count), From: "\ud800" })),
  twilio("__proto__", "incoming", () => ({
    ...callForm(++count),
    ["__proto__"]: "x",
    constructor: "y",
    hasOwnProperty: "z",
  })),
  twilio("a place beyond all numbers", "wait", () => ({ ...waitForm(++count), QueueTime: "9".repeat(400) })),
  twilio("a place that is no number", "wait", () => ({ ...waitForm(++count), QueuePosition: "NaN" })),
  twilio("NUL in what was said", "answer?turn=t", () => ({ ...callForm(++count), SpeechResult: "раз\0два\ud800" })),
  twilio("keys no telephone has", "answer?turn=t", () => ({ ...callForm(++count), Digits: "1; drop table call" })),
  twilio("a turn of another shape", "answer?turn=%00", () => callForm(++count)),
  twilio("a turn twice", "answer?turn=a&turn=b", () => callForm(++count)),
  twilio("a status nobody knows", "status", () => ({
    ...callForm(++count),
    CallStatus: "teleported",
    SequenceNumber: "1",
  })),
  twilio("a number of a status beyond all numbers", "status", () => ({
    ...callForm(++count),
    SequenceNumber: "999999999999",
  })),
  twilio("JSON", "incoming", () => callForm(++count), { "content-type": "application/json" }),
  twilio("no type", "incoming", () => callForm(++count), { "content-type": "" }),
  [
    "Twilio: bytes that are not UTF-8",
    ({ url }) => raw(url, "/voice/twilio/incoming", `From=%FF%C3%28&To=%ED%A0%80`, ["X-Twilio-Signature: AAAA"]),
  ],
];

const api = (what: string, path: string, body: string | Buffer, headers: Record<string, string> = {}): Nasty => [
  `API: ${what}`,
  ({ url, cookie, conversation }) =>
    send(`${url}${path.replace(":conversation", conversation)}`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-detour": "1", cookie, ...headers },
      body,
    }),
];
const get = (what: string, path: string, headers: Record<string, string> = {}): Nasty => [
  `API: ${what}`,
  ({ url, cookie }) => send(`${url}${path}`, { headers: { cookie, ...headers } }),
];

const id = "0198c0de-0000-7000-8000-000000000001";
const reply = "/api/conversations/:conversation/messages";

/** Signed in, as a curious operator with a terminal. */
export const toApi: Nasty[] = [
  api("half an object", "/api/session", '{"email":'),
  api("nothing", "/api/session", ""),
  api("10,000 objects in each other", "/api/session", deepObject(10_000)),
  api("more than 1 MiB", "/api/session", JSON.stringify({ email: "a".repeat(MEBIBYTE), password: "x" })),
  api("NUL in an email", "/api/session", '{"email":"a\\u0000@example.com","password":"password"}'),
  api(
    "half a surrogate pair in a password",
    "/api/session",
    '{"email":"a@example.com","password":"\\ud800\\ud800\\ud800"}',
  ),
  api("keys twice", "/api/session", '{"email":"a@example.com","email":1,"password":"password"}'),
  api("__proto__", "/api/session", '{"__proto__":{"role":"admin"},"email":"a@example.com","password":"password"}'),
  api("a list of emails", "/api/session", '{"email":["a@example.com"],"password":{"$ne":1}}'),
  api("bytes that are not UTF-8", "/api/session", NOT_UTF8),
  api("plain text", "/api/session", "hello", { "content-type": "text/plain" }),
  api("a type that is none", "/api/session", "{}", { "content-type": "application/json; charset=;;=" }),
  api(
    "a name of NULs",
    "/api/operators",
    '{"email":"n@example.com","name":"\\u0000\\ud800","role":"operator","password":"a long enough password","locale":"ru","capacity":4}',
  ),
  api("NUL and half a pair in a reply", reply, JSON.stringify({ text: "a\u0000b\ud800", clientId: id })),
  api("a reply of 10,000 lists", reply, `{"clientId":"${id}","text":${deep(10_000)}}`),
  api(
    "a reply with fields nobody asked for",
    reply,
    JSON.stringify({ text: "hi", clientId: id, status: "read", tenant: "other" }),
  ),
  api("an id that is none", "/api/conversations/%00/close", "{}"),
  api("a transfer to nobody", "/api/conversations/:conversation/transfer", '{"to":{"operator":"\\u0000"}}'),
  get("half an escape in a path", "/api/conversations/%E0%A4%A"),
  get("a path of 8 KiB", `/api/conversations/${"a".repeat(8192)}`),
  get("NUL in a query", "/api/conversations?view=%00&cursor=%00&limit=-1e9"),
  get("objects in a query", "/api/conversations?view[$ne]=1&__proto__[x]=1&limit=NaN"),
  get("times that are none in a query", "/api/funnel?from=275760-09-13&to=%F0%28"),
  get("a cookie that is none", "/api/conversations", { cookie: "detour=%E0%A4%A; a=;;;=\u00ff" }),
  get("an upgrade to something else", "/api/live?since=1e999"),
  ["HTTP: headers of 200 KiB", ({ url }) => raw(url, "/healthz", "", [`X-Long: ${"a".repeat(200 * 1024)}`])],
  [
    "HTTP: five thousand headers",
    ({ url }) =>
      raw(
        url,
        "/healthz",
        "",
        Array.from({ length: 5000 }, (_, i) => `X-${i}: 1`),
      ),
  ],
  ["HTTP: a length that is none", ({ url }) => raw(url, "/api/session", "{}", ["Content-Length: -1"])],
  ["HTTP: two lengths", ({ url }) => raw(url, "/api/session", "{}", ["Content-Length: 2", "Content-Length: 3"])],
  [
    "HTTP: a length and chunks",
    ({ url }) => raw(url, "/api/session", "0\r\n\r\n", ["Content-Length: 5", "Transfer-Encoding: chunked"]),
  ],
  ["HTTP: no words of it", ({ url }) => raw(url, "\0\x01\x02 /", "\xff\xff", [])],
  ["HTTP: another machine's address", ({ url }) => raw(url, "http://evil.example/readyz", "", ["Host: evil.example"])],
];

/** Unsigned or wrongly signed: refused, whatever is in it. */
export const forged: Nasty[] = [
  [
    "Meta: no signature",
    ({ url }) =>
      send(`${url}/channels/whatsapp-cloud/webhook`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: message(),
      }),
  ],
  [
    "Meta: another's signature",
    ({ url }) => sendAsMeta(url, message(), { "x-hub-signature-256": `sha256=${"0".repeat(64)}` }),
  ],
  [
    "Meta: a signature that is none",
    ({ url }) => sendAsMeta(url, message(), { "x-hub-signature-256": "sha256=\u00ff" }),
  ],
  [
    "Twilio: no signature",
    ({ url }) =>
      send(`${url}/voice/twilio/incoming`, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: "CallSid=CA1",
      }),
  ],
  [
    "Twilio: another's signature",
    ({ url }) => sendAsTwilio(url, "/voice/twilio/incoming", callForm(++count), { "x-twilio-signature": "AAAA" }),
  ],
  [
    "Twilio: an address in the headers",
    ({ url }) =>
      sendAsTwilio(url, "/voice/twilio/incoming?x=1", callForm(++count), {
        "x-forwarded-host": "evil.example",
        "x-twilio-signature": "AAAA",
      }),
  ],
];

/** Writes these very bytes; a connection closed without an answer counts as refused. */
function raw(url: string, path: string, body: string, headers: string[]): Promise<Answer> {
  const { hostname, port } = new URL(url);
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const socket = createConnection(Number(port), hostname);
    let text = "";
    const length = headers.some((header) => /^(content-length|transfer-encoding)/i.test(header))
      ? []
      : [`Content-Length: ${Buffer.byteLength(body, "latin1")}`];
    const host = headers.some((header) => /^host/i.test(header)) ? [] : [`Host: ${hostname}`];
    const head = [`POST ${path} HTTP/1.1`, ...host, "Connection: close", ...length, ...headers].join("\r\n");
    socket.setTimeout(15_000, () => reject(new Error("Nobody answered.")));
    socket.on("data", (chunk) => (text += chunk.toString("latin1")));
    socket.on("error", () => {});
    socket.on("close", () => {
      const status = Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 400);
      resolve({ status, body: text, ms: performance.now() - began });
    });
    socket.end(Buffer.from(`${head}\r\n\r\n${body}`, "latin1"));
  });
}
