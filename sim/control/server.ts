import type { ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import fastify from "fastify";
import { millis, screenLocales, type Cancel } from "#kit";
import { z } from "zod";
import { createSession, type Stage } from "./session.ts";
import { sampleNames } from "./samples.ts";
import { snapshot } from "./snapshot.ts";
import { apps, faultNames, scenarios } from "./state.ts";

/** The control API of the stand-ins: what the simulator page sees and does. */
export interface Control {
  url: string;
  close(): Promise<void>;
}

/** At most five pictures a second. */
const FRAME = millis(200);
/** The product's own story is asked for this often while somebody watches. */
const ASK = millis(400);

const UUID = /^[0-9a-f-]{36}$/;

const app = z.enum(apps).default("whatsapp");

const bodies = {
  scenario: z.object({ scenario: z.enum(scenarios), locale: z.enum(screenLocales) }),
  key: z.object({ key: z.string().regex(/^[0-9*#]$/) }),
  speak: z.object({ text: z.string().min(1).max(200) }),
  message: z.union([
    z.object({ app, text: z.string().min(1).max(4096) }),
    z.object({ app, choice: z.string().min(1).max(256) }),
  ]),
  telegram: z.object({ do: z.enum(["start", "share-contact", "block"]) }),
  sample: z.object({ sample: z.enum(sampleNames) }),
  fault: z.object({ fault: z.enum(faultNames), on: z.boolean() }),
  speed: z.object({ speed: z.union([z.literal(1), z.literal(4)]) }),
  operator: z.object({ do: z.literal("take-call") }),
};

export async function startControl(stage: Stage, port = 0): Promise<Control> {
  const viewers = new Set<ServerResponse>();
  let frame: Cancel | null = null;
  let asking: Cancel | null = null;
  const session = createSession(stage, draw);

  function draw() {
    frame ??= stage.clock.after(FRAME, () => {
      frame = null;
      const picture = `event: state\ndata: ${JSON.stringify(snapshot(session, stage))}\n\n`;
      for (const viewer of viewers) viewer.write(picture);
    });
  }

  async function ask() {
    const { firstCall } = session;
    if (firstCall) session.story = await stage.product.story(firstCall.sid).catch(() => session.story);
    draw();
    asking = viewers.size > 0 ? stage.clock.after(ASK, () => void ask()) : null;
  }

  const app = fastify({ forceCloseConnections: true });
  app.setErrorHandler((error, _, reply) =>
    reply.code(error instanceof z.ZodError ? 400 : 500).send({ code: "bad_request", message: String(error) }),
  );

  app.get("/simulator/api/state", async () => snapshot(session, stage));
  app.get("/simulator/api/live", (request, reply) => {
    reply.hijack();
    reply.raw.writeHead(200, {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    });
    viewers.add(reply.raw);
    request.raw.once("close", () => viewers.delete(reply.raw));
    reply.raw.write(`event: state\ndata: ${JSON.stringify(snapshot(session, stage))}\n\n`);
    if (!asking) void ask();
  });

  function command<Body>(path: string, schema: z.ZodType<Body>, run: (body: Body) => void | Promise<void>) {
    app.post(`/simulator/api/${path}`, async (request, reply) => {
      await run(schema.parse(request.body ?? {}));
      return reply.code(204).send();
    });
  }
  command("scenario", bodies.scenario, ({ scenario, locale }) => session.startOver(scenario, locale));
  command("call", z.object({}), () => session.call());
  command("key", bodies.key, ({ key }) => session.press(key));
  command("speak", bodies.speak, ({ text }) => session.speak(text));
  command("pick-up", z.object({}), () => session.pickUp());
  command("hang-up", z.object({}), () => session.hangUp());
  command("message", bodies.message, (body) =>
    "text" in body ? session.write(body.text, body.app) : session.tap(body.choice, body.app),
  );
  command("telegram", bodies.telegram, (body) => session.inTelegram(body.do));
  command("sample", bodies.sample, ({ sample }) => session.sendSample(sample));
  command("fault", bodies.fault, ({ fault, on }) => session.setFault(fault, on));
  command("speed", bodies.speed, ({ speed }) => session.setSpeed(speed));
  command("operator", bodies.operator, () => session.takeCall());

  app.get<{ Params: { id: string } }>("/simulator/api/files/:id", async ({ params }, reply) => {
    const file = stage.whatsapp.file(params.id);
    if (!file) return reply.code(404).send();
    const shown = /^(image|audio|video)\/(?!svg)/.test(file.mimeType);
    return reply
      .headers({
        "content-type": shown ? file.mimeType : "application/octet-stream",
        "content-disposition": shown ? "inline" : "attachment",
        "content-security-policy": "default-src 'none'; sandbox",
        "x-content-type-options": "nosniff",
        "cache-control": "private, max-age=3600",
      })
      .send(file.bytes);
  });

  app.get<{ Querystring: { conversation?: string } }>("/simulator/api/open-inbox", async ({ query }, reply) => {
    const id = UUID.test(query.conversation ?? "") ? query.conversation! : null;
    const name = id && (await stage.product.operatorOf(id));
    const operator = stage.operators.find((one) => one.name === name) ?? stage.operators[0];
    return reply.header("set-cookie", await stage.product.signIn(operator)).redirect(id ? `/inbox/${id}` : "/inbox");
  });

  await app.listen({ port, host: "127.0.0.1" });
  const address = app.server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      frame?.();
      asking?.();
      for (const viewer of viewers) viewer.end();
      await app.close();
    },
  };
}
