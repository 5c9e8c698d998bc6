import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import { Agent, createServer, request, type IncomingMessage } from "node:http";
import pg from "pg";

/**
 * The yardstick: the least program that keeps the same guarantees, in raw SQL. Signature over raw bytes, inbox with
 * dedupe and group commit, order per customer, outbox marked before the request, statuses that only move forward.
 * No bot, no conversation, no events. Run by bench/main.ts.
 */
const env = process.env as Record<"DATABASE_URL" | "PORT" | "PROVIDER_URL" | "APP_SECRET", string>;
const pool = new pg.Pool({ connectionString: env.DATABASE_URL, max: 6 });
const keepAlive = new Agent({ keepAlive: true, maxSockets: 128 });

await pool.query(`
  drop table if exists bare_inbox, bare_outbox;
  create table bare_inbox (id text primary key, customer text not null, body text not null, seq bigint generated always as identity, done boolean not null default false);
  create index on bare_inbox (customer, seq) where not done;
  create table bare_outbox (id uuid primary key, customer text not null, body text not null, seq bigint generated always as identity, status text not null default 'queued', rank int not null default 0, provider_id text);
  create index on bare_outbox (seq) where status = 'queued';
  create index on bare_outbox (customer) where status in ('queued', 'sending')`);

type Inbound = { id: string; customer: string; body: string };
type Status = { id: string; rank: number };

const store = batched<Inbound>(async (items) => {
  await pool.query({
    name: "store",
    text: "insert into bare_inbox (id, customer, body) select * from unnest($1::text[], $2::text[], $3::text[]) on conflict do nothing",
    values: [items.map((item) => item.id), items.map((item) => item.customer), items.map((item) => item.body)],
  });
  work.ring();
});

const settle = batched<Status>(async (items) => {
  await pool.query({
    name: "settle",
    text: `update bare_outbox set rank = new.rank from (select id, max(rank) as rank from unnest($1::uuid[], $2::int[]) as new(id, rank) group by id) as new
           where bare_outbox.id = new.id and bare_outbox.rank < new.rank`,
    values: [items.map((item) => item.id), items.map((item) => item.rank)],
  });
});

const finish = batched<{ id: string; providerId: string }>(async (items) => {
  await pool.query({
    name: "finish",
    text: `update bare_outbox set status = 'sent', provider_id = new.provider from unnest($1::uuid[], $2::text[]) as new(id, provider) where bare_outbox.id = new.id`,
    values: [items.map((item) => item.id), items.map((item) => item.providerId)],
  });
  outbox.ring();
});

const work = loop(async () => {
  const client = await pool.connect();
  try {
    await client.query("begin");
    const { rows } = await client.query<{ customer: string }>({
      name: "lanes",
      text: `select customer from (select customer, min(seq) as first from bare_inbox where not done group by customer order by first limit 200) as lanes
             where pg_try_advisory_xact_lock(hashtextextended(customer, 0))`,
    });
    if (rows.length > 0) {
      await client.query({
        name: "drain",
        text: `with taken as (update bare_inbox set done = true where customer = any($1) and not done returning customer, body, seq)
               insert into bare_outbox (id, customer, body) select gen_random_uuid(), customer, 'echo: ' || body from taken order by seq`,
        values: [rows.map((row) => row.customer)],
      });
    }
    await client.query("commit");
    if (rows.length > 0) outbox.ring();
    return rows.length;
  } finally {
    client.release();
  }
});

let inFlight = 0;
const outbox = loop(async () => {
  if (inFlight >= 128) return 0;
  const { rows } = await pool.query<{ id: string; customer: string; body: string }>({
    name: "claim",
    text: `with head as (
             select id from bare_outbox as next where status = 'queued'
               and not exists (select 1 from bare_outbox as earlier where earlier.customer = next.customer and earlier.status in ('queued', 'sending') and earlier.seq < next.seq)
             order by seq limit $1 for update skip locked)
           update bare_outbox set status = 'sending' from head where bare_outbox.id = head.id returning bare_outbox.id, customer, body`,
    values: [128 - inFlight],
  });
  for (const row of rows) {
    inFlight++;
    void send(row)
      .then((providerId) => finish({ id: row.id, providerId }))
      .finally(() => {
        inFlight--;
        outbox.ring();
      });
  }
  return rows.length;
});

function send(row: { id: string; customer: string; body: string }): Promise<string> {
  const body = JSON.stringify({
    messaging_product: "whatsapp",
    to: `+${row.customer}`,
    type: "text",
    text: { body: row.body },
    biz_opaque_callback_data: row.id,
  });
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const out = request(
      `${env.PROVIDER_URL}/v23.0/1/messages`,
      { method: "POST", agent: keepAlive, headers },
      async (response) => resolve(JSON.parse((await read(response)).toString()).messages[0].id),
    );
    out.on("error", reject);
    out.end(body);
  });
}

createServer(async (incoming, answer) => {
  const raw = await read(incoming);
  const given = Buffer.from(String(incoming.headers["x-hub-signature-256"]).slice(7), "hex");
  const wanted = createHmac("sha256", env.APP_SECRET).update(raw).digest();
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return answer.writeHead(403).end();
  const { value } = JSON.parse(raw.toString()).entry[0].changes[0];
  const messages = (value.messages ?? []).map((message: any) =>
    store({ id: message.id, customer: message.from, body: message.text.body }),
  );
  const statuses = (value.statuses ?? []).map((status: any) =>
    settle({
      id: status.biz_opaque_callback_data ?? randomUUID(),
      rank: ["sent", "delivered", "read"].indexOf(status.status) + 1,
    }),
  );
  await Promise.all([...messages, ...statuses]);
  answer.writeHead(200).end();
}).listen(Number(env.PORT), "127.0.0.1", () => process.stdout.write("ready\n"));

async function read(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function batched<T>(run: (items: T[]) => Promise<void>): (item: T) => Promise<void> {
  let waiting: { item: T; resolve: () => void; reject: (error: unknown) => void }[] = [];
  let busy = false;
  async function flush() {
    busy = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      await run(batch.map(({ item }) => item)).then(
        () => batch.forEach(({ resolve }) => resolve()),
        (error: unknown) => batch.forEach(({ reject }) => reject(error)),
      );
    }
    busy = false;
  }
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!busy) void flush();
    });
}

function loop(step: () => Promise<number>): { ring(): void } {
  let running = false;
  let again = false;
  async function run() {
    running = true;
    do {
      again = false;
      while ((await step()) > 0);
    } while (again);
    running = false;
  }
  return {
    ring() {
      again = true;
      if (!running) void run();
    },
  };
}
