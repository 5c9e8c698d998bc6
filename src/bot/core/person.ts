import { roleOf } from "./people-words.ts";
import type { Role } from "./people-words.ts";

const EMPTY: readonly Role[] = ["filler", "you", "there"];
const NOUN: readonly Role[] = ["operator", "person"];

/** True when one sentence asks for a human being, in Russian, English, by half a word or with typos. Pure. */
export function asksForPerson(words: string[]): boolean {
  if (words.length === 0) return false;
  const roles = rolesOf(words);
  if (roles.includes("elsewhere") && !isOrder(roles)) return false;
  return isOrder(roles) || saysOnlyThat(roles) || namesOperator(roles) || refusesBot(roles) || looksForSomebody(roles);
}

/** True when one sentence asks whether a machine is answering. Pure. */
export function asksIfRobot(words: string[]): boolean {
  if (isWho(words)) return true;
  const roles = rolesOf(words);
  const named = roles.filter((role) => role === "bot" || role === "person" || role === "live");
  const rest = roles.filter((role) => !EMPTY.includes(role) && !named.includes(role) && role !== "no" && role !== "other");
  const strange = roles.filter((role) => role === "other").length;
  const asked = rest.every((role) => role === "talk" && isAboutNow(words));
  return roles.includes("you") && named.length > 0 && strange <= 1 && asked && !refusesBot(roles);
}

const WHO = [/^(а )?(ты кто|кто ты|вы кто|кто вы|кто это|с кем я (говорю|общаюсь|разговариваю))( (такой|такая|такие))?$/, /^(who are you|who is this|who am i (talking|speaking|chatting) (to|with)|what are you)$/];

const isWho = (words: string[]) => words.length <= 7 && WHO.some((who) => who.test(words.join(" ")));

/** "Am I talking to a robot" asks; "let me talk to a robot-free line" orders. */
const isAboutNow = (words: string[]) => /\bam i\b|\bis this\b|^я |разговариваю|общаюсь|говорю/.test(words.join(" "));

function rolesOf(words: string[]): Role[] {
  const roles = words.map(roleOf);
  return roles.map((role, at) => (NOUN.includes(role) && isAboutSomebodyElse(words, roles, at) ? "elsewhere" : role));
}

const COUNTED = /^\p{Nd}+$|^(one|two|three|four|five|six|per|каждого|двух|трех|двоих|сколько|many|another|other|in)$/u;
const MEANT_FOR = /^(для|от|про|for|about)$/;
const ON = /^(на|by)$/;

/** "for 4 people", "для одного человека": the noun is not somebody to be called. */
function isAboutSomebodyElse(words: string[], roles: Role[], at: number): boolean {
  const near = words.slice(Math.max(0, at - 2), at);
  const asked = roles.slice(0, at).some((role) => role === "ask" || role === "want" || role === "talk");
  if (near.some((word) => COUNTED.test(word))) return roles[at] !== "operator";
  if (near.some((word) => MEANT_FOR.test(word))) return !/\b(ask|asking|looking|waiting|wait|request)\b/.test(words.join(" "));
  return near.some((word) => ON.test(word)) && !asked;
}

/** "соедините … с оператором", "нужен живой человек", "i want to talk to someone": an order or wish, then whom. */
function isOrder(roles: Role[]): boolean {
  return roles.some((role, at) => {
    if (role === "ask" || role === "talk") return reaches(roles, at, 2) || reachesBack(roles, at);
    return role === "want" && (reaches(roles, at, 0) || reachesBack(roles, at));
  });
}

/** Whether a person is named after `at` with at most `strange` words of other meaning before. */
function reaches(roles: Role[], at: number, strange: number): boolean {
  let unknown = 0;
  for (const role of roles.slice(at + 1)) {
    if (NOUN.includes(role) || (role === "somebody" && roles[at] !== "ask")) return true;
    if (role === "live" && roles[at] !== "want") return true;
    if (role === "bot" || role === "elsewhere" || role === "said") return false;
    if (role === "other" && ++unknown > strange) return false;
  }
  return false;
}

/** "оператора позовите", "человек нужен": the person first, nothing strange between. */
function reachesBack(roles: Role[], at: number): boolean {
  for (const role of roles.slice(0, at).reverse()) {
    if (NOUN.includes(role)) return true;
    if (role !== "filler" && role !== "live") return false;
  }
  return false;
}

/** "оператор", "живой человек плиз", "соедините": every word belongs to the request. */
function saysOnlyThat(roles: Role[]): boolean {
  const strange = roles.some((role) => role === "other" || role === "said" || role === "bot" || role === "no");
  if (strange) return false;
  return roles.some((role) => NOUN.includes(role)) || isBareOrder(roles);
}

const isBareOrder = (roles: Role[]) => roles.includes("talk") && !roles.includes("you");

/** "апператор алё где вы": the job's own name in a short sentence that does not tell a story. */
function namesOperator(roles: Role[]): boolean {
  const strange = roles.filter((role) => role === "other").length;
  return roles.includes("operator") && strange <= 2 && !roles.includes("said");
}

/** "не хочу говорить с роботом", "no bots": the machine is refused, not described. */
function refusesBot(roles: Role[]): boolean {
  const no = roles.indexOf("no");
  const bot = roles.indexOf("bot", no + 1);
  if (no < 0) return false;
  if (bot < 0) return false;
  const between = roles.slice(no + 1, bot);
  const spoken = roles.some((role) => role === "talk" || role === "want" || role === "ask");
  const short = roles.every((role) => role === "no" || role === "bot" || role === "filler");
  return (spoken && !between.includes("other")) || short;
}

/** "есть кто живой?", "anyone there?": calls into the dark. */
function looksForSomebody(roles: Role[]): boolean {
  const strange = roles.filter((role) => role === "other" || role === "said" || role === "bot").length;
  const whom = roles.includes("somebody") || roles.includes("live") || roles.some((role) => NOUN.includes(role));
  return whom && roles.includes("there") && strange <= 1;
}
