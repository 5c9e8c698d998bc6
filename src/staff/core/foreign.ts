/** What a request tells about the page that sent it. */
export interface Sender {
  method: string;
  /** The media type of the body, in lower case without parameters; null when there is no body. */
  mediaType: string | null;
  /** The header only our own scripts can set: other sites would have to ask first, and are not answered. */
  hasOurHeader: boolean;
  fetchSite: string | null;
  origin: "ours" | "foreign" | "absent";
}

/** A form for files is safe beside our header: other sites would have to ask before sending that. */
const BODIES = new Set(["application/json", "multipart/form-data"]);
const READING = new Set(["GET", "HEAD"]);

/**
 * True when a request that changes something may have been sent by a page of another site with our operator's cookie.
 * Programs that are no browsers send neither `Sec-Fetch-Site` nor `Origin`; they carry no cookie of somebody else.
 */
export function isForeign(sender: Sender): boolean {
  if (READING.has(sender.method)) return false;
  if (!sender.hasOurHeader) return true;
  if (sender.mediaType !== null && !BODIES.has(sender.mediaType)) return true;
  if (sender.origin === "ours") return false;
  if (sender.fetchSite !== null) return sender.fetchSite !== "same-origin" && sender.fetchSite !== "none";
  return sender.origin === "foreign";
}
