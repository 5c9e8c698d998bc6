import { describe, expect, it } from "vitest";
import { recordedUpdates, validateCall, validateResult, validateUpdate } from "../support/telegram-spec.ts";

describe("the description of the Bot API", () => {
  it("agrees with every recorded update", () => {
    expect(Object.values(recordedUpdates).flatMap(validateUpdate)).toEqual([]);
  });

  it("complains about what is not in it", () => {
    expect(validateCall("sendMessage", { chat_id: 1 })).toEqual(["sendMessage.text is missing."]);
    expect(validateCall("sendMessage", { chat_id: 1, text: "x".repeat(4097) })).toEqual([
      "sendMessage.text has 4097 characters.",
    ]);
    expect(validateCall("sendMessage", { chat_id: 1, text: "x", buttons: [] })).toEqual([
      "sendMessage.buttons does not exist.",
    ]);
    expect(validateCall("sendMesage", {})).toEqual(["There is no method sendMesage."]);
    expect(validateResult("getMe", { id: 1, is_bot: true })).toEqual(["result of getMe.first_name is missing."]);
    expect(validateUpdate({ update_id: "1" })).toEqual(["Update.update_id is not of type Integer."]);
  });

  it("counts bytes where Telegram does", () => {
    const button = (data: string) => ({
      chat_id: 1,
      text: "?",
      reply_markup: { inline_keyboard: [[{ text: "a", callback_data: data }]] },
    });

    expect(validateCall("sendMessage", button("я".repeat(32)))).toEqual([]);
    expect(validateCall("sendMessage", button("я".repeat(33)))[0]).toMatch(/callback_data has 66 bytes/);
  });
});
