import { once } from "node:events";
import { connect, type AddressInfo, type Socket } from "node:net";
import { createSettableClock, instant, later, seconds } from "#kit";
import type { FastifyInstance } from "fastify";
import { afterEach, describe, expect, it } from "vitest";
import { testServer } from "./server.ts";

describe("a body that comes slowly", () => {
  const clock = createSettableClock(instant(0));
  let app: FastifyInstance;
  afterEach(() => app.close());

  /** A request of which all but the last byte has been sent, once the server has it. */
  async function begin(path: string): Promise<Socket> {
    app = await testServer({}, { clock });
    const arrived = new Promise<void>((resolve) => {
      app.addHook("onRequest", async () => resolve());
    });
    app.post("/toys", async () => ({ ok: true }));
    app.post("/drawings", { config: { slow: true } }, async () => ({ ok: true }));
    await app.listen({ port: 0, host: "127.0.0.1" });
    const socket = connect((app.server.address() as AddressInfo).port, "127.0.0.1");
    socket.write(`POST ${path} HTTP/1.1\r\nhost: here\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{`);
    await arrived;
    return socket;
  }

  it("ends the connection after ten seconds", async () => {
    const socket = await begin("/toys");
    clock.moveTo(later(clock.now(), seconds(10)));
    const [hadError] = await once(socket.resume(), "close");

    expect(hadError).toBe(false);
  });

  it("is waited for where files are sent", async () => {
    const socket = await begin("/drawings");
    clock.moveTo(later(clock.now(), seconds(60)));
    socket.write("}");
    const [answer] = (await once(socket, "data")) as [Buffer];
    socket.destroy();

    expect(answer.toString()).toContain("HTTP/1.1 200");
  });

  it("is forgotten once it is here", async () => {
    const socket = await begin("/toys");
    socket.write("}");
    const [answer] = (await once(socket, "data")) as [Buffer];
    clock.moveTo(later(clock.now(), seconds(60)));
    socket.destroy();

    expect(answer.toString()).toContain("HTTP/1.1 200");
    expect(clock.nextTimerAt()).toBeNull();
  });
});

describe("a server that stops", () => {
  it("does not wait for a connection whose answer was under way", async () => {
    const app = await testServer();
    let finish = () => {};
    app.get("/film", (_request, reply) => {
      reply.hijack();
      reply.raw.writeHead(200, { "content-length": 2 }).write("a");
      finish = () => reply.raw.end("b");
    });
    await app.listen({ port: 0, host: "127.0.0.1" });
    const socket = connect((app.server.address() as AddressInfo).port, "127.0.0.1");
    socket.write("GET /film HTTP/1.1\r\nhost: here\r\n\r\n");
    await once(socket, "data");
    const stopped = app.close();
    setImmediate(() => finish());
    await once(socket.resume(), "close");
    await stopped;

    expect(app.server.listening).toBe(false);
  });
});
