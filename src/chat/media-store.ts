import { storableText, unreachable, type Instant, type MediaId, type MessageId } from "#kit";
import { recordEvents, type Queries, type Tx } from "#db";
import type { MediaKind } from "./channel.ts";
import { step, type Media, type MediaEvent } from "./core/media.ts";
import type { NewMedia } from "./thread.ts";

/** A file of a message as it is stored. */
export interface MediaRow extends Omit<NewMedia, "state"> {
  state: Media;
}

/** The columns a state is kept in. */
interface StateColumns {
  at: Media["at"];
  because: string | null;
  tries: number;
  dueAt: Instant | null;
  sha256: string | null;
  size: number | null;
  type: string | null;
}

const EMPTY: Omit<StateColumns, "at"> = { because: null, tries: 0, dueAt: null, sha256: null, size: null, type: null };

function columnsOf(state: Media): StateColumns {
  switch (state.at) {
    case "wanted":
    case "fetching":
      return { ...EMPTY, at: state.at, tries: state.tries, dueAt: state.dueAt };
    case "stored":
      return { ...EMPTY, at: state.at, ...state.file };
    case "failed":
      return { ...EMPTY, at: state.at, because: state.because };
    case "expired":
    case "withdrawn":
      return { ...EMPTY, at: state.at };
    default:
      return unreachable(state);
  }
}

function stateOf({ at, because, tries, dueAt, sha256, size, type }: StateColumns): Media {
  switch (at) {
    case "wanted":
    case "fetching":
      return { at, tries, dueAt: dueAt! };
    case "stored":
      return { at, file: { sha256: sha256!, size: size!, type: type! } };
    case "failed":
      return { at, because: because as Extract<Media, { at: "failed" }>["because"] };
    case "expired":
    case "withdrawn":
      return { at };
    default:
      return unreachable(at);
  }
}

const iso = (at: Instant | null) => (at === null ? null : new Date(at).toISOString());

/** A message that turned out to be a repeat was not written, and neither is its file. */
const INSERT = `
  insert into media (tenant, id, message_id, conversation_id, direction, kind, channel, account, file_id, file_name, at, tries, due_at,
    sha256, size, type, created_at)
  select $1, t.id, t."messageId", t."conversationId", t.direction, t.kind, t.channel, t.account, t."fileId", t."fileName", t.at, t.tries,
    t."dueAt", t.sha256, t.size, t.type, $3
  from jsonb_to_recordset($2::jsonb) as t (id uuid, "messageId" uuid, "conversationId" uuid, direction text, kind text, channel text,
    account text, "fileId" text, "fileName" text, at text, tries int, "dueAt" timestamptz, sha256 text, size bigint, type text)
  where exists (select 1 from message m where m.tenant = $1 and m.id = t."messageId")
  on conflict do nothing`;

/** Adds the files of messages that were just written. */
export async function insertMedia(tx: Tx, media: NewMedia[], now: Instant): Promise<void> {
  if (media.length === 0) return;
  const rows = media.map(({ state, ...row }) => {
    const columns = columnsOf(state);
    return { ...row, ...columns, dueAt: iso(columns.dueAt) };
  });
  await tx.query(INSERT, [tx.tenant, storableText(rows), new Date(now)]);
}

const ROW = `
  id, message_id as "messageId", conversation_id as "conversationId", direction, kind, channel, account, file_id as "fileId",
  file_name as "fileName", at, because, tries, due_at as "dueAt", sha256, size, type`;

type Raw = Omit<MediaRow, "state"> & StateColumns;

function rowOf({ at, because, tries, dueAt, sha256, size, type, ...row }: Raw): MediaRow {
  return { ...row, state: stateOf({ at, because, tries, dueAt, sha256, size, type }) };
}

/** One file as it is, not locked. */
export async function readMedia(queries: Queries, id: MediaId): Promise<MediaRow | null> {
  const [raw] = await queries.query<Raw>(`select ${ROW} from media where tenant = $1 and id = $2`, [
    queries.tenant,
    id,
  ]);
  return raw ? rowOf(raw) : null;
}

/** One file, locked. */
export async function takeMedia(tx: Tx, id: MediaId): Promise<MediaRow | null> {
  const [raw] = await tx.query<Raw>(`select ${ROW} from media where tenant = $1 and id = $2 for update`, [
    tx.tenant,
    id,
  ]);
  return raw ? rowOf(raw) : null;
}

/** The file of a message, locked. */
export async function takeMediaOf(tx: Tx, messageId: MessageId): Promise<MediaRow | null> {
  const [raw] = await tx.query<Raw>(`select ${ROW} from media where tenant = $1 and message_id = $2 for update`, [
    tx.tenant,
    messageId,
  ]);
  return raw ? rowOf(raw) : null;
}

const DUE = `
  select ${ROW} from media m
  where m.tenant = $1 and (
    (m.due_at <= $2 and m.at = 'wanted')
    or (m.at = 'fetching' and (m.due_at <= $2 or (m.claimed_by <> $4 and not exists (
      select 1 from node n where n.tenant = $1 and n.id = m.claimed_by and n.seen_at > $3)))))
    and m.due_at is not null
  order by m.due_at, m.id limit $5
  for update of m skip locked`;

/** Files to be fetched now, and those whose try counts as lost; locked. What this process fetches is its own business. */
export const takeDueMedia = async (
  tx: Tx,
  { now, aliveSince, epoch, most }: { now: Instant; aliveSince: Instant; epoch: string; most: number },
): Promise<MediaRow[]> =>
  (await tx.query<Raw>(DUE, [tx.tenant, new Date(now), new Date(aliveSince), epoch, most])).map(rowOf);

/** When the next file falls due. */
export async function nextMediaDue(queries: Queries): Promise<Instant | null> {
  const [row] = await queries.query<{ at: Instant | null }>(
    "select min(due_at) as at from media where tenant = $1 and due_at is not null",
    [queries.tenant],
  );
  return row?.at ?? null;
}

const KEPT = `select ${ROW} from media where tenant = $1 and at = 'stored' and created_at < $2 order by created_at limit $3 for update skip locked`;

/** Files that came before a moment and are still kept, oldest first; locked. */
export const takeKeptBefore = async (tx: Tx, before: Instant, most: number): Promise<MediaRow[]> =>
  (await tx.query<Raw>(KEPT, [tx.tenant, new Date(before), most])).map(rowOf);

const UPDATE = `
  update media m set at = t.at, because = t.because, tries = t.tries, due_at = t."dueAt", sha256 = t.sha256, size = t.size, type = t.type,
    claimed_by = case when t.at = 'fetching' then $3::uuid end
  from jsonb_to_recordset($2::jsonb) as t (id uuid, at text, because text, tries int, "dueAt" timestamptz, sha256 text, size bigint, type text)
  where m.tenant = $1 and m.id = t.id`;

/** Tells locked files what happened, and saves what follows from it. Answers them as they are now. */
export async function tellMedia(
  tx: Tx,
  told: { row: MediaRow; event: MediaEvent }[],
  { now, by = null }: { now: Instant; /** The process that fetches. */ by?: string | null },
): Promise<MediaRow[]> {
  const steps = told.map(({ row, event }) => ({ row, next: step(row.state, event) }));
  const changed = steps.filter(({ row, next }) => next.state !== row.state);
  if (changed.length > 0) {
    const rows = changed.map(({ row, next }) => {
      const columns = columnsOf(next.state);
      return { id: row.id, ...columns, dueAt: iso(columns.dueAt) };
    });
    await tx.query(UPDATE, [tx.tenant, JSON.stringify(rows), by]);
  }
  await recordEvents(
    tx,
    steps.flatMap(({ row, next: { record } }) =>
      record === null
        ? []
        : [
            {
              at: now,
              kind: record.kind,
              conversationId: row.conversationId,
              data: { mediaId: row.id, ...record.data },
            },
          ],
    ),
  );
  return steps.map(({ row, next }) => ({ ...row, state: next.state }));
}

/** Another file in the place of the one a message had. */
export async function replaceMedia(
  tx: Tx,
  id: MediaId,
  { fileId, fileName, kind, state }: { fileId: string; fileName: string | null; kind: MediaKind; state: Media },
): Promise<void> {
  const columns = columnsOf(state);
  await tx.query(
    `update media set file_id = $3, file_name = $4, kind = $5, at = $6, because = $7, tries = $8, due_at = $9, sha256 = null, size = null,
       type = null, claimed_by = null
     where tenant = $1 and id = $2`,
    [tx.tenant, id, fileId, fileName, kind, columns.at, columns.because, columns.tries, iso(columns.dueAt)],
  );
}
