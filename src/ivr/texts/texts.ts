import type { CallTime } from "#router";

/** What is said about moving to a channel; `channel` is its spoken name. */
export interface ChannelWords {
  offer: (channel: string) => string;
  offerWithNumber: (channel: string) => string;
  onItsWay: (channel: string) => string;
  onItsWayBoth: (channel: string) => string;
  farewell: (channel: string) => string;
  notHere: (channel: string) => string;
  notNow: (channel: string) => string;
  sentBoth: (channel: string) => string;
  choice: (channel: string) => string;
}

/** Everything a caller hears, in one language. */
export interface Texts extends ChannelWords {
  /** Names the wording of the offer in the proof of consent: change it whenever the words of `offer` change. */
  wording: string;
  /** Spoken names of the channels; `other` for one that has none here. */
  channels: Record<string, string> & { other: string };
  /** Channels of which one speaks in other words, e.g. a text message with a link. */
  wordsFor: Record<string, ChannelWords>;
  /** What a caller has to do on channels where only that shows that a message has arrived. */
  acts: Record<string, string>;
  /** `company` is empty when its name is not known. */
  greeting: (company: string) => string;
  /** `minutes` is null when nothing should be promised. */
  place: (place: number, minutes: { from: number; to: number } | null) => string;
  enterNumber: string;
  enterNumberAgain: string;
  /** The number digit by digit, and the key that confirms it. */
  confirmNumber: (digits: string[]) => string;
  numberNotGiven: string;
  stillSending: string;
  stays: string;
  callbackPromised: (when: CallTime) => string;
  returned: string;
  connecting: string;
  queueFullPromised: (when: CallTime) => string;
  /** Outside of working hours, with the question for a callback; `opensAt` is a time of day or null. */
  closed: (company: string, opensAt: string | null) => string;
  closedGoodbye: (opensAt: string | null) => string;
  queueFull: string;
  trouble: string;
  nobodyWaiting: string;
  talkOver: string;
  speech: SpeechWords;
}

/** What callers say instead of pressing a key. Lower case, without punctuation. */
export interface SpeechWords {
  yes: string[];
  both: string[];
  no: string[];
  callback: string[];
}
