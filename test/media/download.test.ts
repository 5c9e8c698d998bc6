import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { createSettableClock, instant, later, seconds } from "#kit";
import { download } from "#media";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { isPublic } from "../../src/media/addresses.ts";

/** A server on this machine that counts who knocks, and answers as told. */
let server: Server;
let origin: string;
let port: number;
let knocks = 0;
let asked: { url: string | undefined; headers: Record<string, unknown> }[] = [];
let reply: (response: ServerResponse) => void;

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push({ url: request.url, headers: request.headers });
    reply(response);
  });
  server.on("connection", () => (knocks += 1));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
  origin = `http://127.0.0.1:${port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

let clock = createSettableClock(instant(0));
beforeEach(() => {
  clock = createSettableClock(instant(0));
  knocks = 0;
  asked = [];
  reply = (response) => void response.writeHead(200, { "content-type": "image/jpeg" }).end("file");
});

const rules = () => ({ origins: [origin], headers: { authorization: "Bearer secret" }, most: 1000, clock });
const to =
  (...addresses: string[]) =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));

describe("a download", () => {
  it("gives the file, and the token to whoever is on the list", async () => {
    const got = await download(`${origin}/attachments/?mid=1`, rules());
    if (got.kind !== "body") throw new Error(got.kind);

    expect((await buffer(got.body)).toString()).toBe("file");
    expect([got.type, got.size]).toEqual(["image/jpeg", null]);
    expect(asked).toMatchObject([
      {
        url: "/attachments/?mid=1",
        headers: { authorization: "Bearer secret", "accept-encoding": "identity", "user-agent": "detour" },
      },
    ]);
  });

  it.each([301, 302, 303, 307, 308])("does not follow a redirect (%i)", async (status) => {
    reply = (response) => void response.writeHead(status, { location: `${origin}/other` }).end();

    expect(await download(`${origin}/file`, rules())).toMatchObject({ kind: "status", status });
    expect(asked.map(({ url }) => url)).toEqual(["/file"]);
  });

  it("does not begin what is announced as too large", async () => {
    reply = (response) => void response.writeHead(200, { "content-length": 1001 }).write("x");

    expect(await download(`${origin}/file`, rules())).toEqual({ kind: "too-large" });
  });

  it("does not unpack anything", async () => {
    reply = (response) => void response.writeHead(200, { "content-encoding": "gzip" }).end("x");

    expect(await download(`${origin}/file`, rules())).toEqual({ kind: "broken", words: "the file came compressed" });
  });

  it("says when to come again", async () => {
    reply = (response) => void response.writeHead(429, { "retry-after": "7" }).end();

    expect(await download(`${origin}/file`, rules())).toEqual({ kind: "status", status: 429, retryAfterMs: 7000 });
  });

  it("gives up when nobody answers", async () => {
    const arrived = once(server, "request");
    reply = () => {};
    const got = download(`${origin}/file`, rules());
    await arrived;
    clock.moveTo(later(clock.now(), seconds(20)));

    expect(await got).toEqual({ kind: "broken", words: "no answer in time" });
  });

  it("gives up when the file stops coming", async () => {
    reply = (response) => void response.writeHead(200).write("half");
    const got = await download(`${origin}/file`, rules());
    if (got.kind !== "body") throw new Error(got.kind);
    const began = once(got.body, "data");
    const read = buffer(got.body).catch((error: Error) => error.message);
    await began;
    clock.moveTo(later(clock.now(), seconds(20)));

    expect(await read).toBe("the transfer took too long");
  });

  it("gives up when it comes drop by drop for ever", async () => {
    let drip = () => {};
    reply = (response) => {
      response.writeHead(200);
      drip = () => response.write("x");
      drip();
    };
    const got = await download(`${origin}/file`, rules());
    if (got.kind !== "body") throw new Error(got.kind);
    const { body } = got;
    body.setMaxListeners(0);
    const next = () => new Promise((resolve) => void body.once("data", resolve).once("close", resolve));
    let drop = next();
    const failed = buffer(body).catch((error: Error) => error.message);
    while (!body.destroyed) {
      await drop;
      drop = next();
      clock.moveTo(later(clock.now(), seconds(15)));
      drip();
    }

    expect(await failed).toBe("the transfer took too long");
    expect(clock.now()).toBeLessThanOrEqual(seconds(615));
  });

  it("leaves no timer behind", async () => {
    const got = await download(`${origin}/file`, rules());
    if (got.kind === "body") {
      const closed = once(got.body, "close");
      await Promise.all([buffer(got.body), closed]);
    }

    expect(clock.nextTimerAt()).toBeNull();
  });
});

/** 127.0.0.1 and its neighbours, as people who mean harm write them. */
const hosts = [
  "127.0.0.1",
  "127.1",
  "127.0.1",
  "2130706433",
  "0x7f000001",
  "0x7f.0.0.1",
  "0177.0.0.1",
  "017700000001",
  "127.0.0.1.",
  "localhost",
  "localhost.",
  "LOCALHOST",
  "①②⑦.⓪.⓪.①",
  "127。0。0。1",
  "[::1]",
  "[0:0:0:0:0:0:0:1]",
  "[::]",
  "[::ffff:127.0.0.1]",
  "[::ffff:7f00:1]",
  "[64:ff9b::7f00:1]",
  "[2002:7f00:1::]",
  "[fe80::1]",
  "[fc00::1]",
  "0.0.0.0",
  "0",
  "10.0.0.1",
  "172.16.0.1",
  "192.168.0.1",
  "169.254.169.254",
  "0xa9fea9fe",
  "100.64.0.1",
  "198.18.0.1",
  "224.0.0.1",
  "255.255.255.255",
  "lookaside.fbsbx.com@127.0.0.1",
  "lookaside.fbsbx.com:443@127.0.0.1",
  "127.0.0.1#@lookaside.fbsbx.com",
  "lookaside.fbsbx.com.evil.example",
  "evil.example?lookaside.fbsbx.com",
  "lookaside.fbsbx.com.",
  "lookaside.fbsbx.com%2eevil.example",
  "metadata.google.internal",
];

describe("an address that somebody else named", () => {
  const meta = ["https://lookaside.fbsbx.com"];
  const schemes = ["http://", "https://", "HTTP://", "http:\\\\", "//", "http:/"];
  const local = hosts.flatMap((host) => schemes.flatMap((scheme) => [`${scheme}${host}:0/`, `${scheme}${host}/`]));
  const others = [
    "file:///etc/passwd",
    "gopher://127.0.0.1/",
    "ftp://127.0.0.1/",
    "data:text/plain,x",
    "javascript:1",
    "unix:/run/x",
    "",
    " ",
    "http://",
    "https://:443",
    "http://[",
    "lookaside.fbsbx.com/file",
    "http://lookaside.fbsbx.com/",
    "https://lookaside.fbsbx.com:8443/",
  ];
  /** The port of the server on this machine is known only once it listens. */
  const nasty = () => [...local, ...others].map((address) => address.replace(":0/", `:${port}/`));

  it("is not even connected to unless it is exactly on the list", async () => {
    expect(nasty().length).toBeGreaterThan(300);
    for (const address of nasty()) {
      const resolved: string[] = [];
      const resolve = async (host: string) => {
        resolved.push(host);
        return [{ address: "127.0.0.1", family: 4 }];
      };
      const got = await download(address, { ...rules(), origins: meta, resolve });
      expect([address, got.kind, resolved]).toEqual([address, "forbidden", []]);
    }
    expect(knocks).toBe(0);
  });

  it.each([
    ["into this machine", ["127.0.0.1"]],
    ["into our network", ["10.1.2.3"]],
    ["to the cloud's metadata", ["169.254.169.254"]],
    ["to this machine by version 6", ["::1"]],
    ["to this machine, wrapped", ["::ffff:127.0.0.1"]],
    ["out and in at once", ["157.240.0.1", "127.0.0.1"]],
  ])("is not connected to when its name leads %s", async (_where, addresses) => {
    const got = await download(`http://files.example:${port}/`, {
      ...rules(),
      origins: [`http://files.example:${port}`],
      resolve: to(...addresses),
    });

    expect(got).toEqual({ kind: "forbidden", words: "the host leads into a private network" });
    expect(knocks).toBe(0);
  });

  it("is asked for its address once: a second, different answer is never heard (rebinding)", async () => {
    const stop = new AbortController();
    let questions = 0;
    const got = await download(`http://files.example:${port}/`, {
      ...rules(),
      origins: [`http://files.example:${port}`],
      signal: stop.signal,
      async resolve() {
        questions += 1;
        if (questions > 1) return [{ address: "127.0.0.1", family: 4 }];
        setImmediate(() => stop.abort());
        return [{ address: "157.240.0.1", family: 4 }];
      },
    });

    expect([got.kind, questions, knocks]).toEqual(["broken", 1, 0]);
  });

  it("that has no address is trouble and nothing worse", async () => {
    const resolve = async () => Promise.reject(new Error("ENOTFOUND"));
    const got = await download("https://lookaside.fbsbx.com/", { ...rules(), origins: meta, resolve });

    expect(got).toEqual({ kind: "broken", words: "the host has no address" });
  });
});

describe("an address out in the world", () => {
  it.each(["157.240.0.1", "8.8.8.8", "2a03:2880:f12f:83:face:b00c:0:25de", "2001:4860:4860::8888"])("%s", (address) =>
    expect(isPublic(address)).toBe(true),
  );

  const inward = `
    127.0.0.1 127.255.255.254 0.0.0.0 0.1.2.3 10.0.0.0 10.255.255.255 172.16.0.1 172.31.255.255
    192.168.1.1 169.254.169.254 100.64.0.1 100.127.255.255 192.0.0.8 192.0.2.1 198.18.0.1 198.19.255.255
    198.51.100.7 203.0.113.7 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255 :: ::1 fc00::1 fdff::1
    fe80::1 fe80::1%eth0 ff02::1 ::ffff:8.8.8.8 ::ffff:10.0.0.1 64:ff9b::808:808 64:ff9b:1::1
    2002:a00:1:: 2001::1 2001:db8::1 100::1 3fff::1 5f00::1 localhost 127.1 2130706433 ::1:: 1.2.3
  `;

  it.each(["", ...inward.trim().split(/\s+/)])("is not %j", (address) => expect(isPublic(address)).toBe(false));
});
