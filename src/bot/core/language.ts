import { hasKazakhLetters, type Locale } from "#kit";

const words = (text: string) => new Set(text.trim().split(/\s+/));

const ENGLISH =
  words(`a an the is are was i my me you your we it its im do does did can could will would have has had how
  what where when which who why to of in on for with and or but not no yes from about this that there be been please
  hello hi hey thanks thank order delivery return refund help`);

/** Kazakh words of letters that Russian has as well, and those often typed without the Kazakh ones. */
const KAZAKH =
  words(`салем саламатсыз рахмет ракмет рахметь жок иа ия жаксы жаксылык калай кайда кашан канша керек болады
  болмайды тапсырыс тапсырысым маган менин бар ма ме ба емес ертен кайырлы кун нешеде маган дукен жеткизу кайтару адам`);

/** Words that only Russian has: without one a Kazakh conversation stays Kazakh. */
const RUSSIAN = words(`и в во на не я мне меня мой моя мое мои где как что чтобы когда кто это вы вас вам у с к по за из
  здравствуйте привет спасибо пожалуйста да нет можно нужно нужен хочу есть или но почему сколько заказ заказа доставка`);

/**
 * The language to answer in: the customer's own when it shows, else `known`.
 * Latin letters alone prove nothing ("gde zakaz"), so English needs words of its own.
 */
export function languageOf(said: string[], known: Locale): Locale {
  const letters = (script: RegExp) => said.reduce((sum, word) => sum + (script.test(word) ? word.length : 0), 0);
  const cyrillic = letters(/\p{Script=Cyrillic}/u);
  const latin = letters(/[a-z]/);
  if (cyrillic > latin) return cyrillicLanguage(said, known);
  const english = said.filter((word) => ENGLISH.has(word)).length;
  return latin > cyrillic && english > 0 && english * 4 >= said.length ? "en" : known;
}

function cyrillicLanguage(said: string[], known: Locale): Locale {
  const hasLetters = hasKazakhLetters(said.join(" "));
  const kazakh = said.filter((word) => KAZAKH.has(word) || (hasLetters && hasKazakhLetters(word))).length;
  const russian = said.filter((word) => RUSSIAN.has(word)).length;
  if (kazakh > russian) return "kk";
  return known === "kk" && kazakh === russian ? "kk" : "ru";
}
