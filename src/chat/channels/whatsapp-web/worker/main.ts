import { parentPort, workerData } from "node:worker_threads";
import { connect } from "./calls.ts";
import type { Host, Start, Worker } from "./protocol.ts";
import { openSession } from "./session.ts";

/** The thread that runs the library. It is loaded here and nowhere else. */
const start = workerData as Start;
const library = await import("@whiskeysockets/baileys");
if (start.rootKey !== null) library.WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(start.rootKey, "hex");

let session: Worker | null = null;
const methods: Worker = {
  lookUp: (number) => session!.lookUp(number),
  send: (message) => session!.send(message),
  acknowledge: (read) => session!.acknowledge(read),
  unlink: () => session!.unlink(),
};
const host = connect<Host>(parentPort!, { ...methods }).theirs;
session = openSession(library, start, host);
