const MOST = 120;

/** A file's name as other people may be shown it: no path, no control or direction characters, not endless. */
export function cleanFileName(name: string | null | undefined): string | null {
  const last = (name ?? "").split(/[/\\]/).at(-1)!.toWellFormed();
  const clean = last
    // oxlint-disable-next-line no-control-regex
    .replace(/[\0-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "")
    .replace(/^[.\s]+|\s+$/g, "");
  if (clean === "") return null;
  if (clean.length <= MOST) return clean;
  const ending = /\.[A-Za-z0-9]{1,8}$/.exec(clean)?.[0] ?? "";
  return clean.slice(0, MOST - ending.length).toWellFormed() + ending;
}

/** The header that makes a browser save a file under its name, or show it (RFC 6266). */
export function disposition(how: "inline" | "attachment", fileName: string | null): string {
  if (fileName === null) return how;
  const plain = fileName.replace(/[^\x20-\x7e]|["\\%]/g, "_");
  const full = encodeURIComponent(fileName).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `${how}; filename="${plain}"; filename*=UTF-8''${full}`;
}
