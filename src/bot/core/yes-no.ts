const words = (text: string) => new Set(text.trim().split(/\s+/));

const YES = words(`да ага угу ок окей хорошо понятно ясно понял поняла отлично супер класс помогло верно точно спасибо
  благодарю конечно вопросов больше
  иә ия жарайды жақсы болды дұрыс түсінікті түсіндім рақмет рахмет көмектесті керемет
  yes yep yeah yup ok okay sure great perfect thanks thank thx ty got it good cool right correct helped cheers`);
const NO = words(`нет не неа нету неверно жоқ емес көмектеспеді no nope nah not wrong didnt doesnt isnt neither`);
const FILLER = words(`все всё это мне вам вас вы мы я так то помогло помог помогли that did does is it was what i asked
  help me you very much a the большое огромное очень а и of all my meant mean про том об совсем спрашивал спрашивала
  ответили ответил ответ really for so answer бәрі көп үлкен сізге маған бұл осы енді сұрағым`);
const THANKS = words(`спасибо благодарю рақмет рахмет thanks thank thx`);

/** What a whole message means as an answer; null when it says more than that. "Нет, спасибо" declines politely. */
export function replyIn(message: string[]): "yes" | "no" | "thanks" | null {
  if (message.length === 0 || message.length > 8) return null;
  if (!message.every((word) => YES.has(word) || NO.has(word) || FILLER.has(word))) return null;
  if (message.some((word) => THANKS.has(word))) return "thanks";
  if (message.some((word) => NO.has(word))) return "no";
  return message.some((word) => YES.has(word)) ? "yes" : null;
}

/** The same for emoji alone. */
export function emojiVerdict(text: string): "yes" | "no" | null {
  if (/[\p{L}\p{N}]/u.test(text)) return null;
  if (/👎|😡|🤬|😠|💩/u.test(text)) return "no";
  return /👍|🙏|👌|❤|😊|🙂|😀|😃|🤝|💚|✅|🔥|🥰|😍|🎉|🆗/u.test(text) ? "yes" : null;
}
