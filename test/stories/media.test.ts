import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MOBILE, operator, type Worker } from "../support/people.ts";
import { photo, receipt, voice } from "../support/samples.ts";
import { createWorld, type World } from "../support/world.ts";

const WA_ID = MOBILE.slice(1);

interface File {
  id: string;
  kind: string;
  at: string;
  because: string | null;
  caption: string;
  showable: boolean;
}

describe("files in the chat", () => {
  let world: World;
  let olga: Worker;
  beforeEach(async () => {
    world = await createWorld();
    olga = await operator(world);
  });
  afterEach(() => world.close());

  const customer = () => world.whatsapp.customer(WA_ID);

  async function conversationId(): Promise<string> {
    const [row] = await world.db.query<{ id: string }>("select id from conversation");
    return row!.id;
  }

  /** What the operator sees of the customer's messages. */
  async function seen() {
    const path = `/api/conversations/${await conversationId()}`;
    const { body } = await olga.request<{ messages: { author: string; text: string; file: File | null }[] }>(
      "GET",
      path,
    );
    return body.messages.filter(({ author }) => author === "customer");
  }

  it("DM-12 a customer's picture, voice note and document appear at the operator's", async () => {
    const sent = [
      { kind: "image", file: { bytes: photo, mimeType: "image/jpeg", caption: "Помяли коробку" } },
      { kind: "audio", file: { bytes: voice, mimeType: "audio/ogg; codecs=opus", voice: true } },
      { kind: "document", file: { bytes: receipt, mimeType: "application/pdf", filename: "чек.pdf" } },
    ] as const;
    for (const { kind, file } of sent) customer().sendMedia(kind, file);
    await world.advance(10_000);

    const messages = await seen();
    expect(messages.map(({ text, file }) => [text, file?.kind, file?.at, file?.showable])).toEqual([
      ["Фото: Помяли коробку", "image", "stored", true],
      ["Голосовое сообщение", "voice", "stored", true],
      ["Документ", "document", "stored", false],
    ]);
    for (const [index, message] of messages.entries()) {
      const answer = await olga.file(message.file!.id);
      expect(Buffer.from(await answer.arrayBuffer())).toEqual(sent[index]!.file.bytes);
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
      expect(answer.headers.get("content-security-policy")).toBe("default-src 'none'; sandbox");
    }
  });

  it("DM-12 an operator's picture, voice note and document appear at the customer's", async () => {
    customer().write("оператор");
    await world.advance(10_000);
    const files = [
      { bytes: photo, name: "ящик.jpg", text: "Такой?" },
      { bytes: voice, name: "note.ogg" },
      { bytes: receipt, name: "чек.pdf", text: "Чек" },
    ];
    for (const file of files) expect((await olga.attach(await conversationId(), file)).status).toBe(202);
    await world.advance(10_000);

    const got = customer().inbox.filter(({ file }) => file !== null);
    expect(got.map(({ kind, text, status, file }) => [kind, text, status, file!.mimeType, file!.name])).toEqual([
      ["image", "Такой?", "delivered", "image/jpeg", null],
      ["audio", "", "delivered", "audio/ogg; codecs=opus", null],
      ["document", "Чек", "delivered", "application/pdf", "чек.pdf"],
    ]);
    expect(got.map(({ file }) => world.whatsapp.file(file!.id)!.bytes)).toEqual([photo, voice, receipt]);
  });

  it("DM-12 a file that cannot be fetched shows a placeholder with its reason and comes when asked for again; the text is never lost", async () => {
    world.whatsapp.faults.media.gone = true;
    customer().sendMedia("image", { bytes: photo, mimeType: "image/jpeg", caption: "Помяли коробку, что делать?" });
    await world.advance(10_000);
    const [message] = await seen();
    expect(message).toMatchObject({
      text: "Фото: Помяли коробку, что делать?",
      file: { at: "failed", because: "gone", caption: "Помяли коробку, что делать?" },
    });
    expect((await olga.file(message!.file!.id)).status).toBe(404);

    world.whatsapp.clearFaults();
    const again = `/api/conversations/${await conversationId()}/media/${message!.file!.id}/fetch`;
    expect((await olga.request("POST", again)).status).toBe(204);
    await world.advance(5_000);

    const [now] = await seen();
    expect(now).toMatchObject({ text: message!.text, file: { at: "stored" } });
    expect(Buffer.from(await (await olga.file(now!.file!.id)).arrayBuffer())).toEqual(photo);
  });

  it("DM-12 files come by themselves after trouble: failures, stale addresses, broken transfers, wrong bytes", async () => {
    const troubles = [{ status: 500 }, { staleAddresses: true }, { cut: true }, { garbled: true }] as const;
    for (const trouble of troubles) {
      Object.assign(world.whatsapp.faults.media, trouble);
      customer().sendMedia("document", { bytes: receipt, mimeType: "application/pdf", caption: "чек" });
      await world.advance(4_000);
      expect((await seen()).at(-1)).toMatchObject({ text: "Документ: чек", file: { at: "wanted" } });
      world.whatsapp.clearFaults();
    }
    await world.advance(60_000);

    expect((await seen()).map(({ text, file }) => [text, file!.at])).toEqual(
      troubles.map(() => ["Документ: чек", "stored"]),
    );
    expect(await world.db.query("select count(*)::int as n from media_file")).toEqual([{ n: 1 }]);
  });

  it("DM-12 a file goes out once although the line breaks while it is given to WhatsApp", async () => {
    customer().write("оператор");
    await world.advance(10_000);
    world.whatsapp.faults.api.cutBeforeAccept = true;
    await olga.attach(await conversationId(), { bytes: photo, name: "a.jpg" });
    await world.advance(3_000);
    world.whatsapp.clearFaults();
    await world.advance(60_000);

    expect(customer().inbox.filter(({ kind }) => kind === "image")).toHaveLength(1);
  });

  it("DM-12 nobody sees a file without being signed in, and other pages cannot ask for one to be sent", async () => {
    customer().sendMedia("image", { bytes: photo, mimeType: "image/jpeg" });
    await world.advance(10_000);
    const [message] = await seen();
    const answer = await fetch(`${world.detour.url}/media/${message!.file!.id}`);
    const form = new FormData();
    form.append("file", new Blob(["x"]), "x.txt");
    const foreign = await fetch(`${world.detour.url}/api/conversations/${await conversationId()}/media`, {
      method: "POST",
      body: form,
    });

    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([401, "not_signed_in"]);
    expect([foreign.status, ((await foreign.json()) as { code: string }).code]).toEqual([403, "foreign_request"]);
  });
});
