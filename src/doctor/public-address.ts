import { isPrivate, publicUrl, type HttpSettings } from "#http";
import type { Clock } from "#kit";
import { createServer } from "node:http";
import { ask, type Asked } from "./ask.ts";
import type { Finding } from "./core/finding.ts";
import { judgeReach, type Reach } from "./core/judge.ts";

const ALIVE = JSON.stringify({ status: "alive" });

/**
 * Asks for our own public address the way a provider would. When no process runs here, the doctor answers on the port for
 * as long as that takes, so that proxy, name and certificate are tried before the first start.
 */
export async function examineAddress(settings: HttpSettings, clock: Clock): Promise<Finding[]> {
  const { PORT: port } = settings;
  const stand = await standIn(settings);
  if (stand === "taken") return [{ about: "port", state: "wrong", say: (t) => t.portTaken(port) }];
  try {
    return [await judged(settings, clock)];
  } finally {
    await stand.leave();
  }
}

async function judged(settings: HttpSettings, clock: Clock): Promise<Finding> {
  const url = publicUrl(settings);
  const isHere = isPrivate(new URL(url).hostname);
  if (isHere && url.startsWith("http:")) return { about: "address", state: "wrong", say: (t) => t.notPublic(url) };
  const found = judgeReach(url, settings.PORT, reachOf(await ask(`${url}/healthz`)), clock.now());
  if (!isHere || found.state !== "well") return found;
  return { about: "address", state: "warning", say: (t) => t.onlyHere(url) };
}

const UNKNOWN_NAME = new Set(["ENOTFOUND", "EAI_AGAIN"]);
const CERTIFICATE = /CERT|SELF_SIGNED|SIGNATURE|ALTNAME/;

/** What an answer, or none, says about the way to us. */
function reachOf(asked: Asked): Reach {
  if (asked.kind === "failed") {
    if (UNKNOWN_NAME.has(asked.code)) return { kind: "unknown-name" };
    if (CERTIFICATE.test(asked.code)) return { kind: "bad-certificate", words: asked.words };
    return { kind: "no-answer", words: asked.words };
  }
  const { status, body, certificateUntil } = asked;
  if (status === 200 && body === ALIVE) return { kind: "alive", certificateUntil };
  return { kind: [502, 503, 504].includes(status) ? "nobody-behind" : "somebody-else", status };
}

type StandIn = { leave(): Promise<void> };

/** Answers like a process of ours while none does; "taken" when a stranger has the port. */
async function standIn({ PORT: port, HOST: host }: HttpSettings): Promise<StandIn | "taken"> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "application/json; charset=utf-8" }).end(ALIVE);
  });
  const listens = await new Promise<boolean>((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, host, () => resolve(true));
  });
  if (!listens) return (await isOurs(port)) ? { leave: async () => {} } : "taken";
  return {
    async leave() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function isOurs(port: number): Promise<boolean> {
  return reachOf(await ask(`http://127.0.0.1:${port}/healthz`)).kind === "alive";
}
