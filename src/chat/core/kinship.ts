import type { ContactId, PhoneNumber } from "#kit";

/** What is known of a contact when it seems to be the same person as another. */
export interface Known {
  contactId: ContactId;
  phones: PhoneNumber[];
}

export type Kinship =
  | { same: true; kept: ContactId; merged: ContactId }
  /** Two telephone numbers are two people until a person says otherwise. */
  | { same: false; because: "two-phones" }
  /** A person has said that they are two. */
  | { same: false; because: "parted-before" };

/**
 * Two contacts that something proves to be one person: which of them stays. The one with a telephone number does, for
 * calls and callbacks hang on it; else the older (ids grow with time). Pure.
 */
export function kinship(one: Known, other: Known, partedBefore: boolean): Kinship {
  if (partedBefore) return { same: false, because: "parted-before" };
  const hasPhone = ({ phones }: Known) => phones.length > 0;
  if (hasPhone(one) && hasPhone(other)) return { same: false, because: "two-phones" };
  const stays = hasPhone(other) || (!hasPhone(one) && other.contactId < one.contactId) ? other : one;
  const goes = stays === one ? other : one;
  return { same: true, kept: stays.contactId, merged: goes.contactId };
}
