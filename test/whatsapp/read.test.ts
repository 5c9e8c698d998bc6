import { describe, expect, it } from "vitest";
import { readWebhook } from "../../src/chat/channels/whatsapp-cloud/read.ts";
import { eventsOf, readAsAddressee, recorded, webhookWith } from "./helpers.ts";

const ours = [{ phoneNumberId: "106540352242922", businessAccountId: "102290129340398" }];
const bytes = (body: unknown) => Buffer.from(JSON.stringify(body));

const kinds: Record<string, string> = {
  "message.text": "message text",
  "message.image": "message media",
  "message.media_with_url": "message media",
  "message.video": "message media",
  "message.document": "message media",
  "message.audio": "message media",
  "message.voice": "message media",
  "message.static_sticker": "message media",
  "message.animated_sticker": "message media",
  "message.reaction": "message reaction",
  "message.unreaction_empty": "message reaction",
  "message.unreaction_no_emoji": "message reaction",
  "message.current_location": "message location",
  "message.chosen_location": "message location",
  "message.contacts": "message contacts",
  "message.order": "message order",
  "message.unsupported": "message unsupported",
  "message.unsupported_with_type": "message unsupported",
  "message.reply": "message text",
  "message.forwarded": "message text",
  "message.forwarded_many_times": "message text",
  "message.interactive_message_with_err": "message unsupported",
  "message.referral": "message text",
  "callback_button.button": "message choice",
  "callback_button.quick_reply": "message choice",
  "callback_button.quick_reply_without_context": "message choice",
  "callback_selection.callback": "message choice",
  "callback_selection.description": "message choice",
  "flow_completion.completion": "message text",
  "flow_completion.without_flow_token": "message text",
  "edited_message.image": "edited media",
  "deleted_message.revoke": "deleted",
  "system.phone_number_change": "address-changed",
  "system.identity_change": "ignored",
  "message_status.sent": "status sent",
  "message_status.delivered": "status delivered",
  "message_status.read": "status read",
  "message_status.played": "status read",
  "message_status.failed": "status failed",
  "message_status.with_tracker": "status sent",
  "message_status.group": "ignored",
  "template_status_update.approved": "template-changed APPROVED",
  "template_status_update.rejected": "template-changed REJECTED",
  "template_quality_update.yellow": "template-changed QUALITY_YELLOW",
  "account_update.account_deleted": "account-trouble",
  "account_update.account_restriction": "account-trouble",
  "account_update.account_violation": "account-trouble",
  "account_update.account_offboarded": "account-trouble",
  "account_update.account_disabled": "ignored",
  "official.Text Message": "message text",
  "official.Text Message with Context (Product Inquiry)": "message text",
  "official.Text Message from Click to WhatsApp Ad": "message text",
  "official.Reaction Message": "message reaction",
  "official.Image Message": "message media",
  "official.Location Message": "message location",
  "official.Contact Sharing Message": "message contacts",
  "official.Unsupported Message": "message unsupported",
  "official.Button Message": "message choice",
  "official.Interactive List Reply Message": "message choice",
  "official.Interactive Button Reply Message": "message choice",
  "official.Order Message": "message order",
  "official.System Message": "address-changed",
};

function kindOf(event: ReturnType<typeof readAsAddressee>[number]): string {
  if (event.kind === "message" || event.kind === "edited") return `${event.kind} ${event.content.kind}`;
  if (event.kind === "status" || event.kind === "template-changed") return `${event.kind} ${event.status}`;
  return event.kind;
}

describe("reading recorded webhooks", () => {
  it.each(recorded.map(({ name, body }) => ({ name, body })))("makes one event of $name", ({ name, body }) => {
    const events = readAsAddressee(body);

    expect(events.map(kindOf)).toEqual([kinds[name] ?? "ignored"]);
    expect(events[0]!.dedupe).not.toBe("");
    expect(events[0]!.lane).not.toBe("");
  });

  it("gives a repeated webhook the same dedupe keys", () => {
    const first = recorded.flatMap(({ body }) => readAsAddressee(body).map((event) => event.dedupe));
    const second = recorded.flatMap(({ body }) => readAsAddressee(body).map((event) => event.dedupe));

    expect(second).toEqual(first);
  });
});

describe("reading a message", () => {
  it("tells who wrote, under every name the person has", () => {
    expect(eventsOf("message.text")).toEqual([
      {
        account: "1122334455667",
        lane: "972987654321",
        dedupe: "wamid.xyzxyz",
        at: 1697043223000,
        kind: "message",
        providerId: "wamid.xyzxyz",
        from: "972987654321",
        alsoKnownAs: ["US.13491208655302741918", "US.ENT.11815799212886844830"],
        phone: null,
        name: "Test Name",
        content: { kind: "text", text: "Body Text" },
        repliesTo: null,
      },
    ]);
  });

  it("reads the phone behind a WhatsApp id", () => {
    const [event] = eventsOf("official.Text Message");

    expect(event).toMatchObject({ lane: "16505551234", phone: "+16505551234", name: "Sheena Nelson" });
  });

  it("accepts a person who hides the phone number", () => {
    const message = {
      from_user_id: "US.134",
      id: "wamid.A",
      timestamp: "1749416383",
      type: "text",
      text: { body: "hi" },
    };
    const body = webhookWith({ contacts: [{ profile: { name: "Sheena" }, user_id: "US.134" }], messages: [message] });

    expect(readWebhook(bytes(body), ours)).toMatchObject([
      { lane: "US.134", from: "US.134", alsoKnownAs: [], phone: null, name: "Sheena" },
    ]);
  });

  it("never takes the card of one person for another", () => {
    const message = { from: "16505551234", id: "wamid.A", timestamp: "1749416383", type: "text", text: { body: "hi" } };
    const body = webhookWith({ contacts: [{ profile: { name: "Eve" }, wa_id: "19990000000" }], messages: [message] });

    expect(readWebhook(bytes(body), ours)).toMatchObject([{ from: "16505551234", alsoKnownAs: [], name: null }]);
  });

  it("takes the payload of a template button as the choice", () => {
    expect(eventsOf("callback_button.quick_reply")).toMatchObject([
      { content: { kind: "choice", id: "callback_data", text: "title" }, repliesTo: "wamid.xyzxyz==" },
    ]);
  });

  it("tells a voice note from an audio file", () => {
    expect(eventsOf("message.voice")).toMatchObject([{ content: { media: "voice" } }]);
    expect(eventsOf("message.audio")).toMatchObject([{ content: { media: "audio" } }]);
  });

  it("keeps the answers of a form and hides its token", () => {
    const [event] = eventsOf("flow_completion.completion");

    expect(event).toMatchObject({ content: { kind: "text" } });
    expect(JSON.stringify(event)).toContain("comment_text: Comment Text");
    expect(JSON.stringify(event)).not.toContain("flow_token");
  });

  it("names what it cannot show", () => {
    expect(eventsOf("message.unsupported_with_type")).toMatchObject([{ content: { what: "pool" } }]);
    expect(eventsOf("message.unsupported")).toMatchObject([{ content: { what: "Message type unknown" } }]);
    expect(eventsOf("message.interactive_message_with_err")).toMatchObject([{ content: { what: "interactive" } }]);
  });

  it("takes an absent emoji for a reaction taken back", () => {
    expect(eventsOf("message.unreaction_no_emoji")).toMatchObject([{ content: { kind: "reaction", emoji: "" } }]);
  });

  it("lists the phones of shared contacts", () => {
    expect(eventsOf("official.Contact Sharing Message")).toMatchObject([
      { content: { text: "Lucía Gómez, +19835552319", phones: ["+19835552319"] } },
    ]);
  });

  it("ignores messages of groups", () => {
    const message = { from: "16505551234", group_id: "G", id: "wamid.A", type: "text", text: { body: "hi" } };

    expect(readWebhook(bytes(webhookWith({ messages: [message] })), ours)).toMatchObject([{ what: "group-message" }]);
  });
});

describe("reading a change of address", () => {
  it("tells the old and the new number", () => {
    expect(eventsOf("official.System Message")).toMatchObject([
      { lane: "16505551234", from: "16505551234", to: "12195555358", phone: "+12195555358" },
    ]);
  });

  it("tells the new user id that comes with a new number", () => {
    const system = {
      type: "user_changed_number",
      body: "",
      wa_id: "12195555358",
      previous_user_id: "US.1",
      user_id: "US.2",
    };
    const message = { from: "16505551234", id: "wamid.A", timestamp: "1749416383", type: "system", system };

    expect(readWebhook(bytes(webhookWith({ messages: [message] })), ours)).toMatchObject([
      { dedupe: "wamid.A", from: "16505551234", to: "12195555358" },
      { dedupe: "wamid.A:user-id", from: "US.1", to: "US.2", phone: null },
    ]);
  });

  it("understands the separate field as well", () => {
    const value = { user_id_update: [{ user_id: { previous: "US.1", current: "US.2" }, timestamp: 1749416383 }] };
    const body = {
      object: "whatsapp_business_account",
      entry: [{ id: "1", changes: [{ field: "user_id_update", value }] }],
    };

    expect(readWebhook(bytes(body), ours)).toMatchObject([{ kind: "address-changed", from: "US.1", to: "US.2" }]);
  });
});

describe("reading a status", () => {
  it("puts it in the lane of the person who got the message", () => {
    expect(eventsOf("message_status.delivered")).toMatchObject([
      { lane: "972987654321", dedupe: "wamid.xyzxyz:delivered:972987654321", messageId: null, refusal: null },
    ]);
  });

  it("gives our own id back and only ours", () => {
    const status = { id: "wamid.A", status: "sent", timestamp: "1749416383", recipient_user_id: "US.134" };
    const id = "01935a3c-0000-7000-8000-000000000001";
    const read = (echo: string) =>
      readWebhook(bytes(webhookWith({ statuses: [{ ...status, biz_opaque_callback_data: echo }] })), ours);

    expect(read(id)).toMatchObject([{ lane: "US.134", messageId: id }]);
    expect(read("campaign 7")).toMatchObject([{ messageId: null }]);
  });

  it("says why a message failed", () => {
    expect(eventsOf("message_status.failed")).toMatchObject([
      { status: "failed", refusal: { because: "not-now", code: "130472" } },
    ]);
  });
});

const readError = (code: number) => readWebhook(bytes(webhookWith({ errors: [{ code, title: "t" }] })), ours);

describe("reading news about the account", () => {
  it("keeps name, language, category and reason of a template", () => {
    expect(eventsOf("template_status_update.rejected")).toMatchObject([
      {
        name: "abandoned_cart",
        language: "en",
        category: "MARKETING",
        reason: expect.stringContaining("Your template"),
      },
    ]);
    expect(eventsOf("template_status_update.approved")).toMatchObject([{ reason: null }]);
  });

  it("names the restrictions", () => {
    expect(eventsOf("account_update.account_restriction")).toMatchObject([
      { code: "ACCOUNT_RESTRICTION", words: expect.stringContaining("RESTRICTED_BIZ_INITIATED_MESSAGING") },
    ]);
  });

  it("raises trouble for account errors and not for passing ones", () => {
    expect(readError(131042)).toMatchObject([{ kind: "account-trouble", code: "131042" }]);
    expect(readError(131000)).toMatchObject([{ kind: "ignored", what: "error 131000" }]);
  });

  it("leaves other accounts and other numbers alone", () => {
    const others = { phoneNumberId: "1", businessAccountId: "2" };

    for (const { body } of recorded) {
      const events = readWebhook(bytes(body), [others])!;
      expect(events.map((event) => event.kind)).toEqual(["ignored"]);
    }
  });
});

describe("reading bad input", () => {
  it.each(["", "{", "null", "[]", "7", '{"object":"page","entry":[]}', '{"object":"whatsapp_business_account"}'])(
    "says of %j that it is not Meta's",
    (text) => {
      expect(readWebhook(Buffer.from(text), ours)).toBeNull();
    },
  );

  it("lets one bad item spoil only itself", () => {
    const good = { from: "16505551234", id: "wamid.A", timestamp: "1749416383", type: "text", text: { body: "hi" } };
    const messages = [null, 7, {}, { id: 5, type: "text" }, good, { ...good, id: "wamid.B", text: "not an object" }];

    const events = readWebhook(
      bytes(webhookWith({ messages, statuses: [{ id: "wamid.C", status: "dreamt" }] })),
      ours,
    )!;

    expect(events.map(kindOf)).toEqual([
      "ignored",
      "ignored",
      "ignored",
      "ignored",
      "message text",
      "message unsupported",
      "ignored",
    ]);
  });

  it("survives any shape at any depth", () => {
    const junk = [null, true, 7, "x", [], {}, [[]], [{}], { messages: 5 }];

    for (const entry of junk) {
      expect(readWebhook(bytes({ object: "whatsapp_business_account", entry: [entry] }), ours)).not.toBeNull();
      const changes = [{ field: "messages", value: entry }, entry, { field: "account_update", value: entry }];
      const body = { object: "whatsapp_business_account", entry: [{ id: "1", changes }] };
      expect(readWebhook(bytes(body), ours)!.every((event) => event.kind === "ignored")).toBe(true);
    }
  });

  it("replaces characters the database cannot hold", () => {
    const message = { from: "16505551234", id: "wamid.A", type: "text", text: { body: "a\u0000b\ud800" } };

    expect(readWebhook(bytes(webhookWith({ messages: [message] })), ours)).toMatchObject([
      { content: { text: "a\ufffdb\ufffd" }, at: 0 },
    ]);
  });
});
