import Fastify from "fastify";

/** An application that takes a bot's updates and remembers them. */
export interface Application {
  url: string;
  /** How updates are answered; 200 at first. */
  status: number;
  updates: ({ update_id: number } & Record<string, unknown>)[];
  /** The secret token of each, in the same order. */
  secrets: (string | undefined)[];
  close(): Promise<void>;
}

export async function createApplication(): Promise<Application> {
  const app = Fastify({ forceCloseConnections: true });
  const application: Application = { url: "", status: 200, updates: [], secrets: [], close: () => app.close() };
  app.post("/hook", async ({ headers, body }, reply) => {
    application.updates.push(body as Application["updates"][number]);
    application.secrets.push(headers["x-telegram-bot-api-secret-token"] as string | undefined);
    return reply.code(application.status).send();
  });
  application.url = `${await app.listen({ host: "127.0.0.1", port: 0 })}/hook`;
  return application;
}
