/** The page: head, contents, parts. */

import { drawAll } from "./chart";
import { core } from "./data";
import { el } from "./dom";
import { section, type PagePart } from "./part";
import { map } from "./parts/map";
import { compare } from "./parts/compare";
import { method } from "./parts/method";
import { network } from "./parts/network";
import { published } from "./parts/published";
import { ranking } from "./parts/ranking";
import { certainty } from "./parts/sure";
import { whatif } from "./parts/whatif";
import { years } from "./parts/years";
import { region } from "./parts/region";
import { choose, state, watch } from "./state";
import { firstLanguage, name, speak, spoken, t } from "./words";

/** The parts in the order of the page. */
const PARTS: readonly PagePart[] = [
  ranking,
  map,
  region,
  compare,
  network,
  certainty,
  whatif,
  years,
  published,
  method,
];

function facts(): string[] {
  const { data, index } = core;
  return [
    t("data_of", { name: data.name || (data.table ?? "") }),
    t("ranked_of", { count: core.rank[0]!.filter((rank) => rank !== null).length }),
    name(core.window) && t("years_of", { years: name(core.window) }),
    ...index.changes.map((change) => t("changed", { change: name(change) })),
  ].filter((fact) => fact !== "");
}

function head(parts: readonly PagePart[]): HTMLElement[] {
  const dark = document.documentElement.dataset.theme === "dark";
  const other = spoken() === "zh" ? "en" : "zh";
  const buttons = [
    el("button", { type: "button", id: "language", lang: other === "zh" ? "zh-CN" : "en", on: { click: () => choose({ lang: other }) } }, t("language")),
    el("button", { type: "button", id: "theme", on: { click: () => choose({ theme: dark ? "light" : "dark" }) } }, t(dark ? "theme_light" : "theme_dark")),
    el("button", { type: "button", on: { click: () => window.print() } }, t("print")),
  ];
  return [
    el("a", { class: "skip", href: "#ranking" }, t("skip")),
    el(
      "header",
      {},
      el("h1", {}, name(core.index.title)),
      el("p", { class: "source" }, name(core.index.source)),
      el("ul", { class: "facts" }, ...facts().map((fact) => el("li", {}, fact))),
      core.data.made_up && el("p", { class: "warning", role: "note" }, t("made_up")),
      el("div", { class: "buttons" }, ...buttons),
    ),
    el(
      "nav",
      { "aria-label": t("contents") },
      el("strong", {}, t("contents")),
      el("ol", {}, ...parts.map((part) => el("li", {}, el("a", { href: `#${part.id}`, on: { click: (event) => go(event, part.id) } }, t(part.id))))),
    ),
  ];
}

/** Go to a part without losing what the address keeps. */
function go(event: Event, id: string): void {
  event.preventDefault();
  const place = document.getElementById(id);
  place?.scrollIntoView();
  place?.focus({ preventScroll: true });
}

function foot(): HTMLElement {
  const version = document.querySelector<HTMLMetaElement>("meta[name=generator]")?.content.split(" ")[1] ?? "";
  return el("footer", {}, el("p", {}, t("made_by", { version })), core.data.hash !== "" && el("p", {}, t("hash_of", { hash: core.data.hash })));
}

function dress(): void {
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  document.documentElement.dataset.theme = state.theme ?? system;
}

async function start(): Promise<void> {
  // texts that are measured before the font is there would be measured without it
  await document.fonts.load('16px "ecosystem-chinese"', "\u4e2d");
  const shown = PARTS.filter((part) => part.there()).map((part) => ({ part, ...section(part) }));
  const content = el("main", {}, ...shown.map(({ place }) => place));
  const frame = el("div", { id: "page" });
  document.body.append(frame);
  const render = async (): Promise<void> => {
    dress();
    speak(firstLanguage(state.lang));
    frame.replaceChildren(...head(shown.map(({ part }) => part)), content, foot());
    for (const { render: fill } of shown) {
      await fill();
    }
  };
  watch(["lang", "theme"], () => void render());
  window.addEventListener("beforeprint", drawAll);
  await render();
  document.documentElement.dataset.ready = "true";
  performance.mark("report-ready");
}

void start();
