import type { ContactId, Locale } from "#kit";
import type { Tx } from "#db";
import type { Ids } from "./ids.ts";
import { findPeople, type KnownPerson } from "./people-store.ts";
import type { Changes } from "./thread.ts";

export interface Name {
  channel: string;
  address: string;
}

/** A person of this batch. */
export interface Person {
  contactId: ContactId;
  /** Names that come along are written down for this contact, so that they part with it after a merge. */
  home: ContactId;
  name: string | null;
  locale: Locale;
  isNew: boolean;
}

/** The people behind the names in one batch; whoever is unknown is created once, however often they appear. */
export interface Directory {
  find(name: Name): Person | null;
  /** This name was just given to this person. */
  assign(name: Name, person: Person): void;
  /** These contacts have just become one person, known as `kept`. */
  join(contacts: ContactId[], kept: ContactId): void;
  /** The people with these names who are known, each once. */
  everyone(names: Name[]): Person[];
  /** The person with the first known of these names, or a new one; all names are theirs from now on. */
  meet(names: Name[], told: { name: string | null; locale: Locale }): Person;
}

const keyOf = ({ channel, address }: Name) => `${channel} ${address}`;

/** Reads everybody these names may lead to in one statement. */
export async function openDirectory(tx: Tx, names: Name[], ids: Ids, changes: Changes): Promise<Directory> {
  const people = new Map<string, Person>();
  for (const known of await findPeople(tx, names)) people.set(keyOf(known), personOf(known));

  function create(told: { name: string | null; locale: Locale }): Person {
    const contactId = ids<ContactId>();
    const person = { contactId, home: contactId, name: told.name, locale: told.locale, isNew: true };
    changes.contacts.set(person.contactId, { id: person.contactId, name: told.name, locale: told.locale });
    return person;
  }

  return {
    find: (name) => people.get(keyOf(name)) ?? null,
    join(contacts, kept) {
      for (const person of people.values()) if (contacts.includes(person.contactId)) person.contactId = kept;
    },
    everyone(names) {
      const known = names.map((name) => people.get(keyOf(name))).filter((person) => person !== undefined);
      return [...new Map(known.map((person) => [person.contactId, person])).values()];
    },
    assign: (name, person) => void people.set(keyOf(name), person),
    meet(names, told) {
      const known = names.map((name) => people.get(keyOf(name))).find((person) => person !== undefined);
      const person = known ?? create(told);
      for (const name of names) {
        if (people.has(keyOf(name))) continue;
        people.set(keyOf(name), person);
        changes.identities.push({ ...name, contactId: person.home });
      }
      if (person.name === null && told.name !== null) {
        person.name = told.name;
        changes.contacts.set(person.contactId, { id: person.contactId, name: told.name, locale: person.locale });
      }
      return person;
    },
  };
}

const personOf = ({ contactId, home, name, locale }: KnownPerson): Person => ({
  contactId,
  home,
  name,
  locale,
  isNew: false,
});
