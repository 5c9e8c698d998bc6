import { decodeBinaryNode, encodeBinaryNode, type BinaryNode } from "@whiskeysockets/baileys";
import type { InFlight } from "../kit/inflight.ts";
import { createFrameReader, framed } from "./frames.ts";
import { node } from "./nodes.ts";
import { createNoise, type Identity, type Introduced } from "./noise.ts";

/** One WebSocket of a client, from the handshake to its end. */
export interface Connection {
  send(node: BinaryNode): void;
  /** Ends the stream as WhatsApp does, with its code; 440 says that another connection took over. */
  end(code: number): void;
  /** Refuses the login with this reason. */
  refuse(reason: number): void;
  /** Breaks the line without a word. */
  cut(): void;
  /** Sends something nobody can decrypt. */
  garble(): void;
}

/** The little that is used of a WebSocket. */
export interface Wire {
  send(bytes: Buffer): void;
  close(code?: number): void;
  terminate(): void;
  on(event: "message", listener: (bytes: Buffer) => void): unknown;
  on(event: "close", listener: () => void): unknown;
}

interface Handlers {
  onIntroduced(connection: Connection, who: Introduced): void;
  onNode(connection: Connection, node: BinaryNode): void | Promise<void>;
  onClose(connection: Connection): void;
}

const REPLACED = 440;

/** Speaks Noise and binary nodes with one client; what the nodes mean is decided by the handlers. */
export function openConnection(wire: Wire, identity: Identity, inFlight: InFlight, handlers: Handlers): Connection {
  const noise = createNoise(identity);
  const read = createFrameReader();
  let step: "hello" | "finish" | "open" = "hello";
  let work = Promise.resolve();

  const connection: Connection = {
    send: (sent) => wire.send(framed(noise.seal(encodeBinaryNode(sent)))),
    end(code) {
      const conflict = [node("conflict", { type: "replaced" })];
      connection.send(
        code === REPLACED ? node("stream:error", {}, conflict) : node("stream:error", { code: String(code) }),
      );
      wire.close();
    },
    refuse(reason) {
      connection.send(node("failure", { reason: String(reason) }));
      wire.close();
    },
    cut: () => wire.terminate(),
    garble: () => wire.send(framed(Buffer.alloc(64, 1))),
  };

  async function take(frame: Buffer) {
    if (step === "hello") {
      wire.send(framed(noise.answerHello(frame)));
      step = "finish";
    } else if (step === "finish") {
      step = "open";
      handlers.onIntroduced(connection, noise.finish(frame));
    } else {
      await handlers.onNode(connection, await decodeBinaryNode(noise.open(frame)));
    }
  }

  wire.on("message", (bytes) => {
    for (const frame of read(bytes)) work = work.then(() => inFlight.track(take(frame))).catch(() => wire.terminate());
  });
  wire.on("close", () => handlers.onClose(connection));
  return connection;
}
