import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hours, minutes, type MediaId, type MessageId } from "#kit";
import type { FetchOutcome, MediaKind, OutboundMessage } from "../../src/chat/channel.ts";
import spec from "../fixtures/specs/whatsapp/media.openapi.json" with { type: "json" };
import { photo, receipt, voice } from "../support/samples.ts";
import { validateSend, validateWebhook } from "../support/whatsapp-spec.ts";
import { connect, createStand, credentials, phone, type Stand } from "./stand.ts";

let stand: Stand;
beforeEach(async () => void (stand = await createStand()));
afterEach(() => stand.close());

const LARGE = 1024 * 1024;
const fetchFile = (fileId: string, mostBytes = LARGE, account = credentials.phoneNumberId): Promise<FetchOutcome> =>
  stand.channel.media!.fetch(account, fileId, { mostBytes, signal: new AbortController().signal });

/** What the application asked Meta's side for, in order. */
const asked = () =>
  stand.whatsapp.journal.entries
    .filter(({ from }) => from === "detour")
    .map(({ method, path }) => `${method} ${path.split("?")[0]}`);

/** A picture of a customer, as the application heard of it. */
async function fromCustomer(bytes = photo): Promise<string> {
  stand.whatsapp.customer(phone).sendMedia("image", { bytes, mimeType: "image/jpeg", caption: "коробка" });
  await stand.pass(100);
  const event = stand.events.findLast((one) => one.kind === "message");
  if (event?.kind !== "message" || event.content.kind !== "media") throw new Error("No file was heard of.");
  return event.content.fileId;
}

describe("a customer's file", () => {
  it("is asked for by its id, then fetched from the address in the answer with the token", async () => {
    const fileId = await fromCustomer();
    const outcome = await fetchFile(fileId);
    if (outcome.kind !== "file") throw new Error(outcome.kind);

    expect(await buffer(outcome.body)).toEqual(photo);
    expect(outcome.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(asked()).toEqual([`GET /v23.0/${fileId}`, "GET /whatsapp_business/attachments/"]);
  });

  it("is asked for without the number's id: Meta would look among the number's own uploads", async () => {
    await fetchFile(await fromCustomer());

    expect(stand.whatsapp.journal.entries.some(({ path }) => path.includes("phone_number_id"))).toBe(false);
  });

  it("gets a fresh address when the first is stale already, and only once", async () => {
    const fileId = await fromCustomer();
    stand.whatsapp.faults.media.staleAddresses = true;

    expect(await fetchFile(fileId)).toEqual({ kind: "unclear", words: "HTTP 404" });
    expect(asked()).toHaveLength(4);
  });

  it("is gone when Meta does not know it", async () => {
    expect(await fetchFile("1234567890")).toEqual({ kind: "gone" });
  });

  it("is not begun when it is too large", async () => {
    expect(await fetchFile(await fromCustomer(), photo.length - 1)).toEqual({ kind: "too-large" });
    expect(asked()).toHaveLength(1);
  });

  it("is not asked for through a number that is not ours any more", async () => {
    expect(await fetchFile("1234567890", LARGE, "999999")).toEqual({ kind: "not-connected" });
    expect(asked()).toEqual([]);
  });

  it.each<[string, Partial<Stand["whatsapp"]["faults"]["media"]>, FetchOutcome]>([
    ["Meta has too much to do", { status: 429 }, { kind: "busy", retryAfterMs: 5000 }],
    ["Meta fails", { status: 500 }, { kind: "unclear", words: "HTTP 500" }],
    ["Meta sends us elsewhere", { redirectTo: "http://127.0.0.1:1/" }, { kind: "refused", words: "HTTP 302" }],
  ])("is trouble of its kind when %s", async (_when, fault, outcome) => {
    const fileId = await fromCustomer();
    Object.assign(stand.whatsapp.faults.media, fault);

    expect(await fetchFile(fileId)).toEqual(outcome);
  });

  it("never gets our token to another host, whatever address comes back", async () => {
    const fileId = await fromCustomer();
    let knocks = 0;
    const thief = createServer().on("connection", () => (knocks += 1));
    await new Promise<void>((resolve) => thief.listen(0, "127.0.0.1", resolve));
    stand.whatsapp.faults.media.elsewhere = `http://127.0.0.1:${(thief.address() as AddressInfo).port}`;

    expect(await fetchFile(fileId)).toMatchObject({ kind: "refused" });
    expect(knocks).toBe(0);
    thief.close();
  });

  it("breaks off with an error whoever reads it hears of", async () => {
    const fileId = await fromCustomer();
    stand.whatsapp.faults.media.cut = true;
    const outcome = await fetchFile(fileId);
    if (outcome.kind !== "file") throw new Error(outcome.kind);

    await expect(buffer(outcome.body)).rejects.toThrow();
  });

  it("is busy while the line is down, and while the token is no good", async () => {
    const fileId = await fromCustomer();
    stand.whatsapp.faults.api.errorCode = 190;
    expect(await fetchFile(fileId)).toMatchObject({ kind: "busy", retryAfterMs: minutes(1) });

    const { channel } = connect("http://127.0.0.1:1", stand.clock);
    const outcome = await channel.media!.fetch(credentials.phoneNumberId, fileId, {
      mostBytes: LARGE,
      signal: new AbortController().signal,
    });
    await channel.close();
    expect(outcome).toMatchObject({ kind: "busy" });
  });

  it("cannot make us ask for anything but a file by a strange id", async () => {
    await fetchFile("../106540352242922/message_templates?x=");

    expect(asked()).toEqual(["GET /v23.0/..%2F106540352242922%2Fmessage_templates%3Fx%3D"]);
  });
});

let made = 0;

const fileMessage = (
  media: MediaKind,
  bytes: Buffer,
  type: string,
  more: { text?: string; to?: string } = {},
): OutboundMessage => ({
  id: `01935a3c-0000-7000-8000-${String(++made).padStart(12, "0")}` as MessageId,
  to: { channel: "whatsapp-cloud", account: credentials.phoneNumberId, id: more.to ?? phone },
  content: {
    kind: "media",
    media,
    type,
    text: more.text ?? "",
    mediaId: "01935a3c-0000-7000-8000-000000000009" as MediaId,
    sha256: String(bytes.length).padStart(64, "0"),
    size: bytes.length,
    fileName: 'чек "48213".pdf',
  },
  openFile: async () => Readable.from([bytes]),
});

describe("our file", () => {
  const customer = () => stand.whatsapp.customer(phone);
  beforeEach(async () => {
    customer().write("здравствуйте");
    await stand.pass(100);
  });
  const last = () => stand.whatsapp.accepted.at(-1)!;

  it.each([
    ["image", photo, "image/jpeg", "Вот", { type: "image", image: { caption: "Вот" } }],
    ["voice", voice, "audio/ogg; codecs=opus", "", { type: "audio", audio: { voice: true } }],
    [
      "document",
      receipt,
      "application/pdf",
      "Чек",
      { type: "document", document: { caption: "Чек", filename: 'чек "48213".pdf' } },
    ],
  ] as const)("is uploaded, then sent by its id: %s", async (media, bytes, type, text, body) => {
    const outcome = await stand.channel.send(fileMessage(media, bytes, type, { text }));
    await stand.pass(2000);

    expect(outcome).toMatchObject({ kind: "accepted" });
    expect(asked().slice(-2)).toEqual([
      `POST /v23.0/${credentials.phoneNumberId}/media`,
      `POST /v23.0/${credentials.phoneNumberId}/messages`,
    ]);
    expect(last().body).toMatchObject(body);
    expect(validateSend(last().body)).toEqual([]);
    const [seen] = customer().inbox;
    expect(seen).toMatchObject({ text, file: { mimeType: type, size: bytes.length } });
    expect(stand.whatsapp.file(seen!.file!.id)!.bytes).toEqual(bytes);
  });

  it("is uploaded once for many customers, and again when Meta no longer keeps it", async () => {
    const uploads = () => asked().filter((one) => one.endsWith("/media")).length;
    await stand.channel.send(fileMessage("image", photo, "image/jpeg"));
    await stand.channel.send(fileMessage("image", photo, "image/jpeg"));
    expect(uploads()).toBe(1);
    await stand.pass(hours(24) * 29);
    await stand.channel.send(fileMessage("image", photo, "image/jpeg"));

    expect(uploads()).toBe(2);
  });

  it("is uploaded again after a message with it was refused", async () => {
    const stranger = fileMessage("image", photo, "image/jpeg", { to: "79990000000" });
    expect(await stand.channel.send(stranger)).toMatchObject({ kind: "refused", because: "window-closed" });
    await stand.channel.send(fileMessage("image", photo, "image/jpeg"));

    expect(asked().filter((one) => one.endsWith("/media"))).toHaveLength(2);
  });

  it.each<[string, (faults: Stand["whatsapp"]["faults"]) => void]>([
    ["the line breaks during the upload", (faults) => void (faults.api.cutBeforeAccept = true)],
    ["Meta fails during the upload", (faults) => void (faults.api.status = 500)],
    ["Meta has too much to do", (faults) => void (faults.api.errorCode = 130429)],
  ])("is only late when %s: nothing has reached the customer", async (_when, break_) => {
    break_(stand.whatsapp.faults);

    expect(await stand.channel.send(fileMessage("image", photo, "image/jpeg"))).toMatchObject({ kind: "busy" });
    expect(stand.whatsapp.accepted).toEqual([]);
  });

  it("is only late when the upload stands still", async () => {
    stand.whatsapp.faults.media.delayMs = 60_000;
    const sending = stand.channel.send(fileMessage("image", photo, "image/jpeg"));
    await expect.poll(() => asked().length).toBe(1);
    await stand.pass(5000);

    expect(await sending).toMatchObject({ kind: "busy" });
  });

  it("is refused when Meta does not take its type", async () => {
    const outcome = await stand.channel.send(fileMessage("image", photo, "image/tiff"));

    expect(outcome).toMatchObject({ kind: "refused", because: "invalid", code: "100" });
  });

  it("is refused in words when it is not kept any more", async () => {
    const message = { ...fileMessage("image", photo, "image/jpeg"), openFile: async () => null };

    expect(await stand.channel.send(message)).toMatchObject({ kind: "refused", code: "file_not_kept" });
    expect(asked()).toEqual([]);
  });
});

describe("what is said about files on the wire agrees with Meta's description", () => {
  const paths = spec.paths;
  const properties = (schema: { properties: object }) => Object.keys(schema.properties).toSorted();

  it("uploads", async () => {
    const told: FormData[] = [];
    const meta = createServer((request, response) => {
      const body: Buffer[] = [];
      request.on("data", (chunk: Buffer) => body.push(chunk));
      request.on("end", async () => {
        const headers = { "content-type": request.headers["content-type"]! };
        if (request.url!.endsWith("/media"))
          told.push(await new Response(new Uint8Array(Buffer.concat(body)), { headers }).formData());
        response.end('{"id":"4490709327384033"}');
      });
    });
    await new Promise<void>((resolve) => meta.listen(0, "127.0.0.1", resolve));
    const { channel } = connect(`http://127.0.0.1:${(meta.address() as AddressInfo).port}`, stand.clock);
    await channel.send(fileMessage("document", receipt, "application/pdf"));
    await channel.close();
    meta.closeAllConnections();
    meta.close();

    const form = paths["/{Version}/{Phone-Number-ID}/media"].post.requestBody.content["multipart/form-data"].schema;
    const [upload] = told;
    expect([...upload!.keys()].filter((name) => name !== "type").toSorted()).toEqual(properties(form));
    expect([upload!.get("messaging_product"), upload!.get("type")]).toEqual(["whatsapp", "application/pdf"]);
    const file = upload!.get("file") as File;
    expect([file.type, file.name, Buffer.from(await file.arrayBuffer())]).toEqual([
      "application/pdf",
      'чек "48213".pdf',
      receipt,
    ]);
  });

  it("answers of the stand-in, and its webhooks about files", async () => {
    const bodies: unknown[] = [];
    stand.whatsapp.onWebhook((_kind, body) => void bodies.push(body));
    const fileId = await fromCustomer();
    const headers = { authorization: `Bearer ${credentials.accessToken}` };
    const described = await (await fetch(`${stand.whatsapp.url}/v23.0/${fileId}`, { headers })).json();
    const { schema } = paths["/{Version}/{Media-ID}"].get.responses["200"].content["application/json"];

    expect(Object.keys(described as object).toSorted()).toEqual(properties(schema));
    expect(bodies.flatMap(validateWebhook)).toEqual([]);
    const without = await fetch((described as { url: string }).url);
    expect(without.status).toBe(401);
  });
});
