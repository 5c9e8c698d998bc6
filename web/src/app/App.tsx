import { lazy, Suspense } from "react";
import { BrowserRouter, Link, Navigate, Route, Routes } from "react-router";
import { Crash } from "./Crash.tsx";
import { Frame } from "./Frame.tsx";
import { useTexts } from "./locale.ts";
import { Message } from "./Message.tsx";

const SimulatorPage = lazy(() => import("../simulator/SimulatorPage.tsx"));
const InboxPage = lazy(() => import("../inbox/InboxPage.tsx"));
const SignInPage = lazy(() => import("../sign-in/SignInPage.tsx"));

/** Which page an address shows. Every section is its own chunk. */
export function App() {
  return (
    <BrowserRouter>
      <Frame>
        <Crash>
          <Suspense fallback={null}>
            <Routes>
              <Route path="/" element={<Navigate to="/inbox" replace />} />
              <Route path="/simulator" element={<SimulatorPage />} />
              <Route path="/inbox/:id?" element={<InboxPage />} />
              <Route path="/sign-in" element={<SignInPage />} />
              <Route path="*" element={<NotFound />} />
            </Routes>
          </Suspense>
        </Crash>
      </Frame>
    </BrowserRouter>
  );
}

function NotFound() {
  const { notFound, sections } = useTexts();
  return (
    <Message title={notFound.title} text={notFound.text}>
      <Link to="/inbox">{sections.inbox}</Link>
      <Link to="/simulator">{sections.simulator}</Link>
    </Message>
  );
}
