import { useState } from "react";
import { api } from "../api/client.ts";
import type { Conversation, Operator, TransferTarget } from "../api/types.ts";
import { useTexts } from "../app/locale.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog, DialogButtons } from "../ui/Dialog.tsx";
import { Icon } from "../ui/Icon.tsx";
import styles from "./Actions.module.css";
import type { Perform } from "./Inbox.tsx";
import { TransferDialog } from "./TransferDialog.tsx";

interface Props {
  conversation: Conversation;
  me: Operator;
  perform: Perform;
}

/** What may be done with the open chat. */
export function Actions({ conversation, me, perform }: Props) {
  const { inbox } = useTexts();
  const [asking, setAsking] = useState<"transfer" | "close" | null>(null);
  const words = inbox.actions;
  const mine = conversation.owner === "operator" && conversation.operator?.id === me.id;
  const stopAsking = () => setAsking(null);

  const transfer = (to: TransferTarget, note: string) => {
    stopAsking();
    void perform(() => api.transfer(conversation.id, to, note).then(() => null));
  };
  const close = () => {
    stopAsking();
    void perform(() => api.close(conversation.id).then(() => null));
  };

  if (conversation.owner === "closed") return null;
  return (
    <div className={styles["actions"]}>
      {!mine && (
        <Button look="primary" onClick={() => transfer({ operatorId: me.id }, "")}>
          {words.take}
        </Button>
      )}
      <Button look="ghost" onClick={() => setAsking("transfer")}>
        <Icon name="transfer" size={15} />
        {words.transfer}
      </Button>
      <Button look={mine ? "primary" : "plain"} onClick={() => setAsking("close")}>
        <Icon name="tick" size={15} />
        {words.close}
      </Button>
      {asking === "transfer" && (
        <TransferDialog conversation={conversation} me={me} onTransfer={transfer} onClose={stopAsking} />
      )}
      {asking === "close" && <CloseDialog onFinish={close} onClose={stopAsking} />}
    </div>
  );
}

function CloseDialog({ onFinish, onClose }: { onFinish: () => void; onClose: () => void }) {
  const { cancel, inbox } = useTexts();
  return (
    <Dialog title={inbox.actions.closeTitle} onClose={onClose}>
      <p>{inbox.actions.closeText}</p>
      <DialogButtons>
        <Button onClick={onClose}>{cancel}</Button>
        <Button look="primary" onClick={onFinish}>
          {inbox.actions.closeNow}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}
