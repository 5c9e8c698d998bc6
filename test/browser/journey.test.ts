import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SimulatorState } from "../../sim/control/state.ts";
import { launchChromium } from "./chromium.ts";
import { removeFolder, startDemo, type Demo } from "./demo.ts";
import { visit } from "./visit.ts";

const PATIENT = { timeout: 60_000 };

describe("a visitor of the simulator", () => {
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

  async function start(page: Page, scenario: string) {
    await page.getByRole("button", { name: scenario }).click();
    await page.locator("label", { has: page.getByRole("radio", { name: "4×" }) }).click();
    await page.getByText("ready to call").waitFor(PATIENT);
    await page.getByRole("button", { name: "Call the hotline" }).click();
    await page.getByText(/in WhatsApp without waiting, press 1/).waitFor(PATIENT);
  }

  it(
    "X-6 the whole journey without an account: press 1, receipt, farewell, bot, operator, rating",
    { timeout: 180_000 },
    async () => {
      const complaints: string[] = [];
      const page = await visit(browser, demo.url, "/simulator?lang=en", complaints);
      await start(page, "Peak hour, presses 1");

      await page.getByRole("button", { name: "1", exact: true }).click();
      await page.getByText("The message has arrived. See you in WhatsApp. Goodbye!").waitFor(PATIENT);
      await page.getByText(/ended by Detour/).waitFor(PATIENT);
      await page.getByRole("button", { name: "Where is my order" }).click();
      await page.getByText(/Order 48213, Rolly 3-in-1 scooter/).waitFor(PATIENT);
      await page.getByRole("button", { name: "Ask a person" }).click();
      await page.getByText(/I am calling a colleague/).waitFor(PATIENT);

      const [inbox] = await Promise.all([
        page.waitForEvent("popup"),
        page.getByRole("link", { name: /Open this chat in the inbox/ }).click(),
      ]);
      await inbox.getByText("Where is my order").first().waitFor(PATIENT);
      await inbox.getByRole("textbox").last().fill("Hello, this is Olga. Shall I move the delivery?");
      await inbox.keyboard.press("Enter");
      await page.getByText("Hello, this is Olga. Shall I move the delivery?").waitFor(PATIENT);
      await inbox
        .getByRole("button", { name: /^(Close|Finish|Завершить|Закрыть)/ })
        .first()
        .click();
      await inbox
        .getByRole("dialog")
        .getByRole("button", { name: /^(Finish|Завершить)/ })
        .click();
      await page.getByText(/rate our colleague/).waitFor(PATIENT);
      await page.getByRole("button", { name: /^5/ }).last().click();
      await page.getByText(/Thank you for the score/).waitFor(PATIENT);

      expect(complaints).toEqual([]);
    },
  );

  it(
    "X-6 the same chat goes on in Telegram: a link joins it to the call, Start greets, taps count",
    { timeout: 180_000 },
    async () => {
      const complaints: string[] = [];
      const page = await visit(browser, demo.url, "/simulator?lang=en", complaints);
      await start(page, "Peak hour, presses 1");
      await page.getByRole("button", { name: "1", exact: true }).click();
      await page.getByText(/ended by Detour/).waitFor(PATIENT);
      await page.getByRole("tab", { name: "Telegram" }).click();
      await page.getByText(/Start opens it: the chat is joined to the call/).waitFor(PATIENT);
      await page.getByRole("button", { name: "Start", exact: true }).click();
      await page.getByText(/I'm the Kubik & Co robot/).waitFor(PATIENT);
      await page.getByRole("button", { name: "Where is my order" }).click();
      await page.getByText(/Order 48213, Rolly 3-in-1 scooter/).waitFor(PATIENT);
      await page.getByRole("button", { name: "Block the bot" }).click();
      await page.getByRole("button", { name: "Unblock and restart" }).click();
      await page.getByRole("button", { name: "Block the bot" }).waitFor(PATIENT);

      const state = (await (await fetch(`${demo.url}/simulator/api/state`)).json()) as SimulatorState;
      expect(state.telegram).toMatchObject({ started: true, blocked: false });
      expect(complaints).toEqual([]);
    },
  );

  it("X-6 with 'never delivered' the caller stays on the line at the same place", { timeout: 120_000 }, async () => {
    const complaints: string[] = [];
    const page = await visit(browser, demo.url, "/simulator?lang=en", complaints);
    await start(page, "Never delivered");
    const place = page.getByText(/You are number \d+ in the queue/).first();
    const before = (await place.innerText()).match(/number (\d+)/)![1];

    await page.getByRole("button", { name: "1", exact: true }).click();
    await page.getByText(/We cannot see yet that the message in WhatsApp has arrived/).waitFor(PATIENT);
    const state = (await (await fetch(`${demo.url}/simulator/api/state`)).json()) as SimulatorState;

    expect(state.phone.state).toBe("connected");
    expect(String(state.phone.place)).toBe(before);
    expect(complaints).toEqual([]);
  });

  it("X-6 a second start keeps the data, and Ctrl-C ends cleanly", { timeout: 120_000 }, async () => {
    const first = await startDemo();
    expect(await first.stop()).toBe(0);
    const second = await startDemo(first.folder);
    const code = await second.stop();
    removeFolder(first.folder);

    expect(code).toBe(0);
  });
});
