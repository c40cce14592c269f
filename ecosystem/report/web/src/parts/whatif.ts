/** What if other weights or other rules held: computed in the page by the formulas of the index, beside its own ranks. */

import { figure, note } from "../chart";
import { core, has, placeOf, ranked } from "../data";
import { el, renew, type Child } from "../dom";
import type { PagePart } from "../part";
import { openRegion, state, watch } from "../state";
import { table, type Column } from "../table";
import { line, options } from "../whatif/command";
import { controls, inWords } from "../whatif/controls";
import { change, drawn, height, picture, type Ranks } from "../whatif/picture";
import { trial, type Trying } from "../whatif/trial";
import { count, listed, name, number, score, sentences, signed, t } from "../words";

/** How many regions a sentence names. */
const NAMED = 5;

const NONE: Ranks = [];

let unwatch = (): void => undefined;

function ranksOf(trying: Trying): Ranks {
  return trying.outcome()?.rank ?? NONE;
}

/** Whether there is a rank to show: every weight may be 0, and a rule may be undefined. */
function why(trying: Trying): string {
  const outcome = trying.outcome();
  if (outcome === null) {
    return t("whatif_no_weight");
  }
  const { unscaled, undefined: lost } = outcome;
  const reason = (methods: readonly string[]): string => listed(methods.map((method) => name(trying.data.reasons[method] ?? trying.now.mean.title)));
  if (unscaled.length > 0) {
    const codes = unscaled.map((place) => trying.data.tree[0]![place]!.code);
    const parts = codes.map((code) => name(core.parts.find((part) => part.code === code)!.name));
    return t("whatif_unscaled", { parts: shortened(parts), why: reason([trying.now.scale.rule.method]) });
  }
  if (lost.regions.length > 0) {
    return t("whatif_undefined", { regions: shortened(lost.regions.map((place) => name(core.regions[place]!.name))), why: reason(lost.methods) });
  }
  return "";
}

function shortened(names: readonly string[]): string {
  const few = listed(names.slice(0, NAMED));
  return names.length > NAMED ? t("whatif_and_more", { names: few, count: names.length - NAMED }) : few;
}

/** What comes of it in a few words: how many stay, where the chosen region goes, who moves most. */
function sentence(trying: Trying): string {
  const ranks = ranksOf(trying);
  const places = core.regions.flatMap((_, place) => (change(ranks, place) === null ? [] : [place]));
  const moves = places.map((place) => change(ranks, place)!);
  const focus = placeOf.get(state.region)!;
  const said = [t("whatif_kept", { kept: count(moves.filter((move) => move === 0).length), total: count(places.length) })];
  said.push(t("whatif_region", { region: name(core.regions[focus]!.name), before: count(core.rank[0]![focus]), after: count(ranks[focus] || null) }));
  const extreme = (sign: number): number => places.reduce((most, place) => (sign * change(ranks, place)! > sign * change(ranks, most)! ? place : most), places[0]!);
  const [up, down] = [extreme(1), extreme(-1)];
  if (change(ranks, up)! > 0) {
    said.push(t("whatif_climb", { region: name(core.regions[up]!.name), places: signed(change(ranks, up)) }));
  }
  if (change(ranks, down)! < 0) {
    said.push(t("whatif_fall", { region: name(core.regions[down]!.name), places: signed(change(ranks, down)) }));
  }
  const shift = moves.reduce((sum, move) => sum + Math.abs(move), 0) / Math.max(moves.length, 1);
  said.push(t("whatif_shift", { places: number(shift, 1) }));
  return sentences(said);
}

/** All regions, the first new rank first, those without one last. */
function byRank(ranks: Ranks): number[] {
  return ranked().sort((a, b) => (ranks[a] || Infinity) - (ranks[b] || Infinity) || 0);
}

function columns(trying: Trying): Column<number>[] {
  const rank = (place: number): number | null => ranksOf(trying)[place] || null;
  const points = (place: number): number | null => {
    const found = trying.outcome()?.overall[place];
    return found === undefined || Number.isNaN(found) ? null : found;
  };
  const link = (place: number): HTMLElement =>
    el("button", { type: "button", class: "link", on: { click: () => openRegion(core.regions[place]!.id) } }, name(core.regions[place]!.name));
  return [
    { title: t("whatif_rank"), value: rank, show: (place) => count(rank(place)), number: true },
    { title: t("region"), value: (place) => name(core.regions[place]!.name), show: link },
    { title: t("whatif_old_rank"), value: (place) => core.rank[0]![place] ?? null, show: (place) => count(core.rank[0]![place]), number: true },
    {
      title: t("change"),
      hint: t("whatif_change_hint"),
      value: (place) => change(ranksOf(trying), place),
      show: (place) => signed(change(ranksOf(trying), place)),
      number: true,
    },
    { title: t("whatif_score"), value: points, show: (place) => score(points(place)), number: true },
    { title: t("whatif_old_score"), value: (place) => core.score[0]![place] ?? null, show: (place) => score(core.score[0]![place]), number: true },
  ];
}

/** The line for a terminal, with a button that copies it. */
function terminal(): { place: HTMLElement; show: (text: string) => void } {
  const code = el("code", { tabindex: 0 });
  const copy = el("button", { type: "button" }, t("whatif_copy"));
  const done = el("span", { role: "status" });
  copy.addEventListener("click", () => {
    getSelection()?.selectAllChildren(code);
    void navigator.clipboard?.writeText(code.textContent ?? "").then(() => (done.textContent = t("whatif_copied")));
  });
  const place = el("div", { class: "command" }, el("p", {}, t("whatif_command")), el("pre", {}, code), el("div", { class: "tools" }, copy, done));
  return { place, show: (text) => ((code.textContent = text), (done.textContent = "")) };
}

/** How far the page is from the scores of the program where nothing is changed. */
function checked(trying: Trying): string {
  const { now, moved, outcome } = trying;
  if (now.mean.option !== null || now.scale.option !== null || moved()) {
    return "";
  }
  const off = core.score[0]!.map((value, place) => (value === null ? 0 : Math.abs(value - outcome()!.overall[place]!)));
  return t("whatif_checked", { off: Math.max(...off).toExponential(0) });
}

function results(trying: Trying): { place: HTMLElement; render: () => void } {
  const said = el("p", { class: "verdict", role: "status" });
  const printed = el("p", { class: "on-paper" });
  const command = terminal();
  const check = checked(trying);
  const movers = figure<number>({
    file: "what-if-movers",
    title: t("whatif_movers"),
    option: () => picture(ranksOf(trying)),
    height: height(),
    note: { text: t("whatif_movers_note"), source: t("whatif_movers_source"), not: t("whatif_not") },
    numbers: { file: "what-if-movers", caption: t("whatif_movers"), columns: columns(trying), rows: () => drawn(ranksOf(trying)), first: 100 },
  });
  const all = table<number>({ file: "what-if", caption: t("whatif_all"), columns: columns(trying), rows: () => byRank(ranksOf(trying)) });
  const numbers = el("div", {}, movers, el("h3", {}, t("whatif_all")), all);
  const render = (): void => {
    const reason = why(trying);
    const { now, data: model, moved } = trying;
    numbers.hidden = reason !== "";
    command.place.hidden = reason !== "";
    said.textContent = reason || sentence(trying);
    said.classList.toggle("warning", reason !== "");
    printed.textContent = inWords(trying);
    const more = options(model, now.mean.rule, moved() ? now.pillars : null, now.scale.option, now.mean.option);
    command.show(line([...model.command, ...more]));
    if (reason === "") {
      renew(numbers);
    }
  };
  const about = note({ text: [t("whatif_note"), check, limits(trying)].filter(Boolean).join(" "), source: t("whatif_source"), not: t("whatif_not") });
  return { place: el("div", {}, printed, said, numbers, command.place, about), render };
}

/** What of the choices is left out, and what the run has changed itself. */
function limits(trying: Trying): string {
  const changed = core.index.changes.map(name);
  return [trying.data.few ? "" : t("whatif_few"), changed.length > 0 ? t("whatif_changed", { changes: listed(changed) }) : ""].filter(Boolean).join(" ");
}

async function content(): Promise<Child[]> {
  const trying = await trial();
  if (trying.data.why !== undefined) {
    return [el("p", { class: "warning", role: "note" }, name(trying.data.why))];
  }
  const shown = results(trying);
  let asked = 0;
  const soon = (): void => {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(shown.render);
  };
  unwatch();
  unwatch = watch(["region"], soon);
  shown.render();
  return [controls(trying, soon), shown.place];
}

export const whatif: PagePart = {
  id: "whatif",
  there: () => has("whatif"),
  content,
};
