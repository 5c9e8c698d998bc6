import { differing, isNear, lettersOf } from "./fuzzy.ts";
import { remember } from "./remember.ts";
import { stemOf } from "./words.ts";

/**
 * What a word does in a request for a person.
 *
 * - `operator` alone is a request; `person` needs a request or a short message; `live` underlines it
 * - `ask` orders a connection, `want` is a wish, `talk` is speaking with somebody
 * - `bot` names the machine, `no` refuses, `you` addresses it, `filler` means nothing here
 * - `said` tells what an operator did once, `elsewhere` shows that another operator or person is meant
 */
export type Role =
  | "operator" | "person" | "live" | "somebody" | "ask" | "want" | "talk"
  | "bot" | "no" | "you" | "there" | "filler" | "said" | "elsewhere" | "other";

const words = (text: string) => text.trim().split(/\s+/);

/** Nouns survive typos: two slips in seven letters and more, one in five or six. */
const NOUNS: [Role, string[]][] = [
  ["operator", words(`оператор operator representative operatora операторша`)],
  [
    "person",
    words(`человек менеджер консультант сотрудник специалист администратор поддержк техподдержк саппорт представител
    начальник руководител director директор диспетчер людьми
    human person agent manager representative supervisor specialist consultant advisor adviser employee associate
    support menedzher menedjer menager meneger chelovek cheloveka chelovekom sotrudnik sotrudnika konsultant
    konsultanta spetsialist administrator helpdesk callcenter`),
  ],
];

const EXACT: [Role, string[]][] = [
  ["person", words(`люди людей людям человека человеком человеку люд коллега коллегу старший старшего главный главного
    консультац people rep reps csr staff guy lady colleague представитель ppl humans lyudi lyudmi служб service care team
    desk кц колл центр center centre`)],
  ["live", words(`живой живого живым живому живая живую живые живых живыми живы настоящий настоящего настоящим настоящие
    реальный реального реальным реальному реальные нормальный нормального нормальным обычный обычного обычным
    адекватный адекватного live real actual living alive proper flesh normal breathing zhivoy zhivogo zhivym`)],
  ["somebody", words(`кто ктото нибудь ктонибудь кем кемто кому someone somebody anyone anybody`)],
  ["ask", words(`позови позовите позвать зови зовите соедини соедините соединить соединяй соединяйте соединения соедени
    соедените соеденить саедините саедини переключи переключите переключить переключай переключайте переключение
    переведи переведите перевести переводи переводите перевод перекинь перекиньте перенаправь перенаправьте подключи
    подключите подключить подключайте пригласи пригласите пригласить вызови вызовите вызвать свяжи свяжите связать
    связаться связь дай дайте давай давайте дать передай передайте верните подзовите призовите кликните нужен нужна
    нужны требую
    connect transfer escalate switch forward redirect reroute gimme bring patch soedini soedinite pozovi pozovite
    pereklyuchi pereklyuchite perevedi perevedite dayte daite svyazhite`)],
  ["want", words(`хочу хотел хотела хотелось хотим желаю надо нужно можно могу можете можем прошу ищу жду ожидаю жажду
    требуется необходим необходимо
    want need wanna wanted prefer request requesting require demand get give put pass let lemme reach contact find
    waiting wait asking like hochu mozhno nuzhen nado see call`)],
  ["talk", words(`поговорить говорить разговаривать пообщаться общаться общение побеседовать беседа поболтать
    переговорить разговор обратиться спросить хачу пагаварить
    talk speak chat speaking talking chatting converse discuss pogovorit govorit obshchatsya`)],
  ["bot", words(`бот бота боту ботом боты ботов ботами робот робота роботу роботом роботы роботов роботами
    автоответчик автоответчика автоответчиком машина машиной машину железякой железяка программа программой
    нейросеть нейросетью нейронка ии gpt чатбот чатбота чатботом алгоритм
    bot bots robot robots chatbot chatbots machine machines ai automated computer automation bota botom robotom`)],
  ["no", words(`не без хватит надоел надоели надоело достал достали устал устала убери уберите отключи отключите нет против
    no not without stop hate dont enough tired sick isnt instead rather ne`)],
  ["you", words(`ты вы это тут здесь там вас вами тебя тобой я со мной мной you this it i u am are is im are talking`)],
  ["there", words(`есть ответит ответьте ответь отвечает ответить отзовитесь поможет помогите помочь помоги подойдет
    слышит читает ау живет работает there help available around listening reading answer answers respond home`)],
  ["filler", words(`пожалуйста плиз пж пжл привет здравствуйте здрасте добрый день вечер утро алло ало але эй ну же уже
    да а и или но то мне меня нам нас с со к ко из у по вашего вашему ваш ваша вашим вашими вашей ваши свой своего
    самый самого самым срочно быстро быстрее скорее сейчас немедленно просто только лучше все еще опять снова так как
    бы ли какой какого любой любого любым кого одного один хоть уж вот блин ладно тогда сразу лично напрямую сюда
    девушка девушку скажите подскажите спасибо живо ради бога умоляю очень онлайн чате чат чтобы мой вопрос вопросу
    please pls plz hi hello hey ok okay the a an to with your me my us of any some one now asap right away immediately
    just already so and or but can could would may might will do be have has on in at from for directly instead here
    urgent urgently quickly fast really actually again only want's customer client id thanks thank damn yes how
    another up through over off who someone's first line pozhaluysta mne s`)],
  ["said", words(`сказал сказала сказали обещал обещала обещали говорил говорила ответил ответила звонил звонила позвонил
    позвонила позвонит позвонят объяснил написал написала оформил оформила посоветовал нахамил said told promised called
    explained advised wrote replied rang mentioned`)],
  ["elsewhere", words(`паук паука пауком паучок связи сотовый сотовой мобильный мобильного мобильной вакансия вакансии
    вакансию работу работы зарплата должность резюме вес рост ростом весом кг лет года возраст возраста размер подарок
    подарка игра игры игру игрушка игрушку игрушки кукла фигурка костюм набор пазл конструктор лего
    vacancy job jobs hiring salary career careers network mobile carrier size weight kg old age years year gift game
    games toy toys doll figure costume set puzzle lego player players playset else
    телефон телефона номер часы график режим phone number hours email`)],
];

/** Words that look like a slip of a person's name for the job and are not. */
const OTHERWISE = new Set(
  words(`оперативно оперативный оперативная оперативнее операция операции операцию человечек человечка человечки человечков
  человечный человечность operation operations operate operated operates operating manage managed manages message
  messages special specially percent parson supportive sport sports humane`),
);

const plain = (word: string) => word.replace(/(.)\1/gu, "$1");

const exact = new Map<string, Role>(EXACT.flatMap(([role, list]) => list.map((word) => [word, role] as const)));
const nouns = NOUNS.flatMap(([role, list]) =>
  list.map((noun) => ({ role, noun: plain(noun), letters: lettersOf(plain(noun)), slips: slipsIn(noun) })),
);

/** The part a word plays, typos and a forgotten keyboard layout forgiven. */
export const roleOf = remember((word: string): Role => known(word) ?? known(otherLayout(word)) ?? "other");

function known(word: string): Role | null {
  if (OTHERWISE.has(word)) return null;
  return exact.get(word) ?? exact.get(plain(word)) ?? nounLike(word);
}

function nounLike(word: string): Role | null {
  if (word.length < 4) return null;
  const spellings = new Set([plain(word), plain(stemOf(word)), plain(word.replace(/s$/, ""))]);
  for (const spelling of spellings) {
    const letters = lettersOf(spelling);
    const found = nouns.find(
      (noun) => differing(letters, noun.letters) <= noun.slips * 2 && isNear(spelling, noun.noun, noun.slips),
    );
    if (found) return found.role;
  }
  return null;
}

function slipsIn(noun: string): number {
  if (noun.length >= 8 || noun === "человек") return 2;
  return noun.length >= 5 ? 1 : 0;
}

const QWERTY = "qwertyuiop[]asdfghjkl;'zxcvbnm,.";
const ЙЦУКЕН = "йцукенгшщзхъфывапролджэячсмитьбю";

function otherLayout(word: string): string {
  if (word.length < 5) return "";
  const [from, to] = /[а-я]/.test(word) ? [ЙЦУКЕН, QWERTY] : [QWERTY, ЙЦУКЕН];
  return word.replace(/./gu, (letter) => to[from.indexOf(letter)] ?? letter);
}
