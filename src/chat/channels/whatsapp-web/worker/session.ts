import type * as Baileys from "@whiskeysockets/baileys";
import type { BinaryNode, WASocket } from "@whiskeysockets/baileys";
import { instant, type MessageId } from "#kit";
import type { ChannelEvent, SendOutcome } from "../../../channel.ts";
import { readAnswer } from "../core/answer.ts";
import { createKeyStore, isPaired, readCredentials } from "./keys.ts";
import { isCrowd, numberOf, personOf } from "./jid.ts";
import { idInName, nameOfOurs } from "./names.ts";
import type { Host, Outgoing, Start, Worker } from "./protocol.ts";
import { readMessage, readReceipt, statusOf, type Me } from "./read.ts";
import { notHere, refusalFor, RESTRICTED } from "./refusals.ts";

type Library = typeof Baileys;

const ACK_PATIENCE = 10_000;
const QUERY_PATIENCE = 20_000;
/** How long WhatsApp lets a code live. */
const CODE_LIVES = 160_000;
const FIRST_QR_LIVES = 60_000;
const NEXT_QR_LIVES = 20_000;

/** One connection of the real library, from its opening to its end. */
export function openSession(library: Library, start: Start, host: Host): Worker {
  const credentials = readCredentials(library, start.credentials);
  const socket = openSocket(library, start, credentials, createKeyStore(library, host));
  const me = (): Me => ({
    account: start.account,
    jids: [personOf(credentials.me?.id), personOf(credentials.me?.lid)],
  });
  const tell = (events: (ChannelEvent | null)[]) => {
    const heard = events.filter((event) => event !== null);
    if (heard.length > 0) quietly(host.heard(heard));
  };

  keepCredentials(library, socket, credentials, host);
  showPairing(socket, start, host);
  socket.ev.on("connection.update", ({ connection, lastDisconnect, reachoutTimeLock }) => {
    if (connection === "open") quietly(host.opened({ number: numberOf(credentials.me?.id) ?? "" }));
    if (connection === "close")
      quietly(host.closed({ code: codeOf(lastDisconnect?.error), paired: isPaired(credentials) }));
    if (reachoutTimeLock?.isActive) tell([trouble(reachoutTimeLock.enforcementType ?? "reach-out", me())]);
  });
  /** What the telephone hands in later, on request, is left out: it is not what a customer has just sent. */
  socket.ev.on("messages.upsert", ({ messages, requestId }) => {
    if (requestId === undefined) tell(messages.map((message) => readMessage(message, me())));
  });
  socket.ev.on("messages.update", (updates) => tell(updates.map((update) => readReceipt(update, me()))));
  socket.ws.on("CB:ack,class:message", (ack: BinaryNode) => tell(readAck(ack, me())));

  return {
    lookUp: (number) =>
      socket.onWhatsApp(number).then(
        (value) => readAnswer({ kind: "value", value }),
        (error: unknown) => readAnswer({ kind: "error", error }),
      ),
    send: (message) => send(socket, message),
    async acknowledge({ chat, message, typing }) {
      await socket.readMessages([{ remoteJid: chat, id: message, fromMe: false }]);
      if (typing) await socket.sendPresenceUpdate("composing", chat);
    },
    async unlink() {
      if (isPaired(credentials)) await socket.logout();
    },
  };
}

/** Quiet: the library's own log holds numbers and keys. No history, no previews, nothing but single people. */
function openSocket(
  library: Library,
  { url }: Start,
  creds: ReturnType<typeof readCredentials>,
  keys: ReturnType<typeof createKeyStore>,
): WASocket {
  return library.makeWASocket({
    auth: { creds, keys: library.makeCacheableSignalKeyStore(keys, silent) },
    logger: silent,
    waWebSocketUrl: url,
    defaultQueryTimeoutMs: QUERY_PATIENCE,
    markOnlineOnConnect: false,
    syncFullHistory: false,
    shouldSyncHistoryMessage: () => false,
    emitOwnEvents: false,
    shouldIgnoreJid: isCrowd,
  });
}

const silent = {
  level: "silent",
  child: () => silent,
  trace: () => {},
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
};

/** Whoever is told has its own troubles; they are none of this thread's. */
const quietly = (telling: Promise<unknown>) => void telling.catch(() => {});

/** Half a pairing is not worth keeping; after it every change is. One write after another. */
function keepCredentials(
  { BufferJSON }: Library,
  socket: WASocket,
  credentials: ReturnType<typeof readCredentials>,
  host: Pick<Host, "writeCredentials">,
) {
  let written = Promise.resolve();
  socket.ev.on("creds.update", () => {
    if (!isPaired(credentials)) return;
    const text = JSON.stringify(credentials, BufferJSON.replacer);
    written = written.then(() => host.writeCredentials(text)).catch(() => {});
  });
}

function showPairing(socket: WASocket, { byCode, account }: Start, host: Pick<Host, "shown">) {
  let pictures = 0;
  socket.ev.on("connection.update", ({ qr }) => {
    if (qr === undefined) return;
    pictures += 1;
    if (!byCode) quietly(host.shown({ kind: "qr", text: qr, forMs: pictures === 1 ? FIRST_QR_LIVES : NEXT_QR_LIVES }));
    else if (pictures === 1)
      void socket
        .requestPairingCode(account)
        .then((text) => host.shown({ kind: "code", text, forMs: CODE_LIVES }))
        .catch(() => socket.end(undefined));
  });
}

/**
 * Accepted means that WhatsApp's server has it, not only that it has left. Until the message itself is written to the
 * socket nothing has gone out, and the library may be tried again.
 */
async function send(socket: WASocket, { id, to, text }: Outgoing): Promise<SendOutcome> {
  const name = nameOfOurs(id as MessageId);
  try {
    const devices = await socket.getUSyncDevices([to], true, false);
    if (devices.length === 0) return notHere;
  } catch {
    return NOT_NOW;
  }
  const acknowledged = socket.waitForMessage(name, ACK_PATIENCE).catch(() => undefined);
  try {
    await socket.sendMessage(to, { text, linkPreview: null }, { messageId: name });
  } catch (error) {
    return isBeforeSending(error) ? NOT_NOW : { kind: "unclear", words: "the line broke while the message was sent" };
  }
  const ack = (await acknowledged) as BinaryNode | undefined;
  if (ack === undefined) return { kind: "unclear", words: "WhatsApp did not acknowledge the message" };
  const refused = ack.attrs["error"];
  return refused === undefined ? { kind: "accepted", providerId: name } : refusalFor(refused);
}

const NOT_NOW: SendOutcome = { kind: "busy", retryAfterMs: 5000 };
const NOT_CONNECTED = 428;

/** A closed line is noticed before the message is written; a bare number is the close code of a question before it. */
const isBeforeSending = (error: unknown) => typeof error === "number" || codeOf(error) === NOT_CONNECTED;

/** The server has a message of ours, or refuses it: also told when nobody waits for the answer any more. */
function readAck({ attrs }: BinaryNode, me: Me): (ChannelEvent | null)[] {
  const { id, from, t, error } = attrs;
  const lane = personOf(from);
  if (!id || lane === null || idInName(id) === null) return [];
  const at = instant((Number(t) || 0) * 1000);
  if (error === undefined) return [statusOf(id, { status: "sent", lane, at, refusal: null }, me)];
  const { because, code, words } = refusalFor(error);
  return [
    statusOf(id, { status: "failed", lane, at, refusal: { because, code, words } }, me),
    error === RESTRICTED ? trouble(RESTRICTED, me) : null,
  ];
}

/** WhatsApp limits the account as a whole. */
function trouble(code: string, me: Me): ChannelEvent {
  const words = "WhatsApp has restricted the account: it may not write to new people.";
  const day = new Date().toISOString().slice(0, 10);
  const origin = { account: me.account, lane: me.account, dedupe: `restricted ${code} ${day}`, at: instant(0) };
  return { ...origin, kind: "account-trouble", code, words };
}

/** The status code of the library's errors; anything else counts as a bad session. */
function codeOf(error: unknown): number {
  const output = (error as { output?: { statusCode?: number } } | undefined)?.output;
  return output?.statusCode ?? BAD_SESSION;
}

const BAD_SESSION = 500;
