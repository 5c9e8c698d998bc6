import type { Instant, Locale } from "#kit";
import type { Queries } from "#db";
import type { ChannelEvent } from "./channel.ts";

type TemplateNews = Extract<ChannelEvent, { kind: "template-changed" }>;

const USABLE = new Set(["APPROVED", "UNKNOWN"]);

/** News such as `QUALITY_YELLOW` and `CATEGORY_CHANGED` leave the status as it is. */
const LEARN = `
  insert into template (tenant, channel, account, name, language, status, category, body, variables, updated_at)
  values ($1, $2, $3, $4, $5, case when $8 then 'UNKNOWN' else $6 end, coalesce($7, 'UNKNOWN'), '', 0, $9)
  on conflict (tenant, channel, account, name, language) do update set
    status = case when $8 then template.status else excluded.status end,
    category = coalesce($7, template.category), updated_at = excluded.updated_at
  where template.updated_at <= excluded.updated_at`;

/** Keeps what the provider says about a template; older news than known change nothing. */
export async function learnTemplate(queries: Queries, channel: string, news: TemplateNews, at: Instant): Promise<void> {
  const leavesStatus = /^(QUALITY_|CATEGORY_)/.test(news.status);
  const told = [news.account, news.name, news.language, news.status, news.category, leavesStatus, new Date(at)];
  await queries.query(LEARN, [queries.tenant, channel, ...told]);
}

/** False when the provider has taken the template away; one it never spoke about is tried. */
export async function isUsable(
  queries: Queries,
  template: { channel: string; account: string; name: string; locale: Locale },
): Promise<boolean> {
  const [row] = await queries.query<{ status: string }>(
    "select status from template where tenant = $1 and channel = $2 and account = $3 and name = $4 and language = $5",
    [queries.tenant, template.channel, template.account, template.name, template.locale],
  );
  return row === undefined || USABLE.has(row.status);
}
