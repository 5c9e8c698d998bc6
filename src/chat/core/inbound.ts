import { hasKazakhLetters, unreachable, type Locale } from "#kit";
import type { InboundContent, MediaKind } from "../channel.ts";
import type { ChatTexts } from "../texts/texts.ts";
import type { Said } from "./burst.ts";
import { readPayload } from "./payload.ts";

/** A customer's message as the thread shows it and as the bot hears it. */
export interface Heard {
  /** Never empty, so that nothing a customer sent is invisible. */
  text: string;
  said: Said;
  /** The token of the call whose invite was tapped or whose link was opened. */
  token: string | null;
}

type Shown = Exclude<InboundContent, { kind: "reaction" }>;

/** Reads what a message holds. Pure: the words for what is not text come from the catalogue. */
export function readInbound(content: Shown, texts: ChatTexts): Heard {
  switch (content.kind) {
    case "text":
      return heard(content.text, { text: content.text });
    case "start":
      return { ...heard(texts.started, { start: true }), token: content.token };
    case "own-phone":
      return heard(texts.ownPhone(content.phone), { phone: true });
    case "choice": {
      const { choice, token } = readPayload(content.id);
      return { ...heard(content.text, { text: content.text, choice }), token };
    }
    case "media": {
      const caption = content.caption.trim();
      return heard(fileLine(content.media, caption, texts), { text: caption, media: true });
    }
    case "location":
      return heard(content.text || texts.location, { text: content.text, media: true });
    case "contacts":
      return heard(content.text || texts.contacts, { text: "", media: true });
    case "order":
      return heard(content.text || texts.order, { text: content.text, media: true });
    case "unsupported":
      return heard(texts.unsupported(content.what), { text: "", media: true });
    default:
      return unreachable(content);
  }
}

/** A file in words: what it is and what was written beside it. */
export const fileLine = (media: MediaKind, caption: string, texts: ChatTexts): string =>
  caption === "" ? texts.media[media] : `${texts.media[media]}: ${caption}`;

const heard = (text: string, said: Partial<Said>): Heard => ({
  text: text.trim() === "" ? "…" : text,
  said: { text: "", choice: null, media: false, ...said },
  token: null,
});

/** The language of a text, as far as its letters tell; else `usual`. Kazakh can be written without its own letters. */
export function localeOfText(text: string, usual: Locale): Locale {
  if (hasKazakhLetters(text)) return "kk";
  if (/\p{Script=Cyrillic}/u.test(text)) return usual === "kk" ? "kk" : "ru";
  return /\p{Script=Latin}{2}/u.test(text) ? "en" : usual;
}
