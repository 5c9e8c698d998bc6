import { useEffect, useState, type FormEvent } from "react";
import { Link, useNavigate, useSearchParams } from "react-router";
import { api } from "../api/client.ts";
import { Problem } from "../api/request.ts";
import { forgetEverything } from "../api/resource.ts";
import { sentenceFor, suggestLocale, useTexts } from "../app/locale.ts";
import type { Catalogue } from "../i18n/en.ts";
import { Button } from "../ui/Button.tsx";
import { Notice } from "../ui/Notice.tsx";
import styles from "./SignInPage.module.css";

/** Only a path of ours: a link must not carry an operator to a foreign site after signing in. */
const ownPath = (path: string | null): string => (path !== null && /^\/(?![/\\])/.test(path) ? path : "/inbox");

/** Email and password, and a sentence when they do not do. */
export default function SignInPage() {
  const texts = useTexts();
  const words = texts.signIn;
  const navigate = useNavigate();
  const [query] = useSearchParams();
  const [busy, setBusy] = useState(false);
  const [sentence, setSentence] = useState("");

  useEffect(() => {
    document.title = `Detour: ${words.title}`;
  }, [words]);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { email, password } = Object.fromEntries(new FormData(event.currentTarget)) as Record<string, string>;
    if (!email || !password) return setSentence(words.incomplete);
    setBusy(true);
    setSentence("");
    try {
      const { operator } = await api.signIn(email, password);
      forgetEverything();
      suggestLocale(operator.locale);
      await navigate(ownPath(query.get("from")), { replace: true });
    } catch (error) {
      setSentence(refusal(error, texts));
      setBusy(false);
    }
  };

  return (
    <div className={styles["page"]}>
      <form className={styles["card"]} onSubmit={(event) => void submit(event)} noValidate>
        <h1 className={styles["title"]}>{words.title}</h1>
        <p className={styles["intro"]}>{words.intro}</p>
        <label className={styles["label"]}>
          {words.email}
          <input className={styles["field"]} name="email" type="email" autoComplete="username" required />
        </label>
        <label className={styles["label"]}>
          {words.password}
          <input className={styles["field"]} name="password" type="password" autoComplete="current-password" required />
        </label>
        {sentence !== "" && (
          <Notice tone="danger" icon="alert" urgent>
            {sentence}
          </Notice>
        )}
        <Button type="submit" look="primary" disabled={busy}>
          {busy ? words.busy : words.submit}
        </Button>
        <p className={styles["intro"]}>
          {words.noAccount} <Link to="/simulator">{words.simulator}</Link>
        </p>
      </form>
    </div>
  );
}

function refusal(error: unknown, texts: Catalogue): string {
  if (!(error instanceof Problem)) return texts.problems["unknown"] ?? "";
  if (error.status === 401) return texts.signIn.wrong;
  if (error.status === 429) return texts.signIn.tooMany;
  return sentenceFor(texts, error.code, error.message);
}
