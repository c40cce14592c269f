/** Words and numbers in the language that the reader has chosen. */

import { core, data, type Both, type Language } from "./data";

const words = data<Record<Language, Record<string, string>>>("words");

let language: Language = "en";

/** The language that is shown. */
export function spoken(): Language {
  return language;
}

export function speak(chosen: Language): void {
  language = chosen;
  document.documentElement.lang = chosen === "zh" ? "zh-CN" : "en";
  document.title = name(core.index.title);
}

/** The language a page opens in: what its address says, what it was made in, or that of the browser. */
export function firstLanguage(wanted: string | null): Language {
  const choice = wanted ?? document.documentElement.dataset.lang;
  if (choice === "zh" || choice === "en") {
    return choice;
  }
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

/** The words of a key of `ecosystem/report/page_words.py`, each `{name}` replaced. */
export function t(key: string, values: Record<string, string | number> = {}): string {
  const text = words[language][key];
  if (text === undefined) {
    throw new Error(`no words for ${key}`);
  }
  return text.replace(/\{(\w+)\}/g, (whole, field: string) => String(values[field] ?? whole));
}

/** A text of the data in the language that is shown. */
export function name(text: Both): string {
  return text[language];
}

const formats = new Map<string, Intl.NumberFormat>();

function format(digits: number, exact: boolean): Intl.NumberFormat {
  const key = `${language} ${digits} ${exact}`;
  let found = formats.get(key);
  if (found === undefined) {
    found = new Intl.NumberFormat(language === "zh" ? "zh-CN" : "en", {
      minimumFractionDigits: exact ? digits : 0,
      maximumFractionDigits: digits,
    });
    formats.set(key, found);
  }
  return found;
}

/** A score: two decimals, or four where all scores lie between -1 and 1; a dash where there is none. */
export function score(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : format(core.index.fine ? 4 : 2, true).format(value);
}

/** A number as it was measured, with at most so many decimals. */
export function number(value: number | null | undefined, digits = 2): string {
  return value === null || value === undefined ? "–" : format(digits, false).format(value);
}

/** A rank or count. */
export function count(value: number | null | undefined): string {
  return number(value, 0);
}

/** A share between 0 and 1 in per cent. */
export function percent(value: number | null | undefined, digits = 0): string {
  return value === null || value === undefined ? "–" : `${format(digits, true).format(value * 100)}%`;
}

/** A change with its sign. */
export function signed(value: number | null | undefined, say: (value: number) => string = count): string {
  if (value === null || value === undefined) {
    return "–";
  }
  return value > 0 ? `+${say(value)}` : value < 0 ? `−${say(-value)}` : say(0);
}

/** Texts one after the other. */
export function listed(texts: readonly string[]): string {
  return texts.join(language === "zh" ? "、" : ", ");
}

/** Sentences one after the other. */
export function sentences(texts: readonly string[]): string {
  return texts.filter((text) => text !== "").join(language === "zh" ? "" : " ");
}
