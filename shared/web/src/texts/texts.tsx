/**
 * What a person reads: Fluent messages of `shared/locales`, in the language of the page.
 *
 * Each page brings a {@link Library}: its own messages and those that all pages share. Russian comes with the page, English
 * when it is wanted.
 */
import { FluentBundle, FluentResource, type FluentVariable } from "@fluent/bundle";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { KEPT, type Language, preferred } from "./language";

/** Files of messages by path. */
export type Messages = Record<string, string>;
/** The messages of a page. */
export type Library = { ru: Messages; en: () => Promise<{ default: Messages }> };
export type Arguments = Record<string, FluentVariable>;
export type Texts = (id: string, args?: Arguments) => string;

type Speech = { language: Language; speak: (language: Language) => void; t: Texts };
const Speaking = createContext<Speech | null>(null);

/** The texts in the language that is spoken: `t("pass-cancel")`. */
export function useTexts(): Texts {
  return useSpeech().t;
}

export function useSpeech(): Speech {
  const speech = useContext(Speaking);
  if (!speech) throw new Error("texts outside of Texts");
  return speech;
}

export function texts(language: Language, messages: Messages): Texts {
  // Isolation marks are for right-to-left scripts, of which there is none here.
  const bundle = new FluentBundle(language, { useIsolating: false });
  // A file is read when the first of its messages is wanted: most of them are other pages'.
  const unread = new Set(Object.values(messages));
  const find = (name: string) => {
    for (const text of unread) {
      if (bundle.hasMessage(name)) break;
      if (!`\n${text}`.includes(`\n${name} =`)) continue;
      unread.delete(text);
      bundle.addResource(new FluentResource(text));
    }
    return bundle.getMessage(name);
  };
  return (id, args) => {
    const [name = id, attribute] = id.split(".");
    const message = find(name);
    const pattern = attribute ? message?.attributes[attribute] : message?.value;
    return pattern ? bundle.formatPattern(pattern, args) : id;
  };
}

/** Speaks to everything within it. */
export function Texts({
  library,
  fallback,
  children,
}: {
  library: Library;
  fallback: ReactNode;
  children: ReactNode;
}) {
  const [language, speak] = useState(preferred);
  const [english, setEnglish] = useState<Messages>();
  useEffect(() => {
    if (language === "en") library.en().then((module) => setEnglish(module.default));
  }, [language, library]);

  const messages = language === "ru" ? library.ru : english;
  const speech = useMemo<Speech | undefined>(() => {
    if (!messages) return undefined;
    // Before anything is drawn or asked in it.
    document.documentElement.lang = language;
    return {
      language,
      t: texts(language, messages),
      speak(chosen) {
        localStorage.setItem(KEPT, chosen);
        if (chosen === "ru" || english) return speak(chosen);
        // The page stays as it is, with what was typed into it, until the other texts are here.
        library.en().then((module) => {
          setEnglish(module.default);
          speak(chosen);
        });
      },
    };
  }, [language, messages, english, library]);
  return speech ? <Speaking.Provider value={speech}>{children}</Speaking.Provider> : fallback;
}
