import { roleOf } from "./people-words.ts";
import type { Role } from "./people-lexicon.ts";

const ASKED: ReadonlySet<Role> = new Set<Role>(["bot", "person", "live"]);
const ORDER: ReadonlySet<Role> = new Set<Role>(["connect", "ask", "talk"]);
const NOUN: ReadonlySet<Role> = new Set<Role>(["operator", "person"]);

/** True when one sentence asks for a human being, in Russian, English or Kazakh, by half a word or with typos. Pure. */
export function asksForPerson(words: string[]): boolean {
  if (words.length === 0 || asksIfRobot(words)) return false;
  const roles = rolesOf(words);
  if (roles.includes("elsewhere") && !isOrder(roles)) return false;
  return (
    isOrder(roles) || saysOnlyThat(words, roles) || namesOperator(roles) || refusesBot(roles) || looksForSomebody(roles)
  );
}

/** True when one sentence asks whether a machine is answering. Pure. */
export function asksIfRobot(words: string[]): boolean {
  if (isWho(words)) return true;
  const roles = rolesOf(words);
  const isAddressed = roles.includes("you") || isAboutNow(words);
  const isOnlyThat = roles.every((role) => ASKED.has(role) || role === "you" || role === "filler" || role === "talk");
  const isOrdered = roles.includes("talk") && !isAboutNow(words);
  return isAddressed && isOnlyThat && !isOrdered && roles.some((role) => ASKED.has(role));
}

const WHO = [
  /^(а )?(ты кто|кто ты|вы кто|кто вы|кто это|с кем я (говорю|общаюсь|разговариваю))( (такой|такая|такие))?$/,
  /^(who are you|who is this|who am i (talking|speaking|chatting) (to|with)|what are you)$/,
];

const isWho = (words: string[]) => words.length <= 7 && WHO.some((who) => who.test(words.join(" ")));

/** "Am I talking to a robot" asks; "let me talk to a human" orders. */
const isAboutNow = (words: string[]) => /\bam i\b|разговариваю|общаюсь|говорю/.test(words.join(" "));

function rolesOf(words: string[]): Role[] {
  const roles = words.map(roleOf);
  return roles.map((role, at) => {
    if (role === "live" && roles[at + 1] === "other") return "other"; // "live plants", "живые цветы"
    if (words[at] === "нибудь" && !WHO_ELSE.test(words[at - 1] ?? "")) return "other"; // "какой-нибудь"
    if (role === "team") return TEAM_OF.test(words[at - 1] ?? "") ? "person" : "other";
    return NOUN.has(role) && isAboutSomebodyElse(words, roles, at) ? "elsewhere" : role;
  });
}

const WHO_ELSE = /^(кто|кого|кем|кому)$/;
const TEAM_OF = /^(cust\w+|cost\w+|client|call|help|support|контакт|колл|ваша|вашу|вашей)$/;
const COUNTED = /^\p{Nd}+$|^(one|two|three|four|five|six|per|каждого|двух|трех|двоих|сколько|many|another|other|in)$/u;
const MEANT_FOR = /^(для|от|про|for|about)$/;
const ON = /^(на|by)$/;

/** "for 4 people", "для одного человека": the noun is not somebody to be called. */
function isAboutSomebodyElse(words: string[], roles: Role[], at: number): boolean {
  if (roles[at] === "operator" && words[at + 1] === "связи") return true;
  const near = words.slice(Math.max(0, at - 2), at);
  const asked = roles.slice(0, at).some((role) => ORDER.has(role) || role === "want");
  if (near.some((word) => COUNTED.test(word))) return roles[at] !== "operator";
  if (near.some((word) => MEANT_FOR.test(word)))
    return !/\b(ask|asking|looking|waiting|wait|request)\b/.test(words.join(" "));
  return near.some((word) => ON.test(word)) && !asked;
}

/** "соедините … с оператором", "нужен живой человек", "i want to talk to someone": an order or wish, then whom. */
function isOrder(roles: Role[]): boolean {
  return roles.some((role, at) => {
    if (ORDER.has(role)) return reaches(roles, at, 2) || reachesBack(roles, at);
    return role === "want" && (reaches(roles, at, 0) || reachesBack(roles, at));
  });
}

/** Whether a person is named after `at` with at most `strange` words of other meaning before. */
function reaches(roles: Role[], at: number, strange: number): boolean {
  let unknown = 0;
  for (const role of roles.slice(at + 1)) {
    if (NOUN.has(role) || role === "live") return true;
    if (role === "somebody" && (roles[at] !== "ask" || unknown === 0)) return true;
    if (role === "bot" || role === "elsewhere" || role === "said") return false;
    if (role === "other" && ++unknown > strange) return false;
  }
  return false;
}

/** "оператора позовите", "человек нужен": the person first, nothing strange between. */
function reachesBack(roles: Role[], at: number): boolean {
  for (const role of roles.slice(0, at).reverse()) {
    if (NOUN.has(role)) return true;
    if (role !== "filler" && role !== "live") return false;
  }
  return false;
}

const STRANGE: ReadonlySet<Role> = new Set<Role>(["other", "said", "bot", "no"]);

/** "оператор", "живой человек плиз", "соедините", "anyone?": every word belongs to the request. */
function saysOnlyThat(words: string[], roles: Role[]): boolean {
  if (roles.some((role) => STRANGE.has(role))) return false;
  const isCall = roles.every((role) => role === "filler" || role === "somebody" || role === "live");
  return (
    roles.some((role) => NOUN.has(role)) || isBareOrder(roles) || (isCall && words.some((word) => SOMEBODY.test(word)))
  );
}

const SOMEBODY = /^(anyone|anybody|someone|somebody|нибудь|ктонибудь)$/;

/** "соедините меня", "let's talk": the order itself comes first. */
function isBareOrder(roles: Role[]): boolean {
  const first = roles.find((role) => role !== "filler" && role !== "you" && role !== "want");
  return first === "connect" || (first === "talk" && !roles.includes("you"));
}

/** "апператор алё где вы": the job's own name in a short sentence that does not tell a story. */
function namesOperator(roles: Role[]): boolean {
  const strange = roles.filter((role) => role === "other").length;
  return roles.includes("operator") && strange <= 2 && !roles.includes("said");
}

/** "роботпен сөйлескім келмейді": in Kazakh the refusal comes last. */
const refusesBotLast = (roles: Role[]): boolean =>
  roles[0] === "bot" &&
  roles.at(-1) === "no" &&
  roles.slice(1, -1).every((role) => role === "talk" || role === "filler");

/** "не хочу говорить с роботом", "no bots": the machine is refused, not described. */
function refusesBot(roles: Role[]): boolean {
  if (refusesBotLast(roles)) return true;
  const no = roles.indexOf("no");
  const bot = roles.indexOf("bot", no + 1);
  if (no < 0) return false;
  if (bot < 0) return false;
  const between = roles.slice(no + 1, bot);
  const spoken = roles.some((role) => ORDER.has(role) || role === "want");
  const short = roles.every((role) => role === "no" || role === "bot" || role === "filler");
  return (spoken && !between.includes("other")) || short;
}

/** "есть кто живой?", "anyone there?": calls into the dark. */
function looksForSomebody(roles: Role[]): boolean {
  if (!roles.includes("there")) return false;
  const strange = roles.filter((role) => role !== "no" && STRANGE.has(role)).length;
  const isNamed = roles.includes("live") || roles.some((role) => NOUN.has(role));
  return (isNamed && strange === 0) || (roles.includes("somebody") && strange <= 1);
}
