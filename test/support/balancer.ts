import { Agent, createServer, get, request as ask, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";

/** A small round-robin balancer in front of several processes: kept connections, `/readyz` asked often, no request tried twice. */
export interface Balancer {
  url: string;
  /** Every answer by its status; a request that got none is `lost`. */
  readonly answers: Record<string, number>;
  /** What the lost ones were told. */
  readonly troubles: string[];
  /** Resolves when so many of the processes are ready. */
  ready(count: number): Promise<void>;
  close(): Promise<void>;
}

const ASK_EVERY_MS = 50;

export async function startBalancer(ports: number[]): Promise<Balancer> {
  const agent = new Agent({ keepAlive: true });
  const answers: Record<string, number> = {};
  const troubles: string[] = [];
  const ready = new Set<number>();
  const sockets = new Set<Socket>();
  let waiting: { count: number; resolve: () => void }[] = [];
  let turn = 0;

  const count = (outcome: string) => void (answers[outcome] = (answers[outcome] ?? 0) + 1);
  const next = () => [...ready][turn++ % Math.max(1, ready.size)];

  function look(port: number) {
    const asking = get({ port, host: "127.0.0.1", path: "/readyz", agent: false, timeout: 1000 }, (answer) => {
      answer.resume();
      note(port, answer.statusCode === 200);
    });
    // Slow is not away: on a machine that is busy an answer may take longer than anybody waits for it.
    let isLate = false;
    asking.on("timeout", () => {
      isLate = true;
      asking.destroy();
    });
    asking.on("error", () => {
      if (!isLate) note(port, false);
    });
  }

  function note(port: number, isReady: boolean) {
    if (isReady) ready.add(port);
    else ready.delete(port);
    const done = waiting.filter((one) => ready.size === one.count);
    waiting = waiting.filter((one) => ready.size !== one.count);
    for (const { resolve } of done) resolve();
  }

  function lose(response: ServerResponse, why: string) {
    count("lost");
    troubles.push(why);
    if (response.headersSent) response.destroy();
    else response.writeHead(502).end();
  }

  function forward(request: IncomingMessage, response: ServerResponse) {
    const port = next();
    if (port === undefined) return lose(response, "nobody is ready");
    const { method, url, headers } = request;
    const onward = ask({ host: "127.0.0.1", port, method, path: url, headers, agent }, (answer) => {
      const { connection: _hop, "keep-alive": _too, ...rest } = answer.headers;
      response.writeHead(answer.statusCode!, rest);
      answer.on("end", () => count(String(answer.statusCode)));
      answer.on("error", (error) => lose(response, `${method} ${url}: ${error.message} in the middle of an answer`));
      answer.pipe(response);
    });
    onward.on("error", (error) =>
      lose(response, `${method} ${url}: ${error.message}, connection used before: ${onward.reusedSocket}`),
    );
    request.pipe(onward);
  }

  /** WebSockets: the bytes as they are. */
  function tunnel(request: IncomingMessage, near: Socket, head: Buffer) {
    const port = next();
    if (port === undefined) return near.destroy();
    const far = connect(port, "127.0.0.1", () => {
      const lines = [`GET ${request.url} HTTP/1.1`];
      for (let i = 0; i < request.rawHeaders.length; i += 2)
        lines.push(`${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}`);
      far.write(`${lines.join("\r\n")}\r\n\r\n`);
      far.write(head);
      far.pipe(near).pipe(far);
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
    }
    return near;
  }

  const server = createServer({ keepAliveTimeout: 60_000 }, forward);
  server.on("upgrade", (request, socket, head) => void tunnel(request, socket as Socket, head));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const looking = setInterval(() => ports.forEach(look), ASK_EVERY_MS);

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers,
    troubles,
    ready: (count) =>
      new Promise((resolve) => {
        if (ready.size === count) return resolve();
        waiting.push({ count, resolve });
      }),
    async close() {
      clearInterval(looking);
      for (const socket of sockets) socket.destroy();
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
