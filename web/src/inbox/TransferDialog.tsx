import { useState, type FormEvent } from "react";
import { api } from "../api/client.ts";
import { useResource } from "../api/resource.ts";
import type { Conversation, Operator, TransferTarget } from "../api/types.ts";
import { useTexts } from "../app/locale.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog, DialogButtons } from "../ui/Dialog.tsx";
import styles from "./TransferDialog.module.css";

interface Props {
  conversation: Conversation;
  me: Operator;
  onTransfer: (to: TransferTarget, note: string) => void;
  onClose: () => void;
}

/** To whom the chat goes, with a note for them. */
export function TransferDialog({ conversation, me, onTransfer, onClose }: Props) {
  const { cancel, inbox } = useTexts();
  const words = inbox.actions;
  const { data } = useResource("operators", api.operators);
  const [chosen, setChosen] = useState("queue");
  const [note, setNote] = useState("");

  const options = [
    ...(conversation.owner === "queue" ? [] : [{ value: "queue", text: words.toQueue, under: null }]),
    ...(conversation.owner === "bot" ? [] : [{ value: "bot", text: words.toBot, under: null }]),
    ...(data?.operators ?? [])
      .filter((person) => person.id !== me.id)
      .map((person) => ({ value: person.id, text: person.name, under: inbox.presence[person.presence.status] })),
  ];
  const selected = options.some((option) => option.value === chosen) ? chosen : (options[0]?.value ?? "");

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (selected !== "") onTransfer(targetOf(selected), note.trim());
  };
  return (
    <Dialog title={words.transferTitle} onClose={onClose}>
      <form onSubmit={submit}>
        <fieldset className={styles["options"]}>
          <legend className="hidden">{words.to}</legend>
          {options.map((option) => (
            <label key={option.value} className={styles["option"]}>
              <input
                type="radio"
                name="to"
                checked={option.value === selected}
                onChange={() => setChosen(option.value)}
              />
              <span>{option.text}</span>
              {option.under !== null && <span className={styles["under"]}>{option.under}</span>}
            </label>
          ))}
        </fieldset>
        <label className={styles["note"]}>
          {words.noteLabel}
          <textarea rows={3} maxLength={4096} value={note} onChange={(event) => setNote(event.target.value)} />
        </label>
        <DialogButtons>
          <Button onClick={onClose}>{cancel}</Button>
          <Button type="submit" look="primary">
            {words.transferNow}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}

function targetOf(chosen: string): TransferTarget {
  if (chosen === "queue") return { queue: true };
  return chosen === "bot" ? { bot: true } : { operatorId: chosen };
}
