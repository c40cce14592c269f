/** One region: where it stands, what its score is made of, and its lineage down to a line of a file. */

import { core, leaves, placeOf, ranked } from "../data";
import { el, type Child } from "../dom";
import { refreshed, type PagePart } from "../part";
import { called, regionChoice } from "../region_choice";
import { choose, state, watch } from "../state";
import { intervalOf } from "../sure_data";
import { table } from "../table";
import { count, name, number, percent, score, signed, t } from "../words";
import { hasLineage, lineageTree } from "./lineage";
import { climb, regionLink } from "./ranking";
import { pillarFigure, scoreFigure } from "./region_figures";
import { measured, normalised, percentile, pillarOf, stands, unit, type Stands } from "./standing";

const MANY = 1000;

/** The rank, the score and what else is known of a region at a glance. */
function facts(region: number): HTMLElement {
  const { earlier, tier, coverage, mark } = core;
  const rank = core.rank[0]![region] ?? null;
  const all = core.rank[0]!.filter((each) => each !== null).length;
  const rows: [string, string, string?][] = [
    [t("rank"), rank === null ? "–" : t("rank_of", { rank: count(rank), all: count(all) })],
    [t("score"), score(core.score[0]![region])],
  ];
  if (intervalOf(region) !== "") {
    rows.push([t("interval"), intervalOf(region), t("interval_hint")]);
  }
  if (earlier !== null) {
    const before = earlier.rank[0]![region] ?? null;
    rows.push([t("change"), signed(climb(0, region)), before === null ? earlier.name : t("rank_before", { rank: before, name: earlier.name })]);
  }
  if (tier !== null) {
    rows.push([t("tier"), count(tier[region])]);
  }
  rows.push([t("coverage"), percent(coverage[region]), t("coverage_hint")]);
  const note = mark[region];
  return el(
    "div",
    {},
    el("dl", { class: "facts-of" }, ...rows.map(([title, text, hint]) => el("div", { title: hint }, el("dt", {}, title), el("dd", {}, text)))),
    note !== null && note !== undefined && el("p", { class: "warning" }, name(note)),
  );
}

/** The indicators in which a region is strong, the first first, and those in which it is weak, as a profile has them. */
function sides(region: number, known: Stands): HTMLElement {
  const placed = leaves.flatMap((part) => {
    const at = known.percentile[part]![region] ?? null;
    return at === null ? [] : [{ part, at }];
  });
  const strong = placed.filter(({ at }) => at >= known.strong).sort((a, b) => b.at - a.at);
  const weak = placed.filter(({ at }) => at <= 100 - known.strong).sort((a, b) => a.at - b.at);
  const side = (title: string, kind: string, rows: typeof placed): HTMLElement =>
    el(
      "div",
      { class: `side ${kind}` },
      el("h4", {}, `${title} (${rows.length})`),
      rows.length === 0 && el("p", { class: "soft" }, t("none")),
      rows.length > 0 && el("ol", {}, ...rows.map(({ part, at }) => sideRow(part, at, region, known))),
    );
  return el("div", { class: "sides" }, side(t("strengths"), "strong", strong), side(t("weaknesses"), "weak", weak));
}

function sideRow(part: number, at: number, region: number, known: Stands): HTMLElement {
  const value = core.raw[leaves.indexOf(part)]![region];
  const facts = [
    `${measured(value)} ${unit(core.parts[part]!)}`.trim(),
    t("rank_of", { rank: count(core.rank[part]![region]), all: count(known.regions[part]) }),
    t("percentile_of", { percentile: percentile(at) }),
  ];
  return el("li", { style: `--share: ${(at / 100).toFixed(4)}` }, el("span", {}, name(core.parts[part]!.name)), el("small", {}, facts.join(" · ")));
}

function pillarName(part: number): string {
  return name(core.parts[pillarOf(part)]!.name);
}

/** A text on one line. */
function kept(text: string): HTMLElement {
  return el("span", { class: "kept" }, text);
}

function indicators(region: number, known: Stands): HTMLElement {
  const value = (part: number): number | null => core.raw[leaves.indexOf(part)]![region] ?? null;
  const shown = (values: (part: number) => number | null | undefined, say: (value: number | null | undefined) => string) => ({
    value: (part: number) => values(part) ?? null,
    show: (part: number) => say(values(part)),
    number: true,
  });
  const best = (part: number): number | null => known.best_region[part] ?? null;
  return table({
    file: "region-indicators",
    caption: t("indicators_of", { region: called(region) }),
    first: MANY,
    rows: leaves,
    columns: [
      {
        title: t("indicator"),
        value: (part) => name(core.parts[part]!.name),
        show: (part) => el("span", { class: "named" }, name(core.parts[part]!.name)),
      },
      { title: t("value"), hint: t("value_hint"), ...shown(value, measured) },
      { title: t("unit"), value: (part) => unit(core.parts[part]!), show: (part) => kept(unit(core.parts[part]!)) },
      { title: t("normalised"), hint: t("normalised_hint"), ...shown((part) => normalised(part, region), (each) => number(each, 2)) },
      { title: t("points"), hint: t("points_hint"), ...shown((part) => known.contribution[part]![region], (each) => number(each, 4)) },
      { title: t("rank"), ...shown((part) => core.rank[part]![region], count) },
      { title: t("percentile"), hint: t("percentile_hint"), ...shown((part) => known.percentile[part]![region], percentile) },
      { title: t("median"), ...shown((part) => known.median[part], measured) },
      { title: t("best"), ...shown((part) => known.best[part], measured) },
      {
        title: t("best_region"),
        value: (part) => (best(part) === null ? null : called(best(part)!)),
        show: (part) => (best(part) === null ? "–" : regionLink(best(part)!)),
      },
      { title: t("pillar"), value: pillarName, show: (part) => kept(pillarName(part)) },
    ],
  });
}

function told(region: number, known: Stands): Child[] {
  const { name: names, within } = core.regions[region]!;
  return [
    el("h3", { class: "region-name" }, name(names), within !== null && el("small", {}, ` ${name(within)}`)),
    facts(region),
    el("h3", {}, t("pillars_beside")),
    pillarFigure(region, known),
    el("h3", {}, t("sides")),
    el("p", { class: "lead" }, t("sides_rule", { from: known.strong, to: 100 - known.strong })),
    sides(region, known),
    el("h3", {}, t("score_made")),
    scoreFigure(region, known),
    el("h3", {}, t("all_indicators")),
    indicators(region, known),
    hasLineage() && el("h3", { id: "lineage" }, t("lineage")),
    ...(hasLineage() ? lineageTree(region, known) : []),
  ];
}

let unwatch = (): void => undefined;

export const region: PagePart = {
  id: "region",
  there: () => true,
  content: async () => {
    const known = await stands();
    const chosen = (): number => placeOf.get(state.region)!;
    const shown = refreshed(() => told(chosen(), known));
    const field = regionChoice(t("region"), chosen(), (place) => choose({ region: core.regions[place]!.id }));
    const order = ranked();
    const step = (by: number) => (): void => {
      const next = order[order.indexOf(chosen()) + by];
      if (next !== undefined) {
        choose({ region: core.regions[next]!.id });
      }
    };
    unwatch();
    unwatch = watch(["region"], () => {
      field.show(chosen());
      shown.render();
    });
    const buttons = [
      el("button", { type: "button", on: { click: step(-1) } }, t("rank_above")),
      el("button", { type: "button", on: { click: step(1) } }, t("rank_below")),
    ];
    return [el("div", { class: "tools chooser" }, field.place, ...buttons), shown.place];
  },
};
