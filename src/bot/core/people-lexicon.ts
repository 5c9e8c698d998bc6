/**
 * What a word does in a request for a person.
 *
 * - `operator` alone is a request; `person` needs a request or a short message; `live` underlines it; `team` needs a word before it ("customer service")
 * - `connect` orders a connection and needs no noun, `ask` does; `want` is a wish, `talk` is speaking with somebody
 * - `bot` names the machine, `no` refuses, `you` addresses it, `filler` means nothing here
 * - `said` tells what an operator did once, `elsewhere` shows that another operator or person is meant
 */
export type Role =
  | "operator"
  | "person"
  | "live"
  | "team"
  | "somebody"
  | "connect"
  | "ask"
  | "want"
  | "talk"
  | "bot"
  | "no"
  | "you"
  | "there"
  | "filler"
  | "said"
  | "elsewhere"
  | "other";

const words = (text: string) => text.trim().split(/\s+/);

/** Nouns that survive typos. */
export const NOUNS: [Role, string[]][] = [
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

/** Kazakh words taken as they are: endings come one after another, so every form that is asked with stands here. */
const KAZAKH: [Role, string[]][] = [
  ["operator", words(`операторды операторға оператормен операторыңыз операторыңызды`)],
  [
    "person",
    words(`адам адамды адамға адаммен адамыңыз маман маманды маманға маманмен маманыңыз менеджерді менеджерге менеджермен
    кеңесші кеңесшіні кеңесшіге кеңесшімен қызметкер қызметкерді қызметкерге қызметкермен басшы басшыны басшымен
    әкімші әкімшіні әкімшімен консультантты консультантпен`),
  ],
  ["live", words(`тірі шынайы`)],
  ["somebody", words(`біреу біреумен біреуді ешкім`)],
  [
    "ask",
    words(
      `шақыр шақырыңыз шақырыңызшы шақырыңдаршы шақыршы шақырсаңыз шақырып шақыру бер беріңіз беріңізші керек қажет`,
    ),
  ],
  [
    "connect",
    words(`қос қосыңыз қосыңызшы қосшы қосып жалғаңыз жалғаңызшы байланыстыр байланыстырыңыз байланыстырыңызшы
    байланыстырып ауыстырыңыз ауыстырыңызшы`),
  ],
  ["want", words(`қалаймын келеді келіп еді`)],
  [
    "talk",
    words(`сөйлескім сөйлесу сөйлесейін сөйлесейік сөйлесемін сөйлесуге сөйлесіп тілдесу тілдескім тілдесейін
    хабарласқым сөйлесем`),
  ],
  ["bot", words(`ботпен ботсың ботсыз ботты роботпен роботсың роботсыз роботты роботың машинамен бағдарламамен`)],
  ["no", words(`жоқ емес керегі келмейді қаламаймын болмайды`)],
  ["you", words(`сіз сен сендер сіздер сізбен мұнда бұл осында`)],
  ["there", words(`бар барма жауап беретін`)],
  [
    "filler",
    words(`өтінемін өтініш сәлем сәлеметсіз сәлеметсіздер бе ба па пе ма ме маған мені мен менің бізге тез тезірек қазір
    бір жылдам рақмет рахмет бірден тікелей арқылы мүмкін бола ала аламын болса енді ғой`),
  ],
];

/** Words taken as they are. */
export const EXACT: [Role, string[]][] = [
  ...KAZAKH,
  [
    "person",
    words(`люди людей людям человека человеком человеку люд коллега коллегу старший старшего главный главного
    консультац people rep reps csr staff guy lady colleague представитель ppl humans lyudi lyudmi boss босс босса кц колл`),
  ],
  [
    "live",
    words(`живой живого живым живому живая живую живое живые живых живыми живы реальный
    реального реальным реальному реальные live real living alive zhivoy zhivogo zhivym`),
  ],
  ["team", words(`service care team desk central center centre центр центром`)],
  ["somebody", words(`кто ктото нибудь ктонибудь кем кемто кому someone somebody anyone anybody`)],
  [
    "ask",
    words(`позови позовите позвать зови зовите переведи переведите перевести переводи переводите перевод перекинь перекиньте перенаправь перенаправьте подключи
    подключите подключить подключайте пригласи пригласите пригласить вызови вызовите вызвать свяжи свяжите связать
    связаться связь дай дайте давай давайте дать передай передайте верните подзовите призовите кликните нужен нужна
    нужны требую
    switch forward redirect reroute gimme bring patch pozovi pozovite perevedi perevedite dayte daite svyazhite`),
  ],
  [
    "connect",
    words(`соедини соедините соединить соединяй соединяйте соедени соедените соеденить саедините саедини переключи
    переключите переключить переключай переключайте connect transfer escalate soedini soedinite pereklyuchi
    pereklyuchite`),
  ],
  [
    "want",
    words(`хочу хотел хотела хотелось хотим желаю надо нужно можно могу можете можем прошу ищу жду ожидаю жажду
    требуется необходим необходимо
    want need wanna wanted prefer request requesting require demand get give put pass let lemme reach contact find
    waiting wait asking like have hochu mozhno nuzhen nado see call`),
  ],
  [
    "talk",
    words(`поговорить говорить разговаривать разговариваю общаюсь говорю пообщаться общаться общение побеседовать беседа поболтать
    переговорить разговор обратиться спросить хачу пагаварить
    talk speak chat speaking talking chatting converse discuss pogovorit govorit obshchatsya`),
  ],
  [
    "bot",
    words(`бот бота боту ботом боты ботов ботами робот робота роботу роботом роботы роботов роботами
    автоответчик автоответчика автоответчиком машина машиной машину железякой железяка программа программой
    нейросеть нейросетью нейронка ии gpt чатбот чатбота чатботом алгоритм
    bot bots robot robots chatbot chatbots machine machines ai automated computer automation bota botom robotom`),
  ],
  [
    "no",
    words(`не без хватит надоел надоели надоело достал достали устал устала убери уберите отключи отключите нет против
    no not without stop hate dont enough tired sick isnt instead rather ne`),
  ],
  ["you", words(`ты вы это тут здесь там вас вами тебя тобой you this it u are is`)],
  [
    "there",
    words(`есть ответит ответьте ответь отвечает ответить отзовитесь поможет помогите помочь помоги подойдет
    слышит читает ау живет работает there help available around listening reading answer answers respond home`),
  ],
  [
    "filler",
    words(`пожалуйста плиз пж пжл привет здравствуйте здрасте добрый день вечер утро алло ало але эй ну же уже
    да а и или но то мне меня нам нас я мной мною i am im нормальный нормального
    нормальным обычный обычного обычным адекватный адекватного настоящий настоящего настоящим actual proper normal с со к ко
    из у по вашего вашему ваш ваша вашим вашими вашей ваши свой своего
    самый самого самым срочно быстро быстрее скорее сейчас немедленно просто только лучше все еще опять снова так как
    бы ли какой какого любой любого любым кого одного один хоть уж вот блин ладно тогда сразу лично напрямую сюда
    девушка девушку скажите подскажите спасибо живо ради бога умоляю очень онлайн чате чат чтобы мой вопрос вопросу
    please pls plz hi hello hey ok okay the a an to with your me my us of any some one now asap right away immediately
    just already so and or but can could would may might will do be has on in at from for directly instead here
    urgent urgently quickly fast really actually again only customer client thanks thank damn yes how
    another up through over off who first pozhaluysta mne s связи служба службу службой службы costumer custmer`),
  ],
  [
    "said",
    words(`сказал сказала сказали обещал обещала обещали говорил говорила ответил ответила звонил звонила позвонил
    позвонила позвонит позвонят объяснил написал написала оформил оформила посоветовал нахамил said told promised called
    explained wrote replied rang mentioned`),
  ],
  [
    "elsewhere",
    words(`паук паука пауком паучок сотовый сотовой мобильный мобильного мобильной вакансия вакансии
    вакансию работу работы зарплата должность резюме вес рост ростом весом кг лет года возраст возраста размер подарок
    подарка игра игры игру игрушка игрушку игрушки кукла фигурка костюм набор пазл конструктор лего
    vacancy job jobs hiring salary career careers network mobile carrier size weight kg old age years year gift game
    games toy toys doll figure costume set puzzle lego player players playset else
    телефон телефона номер часы график режим phone number hours email`),
  ],
];

/** Words that look like a slip of a person's name for the job and are not. */
export const OTHERWISE = new Set(
  words(`оперативно оперативный оперативная оперативнее операция операции операцию человечек человечка человечки человечков
  человечный человечность operation operations operate operated operates operating manage managed manages message
  messages special specially percent parson supportive sport sports humane advise advised advises direct directly directed directory`),
);
