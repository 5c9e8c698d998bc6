/** What went wrong with a request to the carrier. */
export type CarrierTrouble =
  | { kind: "answered"; status: number; code: number | null; words: string }
  | { kind: "not-connected"; code: string }
  | { kind: "unclear"; code: string };

/** Who carries our text messages: Twilio's account, handed in by `main.ts`. */
export interface SmsCarrier {
  /** The fields of a request the carrier signed for this path of ours; null when it did not. */
  readSigned(request: {
    path: string;
    signature: string | string[] | undefined;
    body: Buffer;
  }): Record<string, string | string[]> | null;
  sendSms(sms: {
    to: string;
    from: string;
    body: string;
    statusCallback: string;
    validityPeriod: number;
  }): Promise<{ kind: "taken"; sid: string } | CarrierTrouble>;
  hasNumber(number: string): Promise<boolean | CarrierTrouble>;
}
