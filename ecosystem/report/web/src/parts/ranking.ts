/** All ranked regions in a table, the first ten of each pillar, and the groups. */

import { numbersOf, note } from "../chart";
import { core, pillars, ranked, type Standing } from "../data";
import { el, type Child } from "../dom";
import type { PagePart } from "../part";
import { openRegion } from "../state";
import { intervalOf, sure } from "../sure_data";
import { table, type Column } from "../table";
import { count, name, number, percent, score, signed, t } from "../words";

const FIRST = 10;

/** The name of a region, which opens its part. */
export function regionLink(place: number): HTMLElement {
  const region = core.regions[place]!;
  return el("button", { type: "button", class: "link", on: { click: () => openRegion(region.id) } }, name(region.name));
}

function scoreColumns(standing: Standing): Column<number>[] {
  return [0, ...pillars].map((part) => ({
    title: part === 0 ? t("score") : name(core.parts[part]!.name),
    value: (place) => standing.score[part]![place] ?? null,
    show: (place) => (part === 0 ? score(standing.score[part]![place]) : bar(standing, part, place)),
    number: true,
  }));
}

/** A score with a bar behind it, as long as the score is of the best. */
function bar(standing: Standing, part: number, place: number): Child {
  const value = standing.score[part]![place] ?? null;
  const best = Math.max(...standing.score[part]!.map((each) => each ?? 0));
  const share = value === null || best <= 0 ? 0 : Math.max(0, value / best);
  return el("span", { class: "bar", style: `--share: ${share.toFixed(4)}` }, score(value));
}

/** How many places a region has gained since the earlier scores. */
export function climb(part: number, place: number): number | null {
  const before = core.earlier?.rank[part]?.[place] ?? null;
  const now = core.rank[part]![place] ?? null;
  return before === null || now === null ? null : before - now;
}

function rankingColumns(): Column<number>[] {
  const { earlier, tier } = core;
  const columns: (Column<number> | null)[] = [
    { title: t("rank"), value: (place) => core.rank[0]![place] ?? null, show: (place) => count(core.rank[0]![place]), number: true },
    { title: t("region"), value: (place) => name(core.regions[place]!.name), show: regionLink },
    earlier && {
      title: t("change"),
      hint: t("change_hint", { name: earlier.name }),
      value: (place) => climb(0, place),
      show: (place) => signed(climb(0, place)),
      number: true,
    },
    sure && { title: t("interval"), hint: t("interval_hint"), value: (place) => intervalOf(place), show: intervalOf, number: true },
    tier && { title: t("tier"), value: (place) => tier[place] ?? null, show: (place) => count(tier[place]), number: true },
    ...scoreColumns(core),
    {
      title: t("coverage"),
      hint: t("coverage_hint"),
      value: (place) => core.coverage[place] ?? null,
      show: (place) => percent(core.coverage[place]),
      number: true,
    },
    core.mark.some((mark) => mark !== null)
      ? { title: t("mark"), value: (place) => (core.mark[place] ? name(core.mark[place]!) : null), show: (place) => core.mark[place] && name(core.mark[place]!) }
      : null,
  ];
  return columns.filter((column) => column !== null);
}

function smallMultiples(): HTMLElement {
  const one = (part: number): HTMLElement => {
    const values = core.score[part]!;
    const first = ranked(part).slice(0, FIRST);
    const best = Math.max(...first.map((place) => values[place] ?? 0));
    const rows = first.map((place) => {
      const share = best > 0 ? Math.max(0, (values[place] ?? 0) / best) : 0;
      return el("li", { style: `--share: ${share.toFixed(4)}` }, regionLink(place), el("span", {}, score(values[place])));
    });
    return el("div", { class: "small" }, el("h4", {}, name(core.parts[part]!.name)), el("ol", {}, ...rows));
  };
  return el("div", { class: "multiples" }, ...pillars.map(one));
}

function groups(): Child[] {
  const standing = core.groups;
  if (standing === null) {
    return [];
  }
  const columns: Column<number>[] = [
    { title: t("rank"), value: (place) => standing.rank[0]![place] ?? null, show: (place) => count(standing.rank[0]![place]), number: true },
    { title: t("groups"), value: (place) => name(standing.regions[place]!.name) },
    ...scoreColumns(standing),
  ];
  const rows = standing.regions.map((_, place) => place).sort((a, b) => (standing.rank[0]![a] ?? Infinity) - (standing.rank[0]![b] ?? Infinity));
  return [el("h3", {}, t("groups")), table({ file: "groups", caption: t("groups"), columns, rows })];
}

export const ranking: PagePart = {
  id: "ranking",
  there: () => true,
  content: () => [
    table({ file: "ranking", caption: t("ranking"), columns: rankingColumns(), rows: ranked() }),
    ...groups(),
    el("h3", {}, t("pillars")),
    smallMultiples(),
    numbersOf({
      file: "pillars",
      caption: t("pillars"),
      columns: [
        { title: t("part"), value: ({ part }) => name(core.parts[part]!.name) },
        { title: t("rank"), value: ({ part, place }) => core.rank[part]![place] ?? null, number: true },
        { title: t("region"), value: ({ place }) => name(core.regions[place]!.name) },
        { title: t("score"), value: ({ part, place }) => core.score[part]![place] ?? null, show: ({ part, place }) => number(core.score[part]![place], 4), number: true },
      ],
      rows: pillars.flatMap((part) => ranked(part).map((place) => ({ part, place }))),
    }),
    note({ text: t("pillars"), source: name(core.index.source), not: t("pillars_not") }),
  ],
};
