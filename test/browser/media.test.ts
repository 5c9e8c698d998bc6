import { fileURLToPath } from "node:url";
import type { Browser, Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "./chromium.ts";
import { removeFolder, startDemo, type Demo } from "./demo.ts";
import { visit } from "./visit.ts";

const PATIENT = { timeout: 60_000 };
const PHOTO = fileURLToPath(new URL("../../sim/samples/photo.jpg", import.meta.url));

/** True once the browser has really drawn the picture. */
const isDrawn = (picture: Locator): Promise<boolean> =>
  picture.evaluate((image: unknown) => (image as { naturalWidth: number }).naturalWidth > 0);

/** The length of a sound once the browser has read it. */
const lengthOf = (sound: Locator): Promise<number> =>
  sound.evaluate((element: unknown) => {
    const audio = element as { readyState: number; duration: number; load(): void };
    if (audio.readyState === 0) audio.load();
    return audio.duration;
  });

describe("files in the browser", () => {
  let demo: Demo & { folder: string };
  let browser: Browser;
  beforeAll(async () => {
    [demo, browser] = await Promise.all([startDemo(), launchChromium()]);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await demo.stop();
    removeFolder(demo.folder);
  }, 60_000);

  /** Asks the product as one of the demo's operators. */
  async function ask<T>(path: string): Promise<T> {
    const entrance = await fetch(`${demo.url}/simulator/api/open-inbox`, { redirect: "manual" });
    const cookie = entrance.headers.get("set-cookie")!.split(";")[0]!;
    return (await (await fetch(`${demo.url}/api${path}`, { headers: { cookie } })).json()) as T;
  }

  /** The only conversation, once somebody has it. */
  async function conversation(): Promise<string> {
    let id: string | undefined;
    const owner = async () => {
      for (const view of ["mine", "queue", "bot"]) {
        const { conversations } = await ask<{ conversations: { id: string }[] }>(`/conversations?view=${view}`);
        id ??= conversations[0]?.id;
      }
      if (id === undefined) return "nobody";
      return (await ask<{ conversation: { owner: string } }>(`/conversations/${id}`)).conversation.owner;
    };
    await expect.poll(owner, PATIENT).toBe("operator");
    return id!;
  }

  it(
    "DM-12 an operator sees the customer's picture, voice note and document, and sends a picture back",
    { timeout: 180_000 },
    async () => {
      const complaints: string[] = [];
      const phone = await visit(browser, demo.url, "/simulator?lang=en", complaints);
      for (const sample of ["Photo", "Voice message", "Document"]) {
        await phone.getByRole("button", { name: "Send a file" }).click();
        await phone.getByRole("button", { name: sample, exact: true }).click();
      }
      await expect
        .poll(() => isDrawn(phone.getByRole("img", { name: "The box came with a hole" })), PATIENT)
        .toBe(true);

      await phone.getByRole("textbox", { name: "Message to the business" }).fill("I want to talk to a person");
      await phone.keyboard.press("Enter");
      const id = await conversation();
      const inbox = await visit(browser, demo.url, `/simulator/api/open-inbox?conversation=${id}`, complaints);
      await inbox.goto(`${demo.url}/inbox/${id}?lang=en`);
      const picture = inbox.getByRole("img", { name: "The box came with a hole" });
      await expect.poll(() => isDrawn(picture), PATIENT).toBe(true);
      const sound = inbox.locator("audio");
      await sound.evaluate((element: unknown) => void ((element as { preload: string }).preload = "auto"));
      await expect.poll(() => lengthOf(sound), PATIENT).toBeGreaterThan(2);
      const [download] = await Promise.all([
        inbox.waitForEvent("download"),
        inbox.getByRole("link", { name: "Save receipt-48213.pdf" }).click(),
      ]);
      expect(download.suggestedFilename()).toBe("receipt-48213.pdf");

      await inbox.locator("input[type=file]").setInputFiles(PHOTO);
      await inbox.getByText("photo.jpg, 8 KB").waitFor(PATIENT);
      await inbox.getByRole("textbox").last().fill("Like this one?");
      await inbox.keyboard.press("Enter");
      await expect.poll(() => isDrawn(inbox.getByRole("img", { name: "Like this one?" })), PATIENT).toBe(true);
      await expect.poll(() => isDrawn(phone.getByRole("img", { name: "Like this one?" })), PATIENT).toBe(true);
      expect(await inbox.getByRole("textbox").last().inputValue()).toBe("");

      expect(complaints).toEqual([]);
    },
  );
});
