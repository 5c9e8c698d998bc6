import type { BinaryNode } from "@whiskeysockets/baileys";
import { bytesIn, child, children, errorOf, node, resultOf } from "./nodes.ts";
import { lidOf, personBehind, pn, type Person, type World } from "./world.ts";

/** Answers `usync`: who is on WhatsApp, on which devices, under which hidden name. Null: no answer at all. */
export function answerLookup(world: World, query: BinaryNode): BinaryNode | "cut" | null {
  const usync = child(query, "usync");
  const users = children(child(usync, "list") ?? node("list"));
  const asked = children(child(usync, "query") ?? node("query")).map(({ tag }) => tag);
  const isCheck = asked.includes("contact");
  if (isCheck) for (const user of users) note(world, user);
  const { answer } = world.faults.lookups;
  if (isCheck && answer === "silence") return null;
  if (isCheck && answer === "cut") return "cut";
  if (isCheck && answer === "rate-overlimit") return errorOf(query, 429, "rate-overlimit");
  const listed = users.map((user) => describe(world, user, asked));
  const outcome = isCheck && answer === "inner-error" ? [innerError()] : [];
  return resultOf(query, node("usync", {}, [...outcome, node("list", {}, outcome.length > 0 ? [] : listed)]));
}

const innerError = () =>
  node("result", {}, [node("contact", {}, [node("error", { code: "429", text: "rate-overlimit", backoff: "3600" })])]);

const numberAsked = (user: BinaryNode) => bytesIn(user, "contact").toString().replace(/^\+/, "");

function note({ seen, clock }: World, user: BinaryNode): void {
  seen.lookups.push({ number: numberAsked(user), at: clock.now() });
}

function describe(world: World, user: BinaryNode, asked: string[]): BinaryNode {
  if (asked.includes("contact")) return describeContact(world, numberAsked(user));
  const { jid } = user.attrs;
  const person = personBehind(world, jid);
  const parts = person?.registered ? asked.flatMap((what) => describePart(world, person, jid!, what)) : [];
  return node("user", { jid: jid! }, parts);
}

function describeContact(world: World, number: string): BinaryNode {
  const person = world.people.get(number);
  const isIn = person?.registered === true && world.faults.lookups.answer !== "empty";
  return node("user", { jid: pn(number) }, [node("contact", { type: isIn ? "in" : "out" })]);
}

function describePart(world: World, person: Person, jid: string, what: string): BinaryNode[] {
  if (what === "lid") return jid.endsWith("@lid") ? [] : [node("lid", { val: lidOf(person.lid) })];
  if (what !== "devices") return [];
  const linked = world.devices.filter(({ account }) => account === person).map(({ index }) => index);
  const list = [0, ...linked].map((id) => node("device", { id: String(id), "key-index": String(id) }));
  return [node("devices", {}, [node("device-list", {}, list)])];
}
