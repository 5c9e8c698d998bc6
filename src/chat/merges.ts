import { recordEvents, type Tx } from "#db";
import { newId, type ContactId, type Instant, type OperatorId } from "#kit";
import { kinship } from "./core/kinship.ts";
import {
  insertMerge,
  lockContacts,
  phonesOf,
  returnConversations,
  takeMerge,
  undoMerge,
  wereParted,
} from "./merge-store.ts";

/** Why two contacts are one person. */
export type MergeReason =
  /** One message of the provider carried both names. */
  | "named-together"
  /** Somebody answered a message that was sent to the other. */
  | "answered-invite"
  /** An operator said so. */
  | "by-hand";

interface Wish {
  one: ContactId;
  other: ContactId;
  because: MergeReason;
  operatorId: OperatorId | null;
  at: Instant;
}

/** Makes one person of two; the contact that stays, or null when they are to stay apart. */
export async function mergeIfSame(tx: Tx, wish: Wish): Promise<ContactId | null> {
  const [one, other] = await peopleOf(tx, [wish.one, wish.other]);
  if (one === other) return one!;
  const known = await phonesOf(tx, [one!, other!]);
  const of = (person: ContactId) => known.find(({ contactId }) => contactId === person)!;
  const verdict = kinship(of(one!), of(other!), await wereParted(tx, one!, other!));
  if (!verdict.same) return null;
  await merge(tx, { ...wish, ...verdict });
  return verdict.kept;
}

/** As an operator wishes, whatever the numbers say: `one` stays. Null when they are one person already. */
export async function mergeByHand(tx: Tx, wish: Omit<Wish, "because">): Promise<string | null> {
  const [kept, merged] = await peopleOf(tx, [wish.one, wish.other]);
  if (kept === merged) return null;
  return merge(tx, { ...wish, kept: kept!, merged: merged!, because: "by-hand" });
}

async function merge(
  tx: Tx,
  { kept, merged, because, operatorId, at }: Omit<Wish, "one" | "other"> & { kept: ContactId; merged: ContactId },
): Promise<string> {
  const id = newId(at);
  await insertMerge(tx, { id, kept, merged, because, operatorId, at });
  await recordEvents(tx, [
    { at, kind: "contact.merged", contactId: kept, operatorId, data: { merge: id, merged, because } },
  ]);
  return id;
}

export type Undone = "done" | "not-found" | "undone-before" | "merged-further";

/** Takes a merge back: both contacts are as they were, and each has the conversations held at its addresses. */
export async function undo(tx: Tx, id: string, operatorId: OperatorId, at: Instant): Promise<Undone> {
  const merge = await takeMerge(tx, id);
  if (!merge) return "not-found";
  if (merge.undoneAt !== null) return "undone-before";
  const { kept, merged, brought } = merge;
  const contacts = await lockContacts(tx, [kept, merged, ...brought]);
  if (contacts.some(({ id: contact, mergedInto }) => mergedInto !== (contact === kept ? null : kept)))
    return "merged-further";
  await undoMerge(tx, merge, operatorId, at);
  await returnConversations(tx, kept, [merged, ...brought]);
  await recordEvents(tx, [
    { at, kind: "contact.parted", contactId: kept, operatorId, data: { merge: id, parted: merged } },
  ]);
  return "done";
}

/** The people these contacts belong to, locked: nobody merges or parts them meanwhile. */
async function peopleOf(tx: Tx, contacts: ContactId[]): Promise<ContactId[]> {
  const locked = await lockContacts(tx, contacts);
  return contacts.map((contact) => {
    const row = locked.find(({ id }) => id === contact);
    return row?.mergedInto ?? contact;
  });
}
