import type { CommitLevel } from "../../src/router/core/deflection.ts";
import type { Counts } from "./counts.ts";
import type { Live } from "./live.ts";

/** After everything has happened: nobody may be left over. */
export function judge(live: Live, counts: Counts, commitLevel: CommitLevel): void {
  const { saved } = live;
  if (live.at !== "away" || saved.status !== "ended") counts.lostPlaces++;
  if (live.endedBy === "us") judgeHangUp(live, counts, commitLevel);
  if (live.endedBy !== "caller") return;
  const trusted = saved.deflection?.at === "gone" || saved.deflection?.at === "checking";
  if (trusted) counts.goneToChat++;
  else counts.abandoned++;
  if (trusted && live.message === "failed" && live.failureTold && saved.owed.length === 0) counts.forgotten++;
  if (saved.deflection?.at === "checking") counts.forgotten++;
}

function judgeHangUp(live: Live, counts: Counts, commitLevel: CommitLevel) {
  if (live.promised && live.saved.owed.length === 0) counts.forgotten++;
  if (live.promised) return;
  const enough =
    live.atHangUp === "delivered" || (commitLevel === "sent" && live.atHangUp === "sent" && live.message !== "failed");
  if (enough) return;
  counts.wrongHangUps++;
  if (live.failureTold && live.saved.owed.length === 0) counts.forgotten++;
}
