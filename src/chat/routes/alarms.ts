import type { Database } from "#db";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { listAlarms } from "../alarm-store.ts";

const alarmsSchema = {
  summary: "What is off right now, the newest first; the events alarm.raised and alarm.ended tell when to look again",
  tags: ["alarms"],
  response: {
    200: z.object({ alarms: z.array(z.object({ code: z.string(), words: z.string(), since: z.number() })) }),
  },
};

/** What a banner shows to everybody who works here. */
export const alarmRoutes =
  ({ front }: { front: Database }): FastifyPluginAsyncZod =>
  async (app) => {
    app.get("/alarms", { schema: alarmsSchema }, async () => ({ alarms: await listAlarms(front) }));
  };
