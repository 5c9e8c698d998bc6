import type { Browser, Page } from "playwright-core";

/** A page in a session of its own. What it asks of any other host, and what its scripts fail at, is a complaint. */
export async function visit(browser: Browser, url: string, path: string, complaints: string[]): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  context.on("request", (request) => {
    if (!request.url().startsWith(url)) complaints.push(`asked ${request.url()}`);
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(url + path);
  return page;
}
