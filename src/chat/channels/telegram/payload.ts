import type { RawApi } from "grammy";
import { cut, unreachable } from "#kit";
import type { Abilities, Choice, OutboundContent, OutboundMessage } from "../../channel.ts";
import { keyOf } from "./keys.ts";
import { readName } from "./names.ts";

type Payload = Parameters<RawApi["sendMessage"]>[0];

/** The parameters of `sendMessage`. Pure. Plain text without marks: there is nothing Telegram could fail to parse. */
export function payloadOf({ to, content, replyTo }: OutboundMessage, abilities: Abilities): Payload {
  return {
    chat_id: Number(to.id),
    text: cut(content.text, abilities.textLength),
    link_preview_options: { is_disabled: true },
    ...answering(replyTo),
    ...keyboardOf(content, abilities),
  };
}

/** A message that was deleted meanwhile is no reason to refuse the answer to it. */
function answering(replyTo: string | undefined): Pick<Payload, "reply_parameters"> {
  const answered = replyTo === undefined ? null : readName(replyTo);
  if (!answered || answered.message === 0) return {};
  return { reply_parameters: { message_id: answered.message, allow_sending_without_reply: true } };
}

function keyboardOf(content: OutboundContent, abilities: Abilities): Pick<Payload, "reply_markup"> {
  switch (content.kind) {
    case "buttons":
      return inline(content.choices.slice(0, abilities.buttons.most), abilities.buttons.titleLength);
    case "list":
      return inline(content.choices.slice(0, abilities.list.mostRows), abilities.list.titleLength);
    case "ask-phone":
      return { reply_markup: contactButton(cut(content.button, abilities.buttons.titleLength)) };
    case "text":
    case "template":
    case "media":
      return {};
    default:
      return unreachable(content);
  }
}

/** One button to a row: on a narrow phone two would be cut. */
function inline(choices: Choice[], titleLength: number): Pick<Payload, "reply_markup"> {
  if (choices.length === 0) return {};
  const rows = choices.map(({ id, title }) => [{ text: cut(title, titleLength), callback_data: keyOf(id) }]);
  return { reply_markup: { inline_keyboard: rows } };
}

/** Goes away when it was pressed. Telegram asks the customer once more before it gives the number. */
const contactButton = (text: string) => ({
  keyboard: [[{ text, request_contact: true }]],
  resize_keyboard: true,
  one_time_keyboard: true,
});
