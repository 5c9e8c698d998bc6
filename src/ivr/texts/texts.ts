/** Everything a caller hears, in one language. */
export interface Texts {
  /** Names the wording of the offer in the proof of consent: change it whenever the words of `offer` change. */
  wording: string;
  /** Spoken names of the channels; `other` for one that has none here. */
  channels: Record<string, string> & { other: string };
  /** `company` is empty when its name is not known. */
  greeting: (company: string) => string;
  /** `minutes` is null when nothing should be promised. */
  place: (place: number, minutes: { from: number; to: number } | null) => string;
  offer: (channel: string) => string;
  offerWithNumber: (channel: string) => string;
  enterNumber: string;
  enterNumberAgain: string;
  /** The number digit by digit, and the key that confirms it. */
  confirmNumber: (digits: string[]) => string;
  numberNotGiven: string;
  onItsWay: (channel: string) => string;
  /** What a caller has to do on channels where only that shows that a message has arrived. */
  acts: Record<string, string>;
  onItsWayBoth: (channel: string) => string;
  stillSending: string;
  farewell: (channel: string) => string;
  notHere: (channel: string) => string;
  notNow: (channel: string) => string;
  sentBoth: (channel: string) => string;
  choice: (channel: string) => string;
  stays: string;
  callbackPromised: string;
  returned: string;
  connecting: string;
  queueFullPromised: string;
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
