import type { GetObjectCommandOutput, S3Client } from "@aws-sdk/client-s3";
import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import type { MediaStore } from "./store.ts";

export interface S3Options {
  bucket: string;
  endpoint: string | undefined;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** Beginning of every object's name. */
  prefix: string;
  pathStyle: boolean;
}

/** Left alone the client writes to the console that a stream cannot be sent twice; whoever called hears of it anyway. */
const nothing = () => {};
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing };

const CONNECT_MS = 3000;
const SILENCE_MS = 30_000;

/** Files as objects of an S3-compatible store. The client is loaded only here, because most installations need none. */
export async function createS3Store(options: S3Options): Promise<MediaStore> {
  const s3 = await import("@aws-sdk/client-s3");
  const { bucket: Bucket, prefix } = options;
  const client = clientOf(s3.S3Client, options);
  const keyOf = (sha256: string) => `${prefix}${sha256.slice(0, 2)}/${sha256}`;

  return {
    name: "s3",

    async put({ path, size, sha256 }) {
      const Body = createReadStream(path);
      const ChecksumSHA256 = Buffer.from(sha256, "hex").toString("base64");
      try {
        await client.send(
          new s3.PutObjectCommand({ Bucket, Key: keyOf(sha256), Body, ContentLength: size, ChecksumSHA256 }),
        );
      } finally {
        Body.destroy();
      }
    },

    async open(sha256, part) {
      const Range = part && `bytes=${part.from}-${part.to}`;
      const found = await client.send(new s3.GetObjectCommand({ Bucket, Key: keyOf(sha256), Range })).catch(absent);
      return bodyOf(found);
    },

    async remove(sha256) {
      await client.send(new s3.DeleteObjectCommand({ Bucket, Key: keyOf(sha256) }));
    },

    async check() {
      try {
        await client.send(new s3.HeadBucketCommand({ Bucket }));
        return { ok: true };
      } catch (error) {
        return { ok: false, sentence: sentenceOf(error, options) };
      }
    },

    close: () => client.destroy(),
  };
}

/** Checksums only where they are required: many stores do not know the newer kinds that Amazon adds by itself. */
const clientOf = (Client: typeof S3Client, options: S3Options): S3Client =>
  new Client({
    region: options.region,
    credentials: { accessKeyId: options.accessKeyId, secretAccessKey: options.secretAccessKey },
    forcePathStyle: options.pathStyle,
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: SILENCE_MS },
    maxAttempts: 2,
    logger: SILENT,
  });

const bodyOf = (found: GetObjectCommandOutput | null): Readable | null => (found?.Body as Readable | undefined) ?? null;

function absent(error: Error): null {
  if (error.name === "NoSuchKey" || error.name === "NotFound") return null;
  throw error;
}

function sentenceOf(error: unknown, { bucket, endpoint }: S3Options): string {
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  if (status === 404) return `There is no bucket ${bucket}. Create it, or correct MEDIA_S3_BUCKET.`;
  if (status === 403)
    return `The bucket ${bucket} refuses the access key. Check MEDIA_S3_ACCESS_KEY_ID and its rights.`;
  const name = error instanceof Error ? error.name : "no answer";
  return `The store of files at ${endpoint ?? "Amazon S3"} does not answer (${name}). Check MEDIA_S3_ENDPOINT and MEDIA_S3_REGION.`;
}
