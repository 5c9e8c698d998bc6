import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FetchOutcome } from "#chat";
import { hours } from "#kit";
import { MOST_TRIES } from "../../src/chat/core/media.ts";
import { createFileStore } from "../../src/media/store-files.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { wrote } from "../support/fake-channel.ts";
import { temporaryFolder } from "../support/folder.ts";
import { photo } from "../support/samples.ts";
import { createStage, wipe, type Stage } from "./stage.ts";

type Happening =
  | "busy"
  | "unclear"
  | "garbled"
  | "cut"
  | "store down"
  | "given"
  | "gone"
  | "hours pass"
  | "ask again"
  | "told twice";

const SHA = createHash("sha256").update(photo).digest("hex");
const bodyOf = (bytes: Buffer): FetchOutcome => ({ kind: "file", body: Readable.from([bytes]), sha256: SHA });
const cut = (): FetchOutcome => ({
  kind: "file",
  sha256: SHA,
  body: new Readable({
    read() {
      this.push(photo.subarray(0, 100));
      this.destroy(new Error("cut"));
    },
  }),
});

const answers: Partial<Record<Happening, () => FetchOutcome>> = {
  busy: () => ({ kind: "busy", retryAfterMs: 1000 }),
  unclear: () => ({ kind: "unclear", words: "?" }),
  garbled: () => bodyOf(Buffer.from("something else")),
  cut,
  "store down": () => bodyOf(photo),
  given: () => bodyOf(photo),
  gone: () => ({ kind: "gone" }),
};

describe("whatever happens to a customer's file", () => {
  let db: FreshDatabase;
  beforeAll(async () => void (db = await freshDatabase({ connections: 20 })));
  afterAll(() => db.drop());

  /** A store that counts what it was given and is down when told. */
  async function begin() {
    await wipe(db);
    const real = createFileStore(temporaryFolder());
    const puts = { done: 0, down: false };
    const store = {
      ...real,
      async put(file: Parameters<typeof real.put>[0]) {
        if (puts.down) throw new Error("down");
        await real.put(file);
        puts.done += 1;
      },
    };
    const stage = await createStage({ db, store });
    const message = wrote("7001", { kind: "media", media: "image", fileId: "f1", mimeType: "x/y", caption: "важно" });
    await stage.deliver(message);
    return { stage, puts, message };
  }

  async function fileOf(stage: Stage) {
    const rows = await db.query<{ id: string; at: string; message: string }>(
      "select m.id, m.at, m.message_id as message from media m",
    );
    const [conversation] = await stage.conversations();
    return { rows, conversation: conversation!.id };
  }

  it(
    "the text stays, the file is stored at most once, and nobody is asked without end",
    { timeout: 120_000 },
    async () => {
      const happening = fc.constantFrom<Happening>(
        ...([
          "busy",
          "unclear",
          "garbled",
          "cut",
          "store down",
          "given",
          "gone",
          "hours pass",
          "ask again",
          "told twice",
        ] as const),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(happening, { maxLength: 12 }), async (happenings) => {
          const { stage, puts, message } = await begin();
          const boss = stage.as(await stage.operator("Ольга", { role: "supervisor" }));
          let wishes = 0;
          for (const what of happenings) {
            puts.down = what === "store down";
            const answer = answers[what];
            if (answer) stage.channel.planFetch(answer());
            if (what === "hours pass") await stage.pass(hours(12));
            if (what === "told twice") await stage.deliver(message);
            await stage.settle();
            if (what === "ask again") {
              wishes += 1;
              const { rows, conversation } = await fileOf(stage);
              await boss.post(`/conversations/${conversation}/media/${rows[0]!.id}/fetch`);
            }
            await stage.settle();
          }
          await stage.pass(hours(48));

          const [heard, ...more] = (await stage.messages()).filter(({ author }) => author === "customer");
          expect([heard!.text, more]).toEqual(["Фото: важно", []]);
          const { rows } = await fileOf(stage);
          expect(rows.map(({ message: of }) => of)).toEqual([heard!.id]);
          expect(["stored", "failed"]).toContain(rows[0]!.at);
          expect(puts.done).toBe(rows[0]!.at === "stored" ? 1 : 0);
          expect(stage.channel.fetched.length).toBeLessThanOrEqual(MOST_TRIES * (wishes + 1));
        }),
        { numRuns: 25 },
      );
    },
  );
});
