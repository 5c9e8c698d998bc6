import { Navigate, useLocation } from "react-router";
import { api } from "../api/client.ts";
import { useResource } from "../api/resource.ts";
import { sentenceFor, useTexts } from "../app/locale.ts";
import { Message } from "../app/Message.tsx";
import { Button } from "../ui/Button.tsx";
import { Inbox } from "./Inbox.tsx";

/** The operators' side. Whoever is not signed in is sent to sign in and comes back here. */
export default function InboxPage() {
  const texts = useTexts();
  const location = useLocation();
  const session = useResource("session", api.session);

  if (session.problem?.status === 401) {
    return <Navigate to={`/sign-in?from=${encodeURIComponent(location.pathname)}`} replace />;
  }
  if (session.data !== null) return <Inbox session={session.data} refreshSession={session.refresh} />;
  if (session.problem === null) return null;
  return (
    <Message title={texts.inbox.title} text={sentenceFor(texts, session.problem.code, session.problem.message)}>
      <Button onClick={session.refresh}>{texts.crashed.again}</Button>
    </Message>
  );
}
