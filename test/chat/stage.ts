import { join } from "node:path";
import Fastify, { type LightMyRequestResponse } from "fastify";
import { serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import type { Bot, BotInput, Turn } from "#bot";
import { chatSettings, createChat, type CallTime, type Channel, type ChannelEvent, type ChatHooks } from "#chat";
import type { Brands } from "#company";
import type { Database, Topic, Tx, Wakes } from "#db";
import {
  createSettableClock,
  instant,
  newId,
  type ConversationId,
  type Locale,
  type OperatorId,
  type SettableClock,
} from "#kit";
import type { Pump } from "#jobs";
import { openSpool, type MediaStore } from "#media";
import { createFileStore } from "../../src/media/store-files.ts";
import type { Operator, PresenceStatus, Role } from "#staff";
import { temporaryFolder } from "../support/folder.ts";
import { brandWith, oneBrand } from "../support/brands.ts";
import { createFakeChannel, type FakeChannel } from "../support/fake-channel.ts";

/** The chat on a real database, with its loops driven by hand. */
export interface Stage {
  chat: ReturnType<typeof createChat>;
  channel: FakeChannel;
  clock: SettableClock;
  db: Database;
  bot: FakeBot;
  hooks: RecordedHooks;
  /** Delivers one webhook, as the provider would. */
  deliver(...events: ChannelEvent[]): Promise<number>;
  pump(name: string): Pump;
  /** Works until nothing is left to do at this moment. */
  settle(): Promise<void>;
  /** Lets time pass, working whenever something falls due. */
  pass(ms: number): Promise<void>;
  operator(
    name: string,
    more?: Partial<Pick<Operator, "capacity" | "role" | "locale">> & { languages?: Locale[] },
  ): Promise<Operator>;
  presence(operator: Operator, status: PresenceStatus): Promise<void>;
  /** A request to the API, signed in as this operator. */
  as(operator: Operator): {
    get(url: string): Promise<Answer>;
    post(url: string, body?: object): Promise<Answer>;
    /** A file as the browser sends it: the fields in their order. */
    attach(conversation: ConversationId, form: FormData): Promise<Answer>;
    /** A file as the browser asks for it. */
    file(id: string, headers?: Record<string, string>): Promise<LightMyRequestResponse>;
  };
  conversations(): Promise<ConversationRow[]>;
  messages(conversationId?: ConversationId): Promise<MessageRow[]>;
  events(kind?: string): Promise<{ kind: string; data: Record<string, unknown> }[]>;
}

interface Answer {
  status: number;
  body: any;
}

interface ConversationRow {
  id: ConversationId;
  owner: string;
  operator_id: string | null;
  unread: number;
  due_at: number | null;
  closed_at: number | null;
  call_id: string | null;
  address: string;
  state: Record<string, unknown>;
}

interface MessageRow {
  id: string;
  author: string;
  text: string;
  status: string | null;
  provider_id: string | null;
  meta: Record<string, unknown> | null;
  content: Record<string, unknown>;
  error: Record<string, unknown> | null;
  send_at: number | null;
}

interface FakeBot extends Bot {
  readonly asked: BotInput[];
  answerWith(answer: (input: BotInput) => Partial<Turn> | Promise<Partial<Turn>>): void;
}

const plainTurn: Omit<Turn, "language"> = {
  text: "ok",
  choices: [],
  memory: null,
  guesses: [],
  handOff: null,
  finished: false,
  callMe: false,
};

function createFakeBot(): FakeBot {
  const asked: BotInput[] = [];
  let how: (input: BotInput) => Partial<Turn> | Promise<Partial<Turn>> = (input) => ({
    text: `echo: ${input.texts.join(" | ")}`,
    guesses: [{ intent: "test", confidence: 0.9 }],
  });
  return {
    asked,
    answerWith: (answer) => void (how = answer),
    async answer(input) {
      asked.push(input);
      return { ...plainTurn, language: input.locale, ...(await how(input)) };
    },
    reload: async () => {},
  };
}

interface RecordedHooks extends ChatHooks {
  progress: Parameters<ChatHooks["inviteProgress"]>[1][];
  engaged: Parameters<ChatHooks["customerEngaged"]>[1][];
  wishes: Parameters<ChatHooks["callMe"]>[1][];
  /** What asking to be phoned answers. */
  phone: CallTime | "no-phone";
  closed: Parameters<ChatHooks["closedByOperator"]>[1][];
}

function recordHooks(): RecordedHooks {
  const hooks: RecordedHooks = {
    progress: [],
    engaged: [],
    wishes: [],
    phone: { kind: "in-turn" },
    closed: [],
    inviteProgress: async (_tx: Tx, progress) => void hooks.progress.push(progress),
    customerEngaged: async (_tx: Tx, engaged) => void hooks.engaged.push(engaged),
    async callMe(_tx: Tx, wish) {
      hooks.wishes.push(wish);
      return hooks.phone;
    },
    closedByOperator: async (_tx: Tx, closed) => void hooks.closed.push(closed),
  };
  return hooks;
}

function localWakes(): Wakes {
  const listeners = new Map<Topic, (() => void)[]>();
  return {
    wake: (topic) => (listeners.get(topic) ?? []).forEach((run) => run()),
    on: (topic, run) => void listeners.set(topic, [...(listeners.get(topic) ?? []), run]),
    close: async () => {},
  };
}

/** Asks about the room in the messenger: of the only queue, in its language. */
export const CALLER = { queue: "hotline-ru", locale: "ru", phone: null } as const;

export const START = instant(Date.UTC(2026, 10, 21, 9, 0, 0));
const silent = { warn: () => {}, error: () => {} };

export interface StageOptions {
  db: Database;
  settings?: Record<string, unknown>;
  channel?: FakeChannel;
  clock?: SettableClock;
  bot?: FakeBot;
  store?: MediaStore;
  brands?: Omit<Brands, "reload">;
  /** False for a process that answers no webhooks. */
  hears?: boolean;
}

/** The largest file of the stage. */
const MOST_BYTES = 10 * 1024 * 1024;

export async function createStage({ db, settings = {}, ...given }: StageOptions): Promise<Stage> {
  const clock = given.clock ?? createSettableClock(START);
  const channel = given.channel ?? createFakeChannel();
  const bot = given.bot ?? createFakeBot();
  const hooks = recordHooks();
  const read = chatSettings.schema.parse(settings);
  const wakes = localWakes();
  const folder = temporaryFolder();
  const store = given.store ?? createFileStore(join(folder, "kept"));
  const spool = await openSpool(join(folder, "incoming"), clock);
  const presenceListeners: ((tx: Tx, id: OperatorId, status: PresenceStatus) => Promise<void>)[] = [];
  let signedIn: Operator | null = null;
  const chat = createChat({
    front: db,
    back: db,
    clock,
    wakes,
    channels: [channel satisfies Channel],
    brands: given.brands ?? oneBrand(brandWith({ locale: read.CHAT_DEFAULT_LOCALE })),
    bot,
    staff: { operatorOf: () => signedIn!, onPresence: (run) => void presenceListeners.push(run) },
    settings: read,
    log: silent,
    hooks,
    media: { store, spool, mostBytes: MOST_BYTES },
    ...(given.hears === undefined ? {} : { hears: given.hears }),
  });
  const app = Fastify();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  await app.register(chat.webhooks);
  await app.register(chat.routes, { prefix: "/api" });
  await app.register(chat.files);

  async function settle() {
    for (let busy = true; busy;) {
      busy = false;
      for (const pump of chat.pumps) {
        while ((await pump.work()) > 0) busy = true;
        if (pump.name === "media") await chat.idle();
      }
    }
  }

  return {
    chat,
    channel,
    clock,
    db,
    bot,
    hooks,
    settle,
    pump: (name) => chat.pumps.find((pump) => pump.name === name)!,
    async deliver(...events) {
      const response = await app.inject({
        method: "POST",
        url: `/channels/${channel.name}/webhook`,
        headers: { "x-signature": "good", "content-type": "application/json" },
        payload: JSON.stringify({ events }),
      });
      return response.statusCode;
    },
    async pass(ms) {
      const until = instant(clock.now() + ms);
      await settle();
      for (;;) {
        const plans = [clock.nextTimerAt(), ...(await Promise.all(chat.pumps.map((pump) => pump.nextDueAt())))];
        const next = plans.filter((at) => at !== null && at > clock.now() && at <= until).sort((a, b) => a! - b!)[0];
        clock.moveTo(next ?? until);
        await settle();
        if (next === undefined) return;
      }
    },
    async operator(name, more = {}) {
      const operator: Operator = {
        id: newId<OperatorId>(),
        name,
        email: `${name}@shop.test`,
        role: more.role ?? ("operator" satisfies Role),
        locale: more.locale ?? "ru",
        capacity: more.capacity ?? 4,
        phone: null,
      };
      await db.query(
        `insert into operator (tenant, id, email, name, password_hash, role, locale, capacity, languages, created_at)
         values ($1, $2, $3, $4, '', $5, $6, $7, $8, $9)`,
        [
          db.tenant,
          operator.id,
          operator.email + operator.id,
          name,
          operator.role,
          operator.locale,
          operator.capacity,
          more.languages ?? ["ru", "en"],
          new Date(clock.now()),
        ],
      );
      return operator;
    },
    async presence(operator, status) {
      await db.tx(async (tx) => {
        await tx.query(
          `insert into presence (tenant, operator_id, status, since) values ($1, $2, $3, $4)
           on conflict (tenant, operator_id) do update set status = excluded.status`,
          [db.tenant, operator.id, status, new Date(clock.now())],
        );
        for (const run of presenceListeners) await run(tx, operator.id, status);
      });
    },
    as: (operator) => {
      const call = async (method: "GET" | "POST", url: string, payload?: object): Promise<Answer> => {
        signedIn = operator;
        const response = await app.inject({ method, url: `/api${url}`, ...(payload ? { payload } : {}) });
        return { status: response.statusCode, body: response.body === "" ? null : response.json() };
      };
      return {
        get: (url) => call("GET", url),
        post: (url, body) => call("POST", url, body),
        async attach(conversation, form) {
          signedIn = operator;
          const body = new Response(form);
          const response = await app.inject({
            method: "POST",
            url: `/api/conversations/${conversation}/media`,
            headers: { "content-type": body.headers.get("content-type")! },
            payload: Buffer.from(await body.arrayBuffer()),
          });
          return { status: response.statusCode, body: response.json() };
        },
        file: (id, headers = {}) => app.inject({ method: "GET", url: `/media/${id}`, headers }),
      };
    },
    conversations: () =>
      db.query<ConversationRow>("select * from conversation where tenant = $1 order by opened_at, id", [db.tenant]),
    messages: (conversationId) =>
      db.query<MessageRow>(
        "select * from message where tenant = $1 and ($2::uuid is null or conversation_id = $2) order by id",
        [db.tenant, conversationId ?? null],
      ),
    events: (kind) =>
      db.query("select kind, data from event where tenant = $1 and ($2::text is null or kind = $2) order by seq", [
        db.tenant,
        kind ?? null,
      ]),
  };
}

/** Empties every table the chat writes, so that each test starts from nothing. */
export async function wipe(db: Database): Promise<void> {
  await db.query(
    `truncate inbox, message, conversation, contact, contact_merge, identity, event, rating, template, alarm, send_pace, node, operator, presence,
       media, media_file`,
  );
}
