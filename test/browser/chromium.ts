import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const INSTALLED = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** A browser found in this order: CHROMIUM_PATH, the system's, the one from the npm package @sparticuz/chromium. */
export async function launchChromium(): Promise<Browser> {
  const installed = [process.env["CHROMIUM_PATH"], ...INSTALLED].find((path) => path && existsSync(path));
  return installed ? chromium.launch({ executablePath: installed, args: FLAGS }) : launchPackaged();
}

/** The package brings its own libraries too, but unpacks them only where it believes to run as a cloud function. */
async function launchPackaged(): Promise<Browser> {
  process.env["AWS_EXECUTION_ENV"] ??= "AWS_Lambda_nodejs22.x";
  const { default: packaged } = await import("@sparticuz/chromium");
  const executablePath = await packaged.executablePath();
  return chromium.launch({
    executablePath,
    args: [...packaged.args.filter((flag) => !flag.startsWith("--single-process")), ...FLAGS],
  });
}
