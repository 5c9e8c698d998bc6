import { proto, type WAMessageContent } from "@whiskeysockets/baileys";
import { deliver, report } from "./mail.ts";
import { lidOf, pn, type LinkedDevice, type Person, type Received, type World } from "./world.ts";

interface Options {
  id?: string;
  address?: "lid" | "pn";
}

/** The hands and eyes of one customer. Everything goes to the account's linked device. */
export interface Customer {
  readonly received: readonly Received[];
  /** Answers the id of the message. With `address: "pn"` the number is shown, as older phones do. */
  write(content: string | WAMessageContent, options?: Options): Promise<string>;
  /** Answers one of the business's messages. */
  reply(to: string, text: string): Promise<string>;
  edit(id: string, text: string): Promise<void>;
  remove(id: string): Promise<void>;
  react(to: string, emoji: string): Promise<void>;
  /** Looks at a message of the business. */
  read(id: string): void;
}

const { MESSAGE_EDIT, REVOKE } = proto.Message.ProtocolMessage.Type;

export function createCustomer(world: World, person: Person, device: () => LinkedDevice): Customer {
  const newId = () => `3A${world.random.hex(18).toUpperCase()}`;

  async function send(content: WAMessageContent, options: Options & { edit?: string } = {}) {
    const { id = newId(), address = "lid", edit } = options;
    await deliver(world, device(), { person, address }, { id, content, ...(edit ? { edit } : {}) });
    return id;
  }
  const mine = (id: string) => ({ remoteJid: pn(device().account.number), fromMe: true, id });

  return {
    received: person.received,
    write: (content, options) => send(typeof content === "string" ? { conversation: content } : content, options),
    reply: (to, text) =>
      send({
        extendedTextMessage: {
          text,
          contextInfo: { stanzaId: to, participant: pn(device().account.number), quotedMessage: { conversation: "…" } },
        },
      }),
    async edit(id, text) {
      const protocolMessage = { key: mine(id), type: MESSAGE_EDIT, editedMessage: { conversation: text } };
      await send({ protocolMessage }, { edit: "1" });
    },
    async remove(id) {
      await send({ protocolMessage: { key: mine(id), type: REVOKE } }, { edit: "7" });
    },
    async react(to, text) {
      await send({ reactionMessage: { key: { ...mine(to), fromMe: false }, text } });
    },
    read: (id) => report(world, device(), { id, from: lidOf(person.lid), type: "read" }),
  };
}
