import { createHash, createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A store that speaks as much of Amazon S3's protocol as Detour asks for, and checks every signature. */
export interface S3 {
  url: string;
  bucket: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** Objects by name. */
  objects: Map<string, Buffer>;
  /** What was asked, as `PUT name`. */
  asked: string[];
  /** Why requests were refused. */
  refused: string[];
  /** Answer everything with this status; null when all is well. */
  down: number | null;
  close(): Promise<void>;
}

export async function startS3(): Promise<S3> {
  const keys = { bucket: "files", accessKeyId: "AKIATEST", secretAccessKey: "secret-of-the-stand-in" };
  const s3: S3 = { url: "", ...keys, objects: new Map(), asked: [], refused: [], down: null, close: async () => {} };
  const server = createServer((request, response) => void answer(s3, request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  s3.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  s3.close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return s3;
}

async function answer(s3: S3, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readAll(request);
  const url = new URL(request.url!, s3.url);
  const [, bucket, ...rest] = url.pathname.split("/");
  const name = decodeURIComponent(rest.join("/"));
  s3.asked.push(`${request.method} ${name}`.trim());
  if (s3.down !== null) return error(response, s3.down, "SlowDown");
  const wrong = wrongWith(s3, request, url, body);
  if (wrong) {
    s3.refused.push(wrong);
    return error(response, 403, "SignatureDoesNotMatch");
  }
  if (bucket !== s3.bucket) return error(response, 404, "NoSuchBucket");
  if (request.method === "HEAD" && name === "") return void response.end();
  if (request.method === "PUT") return put(s3, name, body, request, response);
  if (request.method === "GET") return get(s3, name, request, response);
  if (request.method === "DELETE") {
    s3.objects.delete(name);
    return void response.writeHead(204).end();
  }
  return error(response, 405, "MethodNotAllowed");
}

function put(s3: S3, name: string, body: Buffer, request: IncomingMessage, response: ServerResponse): void {
  const announced = request.headers["x-amz-checksum-sha256"];
  if (announced !== undefined && announced !== createHash("sha256").update(body).digest("base64"))
    return error(response, 400, "BadDigest");
  s3.objects.set(name, body);
  response.writeHead(200, { etag: `"${createHash("md5").update(body).digest("hex")}"` }).end();
}

function get(s3: S3, name: string, request: IncomingMessage, response: ServerResponse): void {
  const found = s3.objects.get(name);
  if (!found) return error(response, 404, "NoSuchKey");
  const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "");
  if (!range) return void response.writeHead(200, { "content-length": found.length }).end(found);
  const part = found.subarray(Number(range[1]), Number(range[2]) + 1);
  const contentRange = `bytes ${range[1]}-${range[2]}/${found.length}`;
  response.writeHead(206, { "content-length": part.length, "content-range": contentRange }).end(part);
}

function error(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { "content-type": "application/xml" });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`);
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const CREDENTIAL =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;

/** Signature version 4, worked out again from what came; null when it is right. */
function wrongWith(s3: S3, request: IncomingMessage, url: URL, body: Buffer): string | null {
  const match = CREDENTIAL.exec(request.headers.authorization ?? "");
  if (!match) return "there is no signature of version 4";
  const [, key, day, region, signed, signature] = match as unknown as [string, string, string, string, string, string];
  const time = String(request.headers["x-amz-date"] ?? "");
  const payload = String(request.headers["x-amz-content-sha256"] ?? "");
  if (key !== s3.accessKeyId) return "the access key is not ours";
  if (!time.startsWith(day)) return "the date is not the signed one";
  if (!["host", "x-amz-content-sha256", "x-amz-date"].every((name) => signed.split(";").includes(name)))
    return "a header that must be signed is not";
  if (payload !== "UNSIGNED-PAYLOAD" && payload !== hash(body)) return "the body is not the signed one";
  const query = [...url.searchParams].map(([name, value]) => `${encode(name)}=${encode(value)}`).sort();
  const headers = signed.split(";").map((name) => `${name}:${String(request.headers[name]).trim()}\n`);
  const canonical = [request.method, url.pathname, query.join("&"), headers.join(""), signed, payload].join("\n");
  const scope = `${day}/${region}/s3/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", time, scope, hash(Buffer.from(canonical))].join("\n");
  const secret = [day, region, "s3", "aws4_request"].reduce<Buffer | string>(mac, `AWS4${s3.secretAccessKey}`);
  return mac(secret, toSign).toString("hex") === signature ? null : "the signature is wrong";
}

const hash = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
const mac = (key: Buffer | string, text: string): Buffer => createHmac("sha256", key).update(text).digest();
const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
