import { stemOf } from "./words.ts";

const words = (text: string) => text.trim().split(/\s+/);

const STEMS = new Set(
  words(`жалоба жаловаться пожаловаться пожалуюсь жалобу жалуюсь претензия претензию безобразие безобразно безабразие
  хамство хамит нахамил нахамили нахамила хамы хам хамло грубил нагрубил нагрубила грубиян обманщики обманщик обман
  обманываете обманули мошенники мошенник мошенничество кинули кидалы развод разводилы лохотрон отвратительно
  отвратительный отвратительная отвратительное возмутительно возмущен возмущена возмущению позор позорище кошмар
  ужасный ужасная ужасное ужасно издеваетесь издевательство бардак бесит бесите задолбали задолбал достали заколебали
  роспотребнадзор прокуратура прокуратуру суд засужу хреново хрень говно говна дерьмо блять блядь бля сука суки нахуй
  хуйня хуево пиздец пизда ебаный ебать заебали заебал мудаки мудак идиоты дебилы уроды твари козлы наглость
  свинство недоволен недовольна недовольны хамски хамская хамское наорал наорала zhaloba obman bezobrazie koshmar
  complaint complaints complain complaining unacceptable disgusting disgusted disgrace disgraceful terrible awful
  horrible horrendous appalling atrocious scam scammers scammed fraud fraudsters cheated cheating ripoff lawyer sue
  suing outrageous outraged furious ridiculous pathetic incompetent useless garbage crap shit bullshit fuck fucking
  fucked wtf idiots morons rude rudely  liars lied lying ashamed
  шағым шағымым шағымданамын шағымданғым шағымданамыз масқара сорақы ұят алаяқ алаяқтар алдадыңыздар алдап өтірікші
  дөрекі дөрекілік ақымақ ақымақтар сұмдық`).map(stemOf),
);

const NOT_ANGRY = new Set(words(`не нет без no not without never`));

/** True when a sentence carries a complaint or abuse; "no complaints" is not one. Pure. */
export function isComplaint(sentence: string[]): boolean {
  return sentence.some((word, at) => {
    if (!STEMS.has(stemOf(word))) return false;
    return (
      !NOT_ANGRY.has(sentence[at - 1] ?? "") && !NOT_ANGRY.has(sentence[at - 2] ?? "") && sentence[at + 1] !== "жоқ"
    );
  });
}
