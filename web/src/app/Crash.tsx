import { Component, type ReactNode } from "react";
import { Button } from "../ui/Button.tsx";
import { useTexts } from "./locale.ts";
import { Message } from "./Message.tsx";

/** Catches what a page threw, so that people see a sentence and not an empty screen. */
export class Crash extends Component<{ children: ReactNode }, { crashed: boolean }> {
  override state = { crashed: false };

  static getDerivedStateFromError() {
    return { crashed: true };
  }

  override render() {
    return this.state.crashed ? <Sorry /> : this.props.children;
  }
}

function Sorry() {
  const { crashed } = useTexts();
  return (
    <Message title={crashed.title} text={crashed.text}>
      <Button look="primary" onClick={() => location.reload()}>
        {crashed.again}
      </Button>
    </Message>
  );
}
