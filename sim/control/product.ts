import type { JsonObject } from "#kit";
import type { Leg, StepLine, TableRows } from "./state.ts";

/** What the product tells a supervisor about one call: the same API that its own pages use. */
export interface Story {
  conversationId: string | null;
  steps: StepLine[];
  database: TableRows[];
}

interface StoryAnswer {
  conversationId: string | null;
  events: { seq: number; at: string; kind: string; data: JsonObject }[];
  rows: TableRows[];
}

export interface Account {
  email: string;
  password: string;
}

export interface Product {
  /** The story of the call the telephone provider knows by this id; empty before the product heard of it. */
  story(providerCall: string): Promise<Story>;
  /** Names of the operators who are online. */
  onShift(): Promise<string[]>;
  /** The name of the operator who has this conversation; null while nobody does. */
  operatorOf(conversationId: string): Promise<string | null>;
  /** A link that takes this customer into another messenger; null when none can be made. */
  linkInto(conversationId: string, channel: string): Promise<string | null>;
  /** Signs in and answers the session cookie as the browser must keep it. */
  signIn(account: Account): Promise<string>;
  /** A state-changing request as this account. Answers the status. */
  act(account: Account, method: "POST" | "PUT" | "DELETE", path: string, body?: object): Promise<number>;
}

const NOTHING: Story = { conversationId: null, steps: [], database: [] };

/** Talks to the product's public API, as any client would. */
export function createProduct(url: string, supervisor: Account): Product {
  const cookies = new Map<string, Promise<string>>();

  const send = (method: string, path: string, body?: object, cookie?: string) =>
    fetch(`${url}${path}`, {
      method,
      headers: {
        "x-detour": "1",
        ...(body ? { "content-type": "application/json" } : {}),
        ...(cookie ? { cookie } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(5000),
    });

  async function signIn({ email, password }: Account): Promise<string> {
    const response = await send("POST", "/api/session", { email, password });
    const cookie = response.headers.get("set-cookie");
    if (!response.ok || !cookie) throw new Error(`The product refused to sign ${email} in (${response.status}).`);
    return cookie;
  }

  /** One session per account, made again when the product no longer knows it. */
  async function as(account: Account, method: string, path: string, body?: object): Promise<Response> {
    const session = () => {
      if (!cookies.has(account.email))
        cookies.set(
          account.email,
          signIn(account).then((cookie) => cookie.split(";")[0]!),
        );
      return cookies.get(account.email)!;
    };
    const response = await send(method, path, body, await session());
    if (response.status !== 401) return response;
    cookies.delete(account.email);
    return send(method, path, body, await session());
  }

  return {
    signIn,
    async onShift() {
      const response = await as(supervisor, "GET", "/api/operators");
      const { operators } = (await response.json()) as { operators: { name: string; presence: { status: string } }[] };
      return operators.filter(({ presence }) => presence.status === "online").map(({ name }) => name);
    },
    async operatorOf(conversationId) {
      const response = await as(supervisor, "GET", `/api/conversations/${conversationId}`);
      if (!response.ok) return null;
      const { conversation } = (await response.json()) as { conversation: { operator: { name: string } | null } };
      return conversation.operator?.name ?? null;
    },
    async linkInto(conversationId, channel) {
      const response = await as(supervisor, "POST", `/api/conversations/${conversationId}/links`, { channel });
      return response.ok ? ((await response.json()) as { url: string }).url : null;
    },
    act: async (account, method, path, body) => (await as(account, method, path, body)).status,
    async story(providerCall) {
      const response = await as(supervisor, "GET", `/api/stories/${providerCall}`);
      if (!response.ok) return NOTHING;
      const { conversationId, events, rows } = (await response.json()) as StoryAnswer;
      return { conversationId, database: rows, steps: events.map(toStep) };
    },
  };
}

const toStep = ({ seq, at, kind, data }: StoryAnswer["events"][number]): StepLine => ({
  id: String(seq),
  at: Date.parse(at) as StepLine["at"],
  kind,
  leg: legOf(kind),
  data,
});

const LEGS: [Leg, RegExp][] = [
  ["operator", /^(chat\.(assigned|operator|closed)|call\.connected|rating)/],
  ["bot", /^(bot|chat)\./],
  ["whatsapp", /^(deflection|reach|invite|message|media)\./],
];

const legOf = (kind: string): Leg => LEGS.find(([, pattern]) => pattern.test(kind))?.[0] ?? "voice";
