import { useEffect, useRef, useState } from "react";
import type { Locale } from "../i18n/format.ts";
import type { PhoneLine } from "./types.ts";

const synth: SpeechSynthesis | null = "speechSynthesis" in window ? window.speechSynthesis : null;

const voiceFor = (locale: Locale): SpeechSynthesisVoice | undefined =>
  synth?.getVoices().find((voice) => voice.lang.toLowerCase().startsWith(locale));

/** Reads the call aloud, from the moment it is switched on. */
export interface Speech {
  /** False when the browser has no voice for the language: then there is nothing to switch. */
  possible: boolean;
  on: boolean;
  toggle: () => void;
}

/** Speaks what the hotline and the operator say. Starts silent: browsers allow sound only after a click. */
export function useSpeech(lines: PhoneLine[], locale: Locale): Speech {
  const [voice, setVoice] = useState(() => voiceFor(locale));
  const [on, setOn] = useState(false);
  const spoken = useRef(new Set<string>());

  useEffect(() => {
    const look = () => setVoice(voiceFor(locale));
    look();
    synth?.addEventListener("voiceschanged", look);
    return () => synth?.removeEventListener("voiceschanged", look);
  }, [locale]);

  useEffect(() => {
    for (const line of lines) {
      if (spoken.current.has(line.id)) continue;
      spoken.current.add(line.id);
      if (on && voice && line.who !== "caller") synth?.speak(utter(line.text, voice));
    }
    if (lines.length === 0) synth?.cancel();
  }, [lines, on, voice]);

  useEffect(() => () => synth?.cancel(), []);

  const toggle = () => {
    if (on) synth?.cancel();
    setOn(!on);
  };
  return { possible: voice !== undefined, on: on && voice !== undefined, toggle };
}

function utter(text: string, voice: SpeechSynthesisVoice): SpeechSynthesisUtterance {
  const utterance = new SpeechSynthesisUtterance(text);
  utterance.voice = voice;
  utterance.lang = voice.lang;
  return utterance;
}
