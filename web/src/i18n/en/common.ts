/** What every page shares. */
export const common = {
  sections: { label: "Sections", inbox: "Chats", simulator: "Simulator" },
  skip: "Skip to the page",
  language: "Language",
  theme: {
    light: "Light theme. Switch to dark",
    dark: "Dark theme. Switch to light",
  },
  loading: "Loading",
  cancel: "Cancel",
  notFound: {
    title: "There is no such page",
    text: "The address may have been mistyped. These two exist:",
  },
  crashed: {
    title: "This page stopped working",
    text: "Nothing that was saved is lost. Load it again; if it stops once more, tell whoever runs Detour.",
    again: "Load again",
  },
  /** Sentences for the codes of the API; what is not here is shown as the server said it. */
  problems: {
    network: "The server does not answer. Check the connection and try again.",
    unknown: "The server could not do it. Try again in a moment.",
    signed_out: "You are signed out. Sign in again; your drafts are kept.",
    forbidden: "Your role does not allow this. Ask a supervisor.",
    too_many_requests: "Too many requests. Wait a minute and try again.",
    conversation_not_found: "There is no such chat, or you may not see it.",
    conversation_closed: "This chat is closed. It opens again when the customer writes.",
    window_closed: "The 24-hour window is closed. You can write again after the customer's next message.",
  } as Record<string, string>,
  signIn: {
    title: "Sign in",
    intro: "For operators and supervisors.",
    email: "Email",
    password: "Password",
    submit: "Sign in",
    busy: "Signing in",
    wrong: "This email and password do not match. Check both and try again.",
    tooMany: "Too many attempts. Wait a minute and try again.",
    incomplete: "Enter your email and your password.",
    noAccount: "No account? The simulator works without one:",
    simulator: "open the simulator",
  },
};
