import { createConnection, createServer, type AddressInfo, type Socket } from "node:net";

/** The wire between a program and its PostgreSQL; frozen, it carries nothing and breaks nothing, as a hanging server. */
export interface Line {
  url: string;
  freeze(): void;
  thaw(): void;
  /** Breaks every connection and refuses new ones until `mend`. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

/** Lays a wire to the server at `url`, which listens on a Unix socket. */
export async function openLine(url: string): Promise<Line> {
  const target = new URL(url);
  const path = `${target.searchParams.get("host")}/.s.PGSQL.5432`;
  const sockets = new Set<Socket>();
  let frozen = false;
  let broken = false;

  const server = createServer((near) => {
    if (broken) return void near.destroy();
    const far = createConnection(path);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on("data", (chunk) => to.write(chunk));
      from.on("error", () => to.destroy());
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
      if (frozen) from.pause();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `postgres://${target.username}@127.0.0.1:${port}${target.pathname}`,
    freeze() {
      frozen = true;
      for (const socket of sockets) socket.pause();
    },
    thaw() {
      frozen = false;
      for (const socket of sockets) socket.resume();
    },
    cut() {
      broken = true;
      for (const socket of sockets) socket.destroy();
    },
    mend: () => void (broken = false),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
