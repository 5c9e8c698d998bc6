import { join } from "node:path";
import type { MediaSettings } from "./settings.ts";
import type { MediaStore } from "./store.ts";
import { createFileStore } from "./store-files.ts";
import { createS3Store } from "./store-s3.ts";

/** The store the settings ask for. Every tenant has a part of its own, so that none deletes another's files. */
export async function openMediaStore(
  settings: MediaSettings,
  { dataDir, tenant }: { dataDir: string; tenant: string },
): Promise<MediaStore> {
  const bucket = settings.MEDIA_S3_BUCKET;
  if (bucket === undefined) return createFileStore(join(dataDir, "media", encodeURIComponent(tenant)));
  return createS3Store({
    bucket,
    endpoint: settings.MEDIA_S3_ENDPOINT,
    region: settings.MEDIA_S3_REGION,
    accessKeyId: settings.MEDIA_S3_ACCESS_KEY_ID ?? "",
    secretAccessKey: settings.MEDIA_S3_SECRET_ACCESS_KEY ?? "",
    prefix: `${settings.MEDIA_S3_PREFIX}${encodeURIComponent(tenant)}/`,
    pathStyle: settings.MEDIA_S3_PATH_STYLE,
  });
}
