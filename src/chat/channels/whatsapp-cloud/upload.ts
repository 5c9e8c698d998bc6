import { randomBytes } from "node:crypto";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { Readable } from "node:stream";
import { minutes } from "#kit";
import { TooLate, readAll, type Answer, type Line } from "#http";

/** A form with one file. */
export interface UploadForm {
  fields: Record<string, string>;
  file: { name: string; type: string; size: number; body: Readable };
}

const WHOLE = minutes(10);

/** One multipart POST, streamed. Rejects with Node's error, with `TooLate` when it stands still, or the file's own error. */
export function upload(url: URL, form: UploadForm, line: Line): Promise<Answer> {
  const { head, tail, contentType } = framesOf(form);
  const { body, size } = form.file;
  const request = url.protocol === "https:" ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const length = head.length + size + tail.length;
    const headers = { ...line.headers, "content-type": contentType, "content-length": length };
    const out = request(url, { method: "POST", agent: line.agent, headers }, (answer) =>
      readAll(answer, line.largestAnswer).then(finish, fail),
    );
    const tooLate = () => fail(new TooLate("no answer in time"));
    const cancelWhole = line.clock.after(WHOLE, tooLate);
    let cancelSilence = line.clock.after(line.timeout, tooLate);
    body.on("data", () => {
      cancelSilence();
      cancelSilence = line.clock.after(line.timeout, tooLate);
    });
    function end() {
      cancelWhole();
      cancelSilence();
      body.destroy();
    }
    function finish(answer: Answer) {
      // An answer before we have said all is a refusal: the rest is of no use.
      if (!body.readableEnded) out.destroy();
      end();
      resolve(answer);
    }
    function fail(error: Error) {
      end();
      out.destroy();
      reject(error);
    }
    out.on("error", fail);
    body.on("error", fail);
    out.write(head);
    body.pipe(out, { end: false });
    body.once("end", () => out.end(tail));
  });
}

function framesOf({ fields, file }: UploadForm) {
  const boundary = `detour-${randomBytes(16).toString("hex")}`;
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const about = `Content-Disposition: form-data; name="file"; filename="${quoted(file.name)}"\r\nContent-Type: ${file.type}`;
  return {
    head: Buffer.from(`${parts.join("")}--${boundary}\r\n${about}\r\n\r\n`),
    tail: Buffer.from(`\r\n--${boundary}--\r\n`),
    contentType: `multipart/form-data; boundary=${boundary}`,
  };
}

/** As browsers write names into forms. */
const quoted = (name: string) =>
  name.replace(/["\r\n]/g, (char) => `%${char.charCodeAt(0).toString(16).padStart(2, "0").toUpperCase()}`);
