import { millis } from "#kit";
import type { Instant } from "#kit";
import { statusBody } from "./bodies.ts";
import { isMissing } from "./faults.ts";
import { personOf } from "./world.ts";
import type { Accepted, ChatMessage, Person, World } from "./world.ts";

const NOT_ON_WHATSAPP = 131026;

/** Lets an accepted message take its way: `sent`, `delivered` and perhaps `read`, or `failed`. */
export function schedule(world: World, person: Person, accepted: Accepted): void {
  const { clock, latencies, faults } = world;
  const missing = isMissing(faults, person.waId);
  if (missing) {
    clock.after(millis(latencies.failed), () => report(world, accepted, "failed", NOT_ON_WHATSAPP));
    return;
  }
  clock.after(millis(latencies.sent), () => report(world, accepted, "sent"));
  clock.after(millis(latencies.delivered), () => {
    if (!faults.neverDelivered) deliver(world, accepted);
  });
}

/** The message appears on the customer's phone. Harmless when it is there already. */
export function deliver(world: World, accepted: Accepted): void {
  if (accepted.statuses.includes("delivered")) return;
  const person = personOf(world, accepted.waId);
  person.messages.push(bubbleOf(accepted, world.clock.now()));
  report(world, accepted, "delivered");
  const { read } = world.latencies;
  if (read !== null) world.clock.after(millis(read), () => readOne(world, accepted));
  world.changed(person);
}

/** The customer has the message on the screen. */
export function readOne(world: World, accepted: Accepted): void {
  if (accepted.statuses.includes("read")) return;
  report(world, accepted, "read");
}

/** Tells the application how far a message has come; `code` explains a failure. */
export function report(world: World, accepted: Accepted, status: Accepted["statuses"][number], code = 131000): void {
  const person = personOf(world, accepted.waId);
  const body = statusBody(world.account, person, accepted, status, world.clock.now(), code);
  accepted.statuses.push(status);
  const bubble = person.messages.find(({ id }) => id === accepted.id);
  if (bubble) bubble.status = status;
  world.courier.send(status, body);
  world.changed(person);
}

const bubbleOf = ({ id, body, shown }: Accepted, at: Instant): ChatMessage => ({
  id,
  from: "business",
  kind: body.type ?? "text",
  ...shown,
  at,
  status: "delivered",
  repliesTo: body.context?.message_id ?? null,
});
