import { flag, optionalText, settingsPart, text, wholeNumber, type SettingsOf } from "#config";
import { z } from "zod";

const NEEDED = ["MEDIA_S3_BUCKET", "MEDIA_S3_ACCESS_KEY_ID", "MEDIA_S3_SECRET_ACCESS_KEY"] as const;

/** The files' part of `.env`. */
export const mediaSettings = settingsPart({
  title: "Files",
  schema: z.object({
    MEDIA_MOST_MEGABYTES: wholeNumber(
      100,
      { min: 1, max: 2000 },
      "Files of customers larger than this are not fetched, and operators cannot attach them.",
    ),
    MEDIA_KEEP_DAYS: wholeNumber(
      90,
      { min: 0, max: 36_500 },
      "Files are deleted this many days after they came or were sent; the messages stay. 0 keeps them for ever.",
    ),
    MEDIA_S3_BUCKET: optionalText(
      "Bucket of an S3-compatible store that keeps the files. Empty: the folder media in DATA_DIR keeps them.",
    ),
    MEDIA_S3_ENDPOINT: z
      .url({ protocol: /^https?$/, error: "must be an address that starts with http:// or https://" })
      .optional()
      .describe("Address of that store. Empty: Amazon's own."),
    MEDIA_S3_REGION: text("us-east-1", "Region the requests are signed for; most other stores take any."),
    MEDIA_S3_ACCESS_KEY_ID: optionalText("Access key that may read, write and delete in the bucket."),
    MEDIA_S3_SECRET_ACCESS_KEY: optionalText("Secret of that access key."),
    MEDIA_S3_PREFIX: text("detour/", "Beginning of the names of all objects, so that a bucket can be shared."),
    MEDIA_S3_PATH_STYLE: flag(
      true,
      "Ask for /bucket/object, which every store understands; off: the bucket is part of the host name.",
    ),
  }),
  contradiction(values) {
    const missing = NEEDED.filter((name) => values[name] === undefined);
    if (missing.length === 0 || missing.length === NEEDED.length) return null;
    return `The store of files is connected by half: ${missing[0]} is missing. Set ${missing.join(" and ")}, or leave all MEDIA_S3_ settings empty.`;
  },
});

/** The same, read. */
export type MediaSettings = SettingsOf<typeof mediaSettings>;
