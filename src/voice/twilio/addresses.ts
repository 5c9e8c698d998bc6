/** Every address of ours that Twilio asks, as the server sees it. */
export const PATHS = {
  incoming: "/voice/twilio/incoming",
  wait: "/voice/twilio/wait",
  answer: "/voice/twilio/answer",
  left: "/voice/twilio/left",
  pulledOut: "/voice/twilio/pulled-out",
  connecting: "/voice/twilio/connecting",
  status: "/voice/twilio/status",
  operator: "/voice/twilio/operator",
  operatorStatus: "/voice/twilio/operator-status",
  called: "/voice/twilio/called",
  calledStatus: "/voice/twilio/called-status",
  calledLeft: "/voice/twilio/called-left",
  holding: "/voice/twilio/holding",
  joined: "/voice/twilio/joined",
  sound: "/voice/twilio/sounds/:file",
  fallback: "/voice/twilio/fallback.xml",
} as const;

/**
 * How patient Twilio is with us: connect in 1.5 s, answer in 3 s, two more tries; at most 13.5 s of the 15 s
 * it would wait. `ANSWER_WITHIN` (answering.ts) stays below the 3 s.
 */
const PATIENCE = "#ct=1500&rt=3000&rc=2&rp=ct,rt,5xx";

/** What may travel in a query without being written in another way, so that both sides sign the same characters. */
export const PLAIN = /^[A-Za-z0-9._~-]{1,128}$/;
const SOUND_NAME = /^[a-z0-9-]{1,40}$/;

/** The addresses as Twilio is given them. No other address ever gets into a document. */
export interface Addresses {
  incoming: string;
  wait: string;
  left: string;
  pulledOut: string;
  connecting: string;
  status: string;
  answer(turn: string): string;
  operator(leg: string): string;
  operatorStatus(leg: string): string;
  called(leg: string, meeting: string): string;
  calledStatus(leg: string): string;
  calledLeft(leg: string): string;
  holding(leg: string): string;
  joined(leg: string): string;
  sound(name: string): string;
}

export function createAddresses(publicUrl: string): Addresses {
  const at = (path: string) => publicUrl + path + PATIENCE;
  const ofLeg = (path: string) => (leg: string) => at(`${path}?leg=${plain("reference of a leg", leg)}`);
  return {
    incoming: at(PATHS.incoming),
    wait: at(PATHS.wait),
    left: at(PATHS.left),
    pulledOut: at(PATHS.pulledOut),
    connecting: at(PATHS.connecting),
    status: at(PATHS.status),
    answer: (turn) => at(`${PATHS.answer}?turn=${plain("turn", turn)}`),
    operator: ofLeg(PATHS.operator),
    operatorStatus: ofLeg(PATHS.operatorStatus),
    called: (leg, meeting) =>
      at(`${PATHS.called}?leg=${plain("reference of a leg", leg)}&meeting=${plain("meeting", meeting)}`),
    calledStatus: ofLeg(PATHS.calledStatus),
    calledLeft: ofLeg(PATHS.calledLeft),
    holding: ofLeg(PATHS.holding),
    joined: ofLeg(PATHS.joined),
    sound: (name) => publicUrl + PATHS.sound.replace(":file", `${soundName(name)}.wav`),
  };
}

function plain(what: string, text: string): string {
  if (PLAIN.test(text)) return text;
  throw new Error(`A ${what} has 1 to 128 letters, digits, dots, hyphens, underscores or tildes.`);
}

function soundName(name: string): string {
  if (SOUND_NAME.test(name)) return name;
  throw new Error("The name of a sound has 1 to 40 small letters, digits or hyphens.");
}
