/** Two to five regions side by side, and where the difference between two of them comes from. */

import type { EChartsCoreOption } from "echarts/core";

import { figure, palette, shade, tip } from "../chart";
import { core, leaves, pillars, placeOf, ranked } from "../data";
import { choice, el, type Child } from "../dom";
import { refreshed, type PagePart } from "../part";
import { called, regionChoice } from "../region_choice";
import { choose, state, watch } from "../state";
import { table, type Column } from "../table";
import { steps, waterfall } from "../waterfall";
import { count, name, number, score, signed, t } from "../words";
import { regionLink } from "./ranking";
import { compared, inDepth, percentile, said, stands, unit, type Stands } from "./standing";

const LEAST = 2;
const MOST = 5;
const FIRST = 15;
const SYMBOLS = ["circle", "rect", "triangle", "diamond", "path://M10 0 L20 20 L10 15 L0 20 Z"];

/** The regions that are compared: those chosen, and where it is one only, the nearest or first other beside it. */
function chosen(known: Stands): number[] {
  const places = state.compare.flatMap((id) => placeOf.get(id) ?? []).slice(0, MOST);
  const beside = [...(known.peers[places[0]!] ?? []).map(([other]) => other), ...ranked()];
  for (const other of beside) {
    if (places.length < LEAST && !places.includes(other)) {
      places.push(other);
    }
  }
  return places;
}

function chooser(places: readonly number[]): HTMLElement {
  const set = (now: readonly number[]): void => choose({ compare: now.map((place) => core.regions[place]!.id) });
  const chips = places.map((place, at) =>
    el(
      "li",
      {},
      el("span", { class: `mark mark-${at + 1}`, "aria-hidden": "true" }),
      regionLink(place),
      places.length > LEAST &&
        el(
          "button",
          { type: "button", class: "remove", "aria-label": t("remove", { region: called(place) }), on: { click: () => set(places.filter((other) => other !== place)) } },
          "×",
        ),
    ),
  );
  const add = regionChoice(t("add_region"), null, (place) => set([...places.filter((other) => other !== place), place]));
  return el("div", { class: "tools chooser" }, el("ul", { class: "chips" }, ...chips), places.length < MOST ? add.place : el("span", { class: "soft" }, t("most_regions", { most: MOST })));
}

/** What of the parts is compared. */
interface Measure {
  title: string;
  value: (part: number, region: number) => number | null;
  show: (part: number, value: number | null) => string;
  unit?: true;
}

function measures(known: Stands): Record<string, Measure> {
  return {
    score: { title: t("score"), value: (part, region) => core.score[part]![region] ?? null, show: (_, value) => score(value) },
    value: { title: t("value_or_score"), value: compared, show: said, unit: true },
    rank: { title: t("rank"), value: (part, region) => core.rank[part]![region] ?? null, show: (_, value) => count(value) },
    percentile: { title: t("percentile"), value: (part, region) => known.percentile[part]![region] ?? null, show: (_, value) => percentile(value) },
  };
}

function sideBySide(places: readonly number[], known: Stands): HTMLElement {
  let of = "score";
  const all = measures(known);
  const shown = refreshed(() => [partsTable(places, all[of]!)]);
  const options = Object.entries(all).map(([value, { title }]) => ({ value, text: title }));
  return el("div", {}, el("div", { class: "tools" }, choice(t("compared_by"), options, of, (next) => ((of = next), shown.render()))), shown.place);
}

/** A number with its sign, in the digits of what is compared. */
function gap(part: number, value: number | null, { show }: Measure): string {
  return signed(value, (size) => show(part, size));
}

function partsTable(places: readonly number[], measure: Measure): HTMLElement {
  const [first, ...others] = places;
  const differences = others.map((place): Column<number> => {
    const difference = (part: number): number | null => {
      const [one, other] = [measure.value(part, first!), measure.value(part, place)];
      return one === null || other === null ? null : one - other;
    };
    return {
      title: t("difference_of", { one: called(first!), other: called(place) }),
      value: difference,
      show: (part) => gap(part, difference(part), measure),
      number: true,
    };
  });
  const top = core.parts[0]!.level;
  return table({
    file: "compare-parts",
    caption: t("side_by_side"),
    first: 500,
    rows: inDepth(),
    columns: [
      {
        title: t("part"),
        value: (part) => name(core.parts[part]!.name),
        show: (part) => el("span", { class: "named", style: `padding-left: ${(top - core.parts[part]!.level) * 1.1}em` }, name(core.parts[part]!.name)),
      },
      ...(measure.unit ? [{ title: t("unit"), value: (part: number) => unit(core.parts[part]!), show: (part: number) => el("span", { class: "kept" }, unit(core.parts[part]!)) }] : []),
      ...places.map((place): Column<number> => ({
        title: called(place),
        value: (part) => measure.value(part, place),
        show: (part) => measure.show(part, measure.value(part, place)),
        number: true,
      })),
      ...differences,
    ],
  });
}

/** The pillars as dots, a sign for each region. */
function dots(places: readonly number[], known: Stands): HTMLElement {
  let of = "score";
  const all = measures(known);
  const shown = refreshed(() => [dotFigure(places, all[of]!)]);
  const options = ["score", "percentile"].map((value) => ({ value, text: all[value]!.title }));
  return el("div", {}, el("div", { class: "tools" }, choice(t("compared_by"), options, of, (next) => ((of = next), shown.render()))), shown.place);
}

function dotFigure(places: readonly number[], measure: Measure): HTMLElement {
  const title = t("pillars_compared");
  const option = (): EChartsCoreOption => ({
    legend: { top: 0, left: 0, itemGap: 16, itemWidth: 13, itemHeight: 13, textStyle: { color: shade("ink") } },
    grid: { left: 8, right: 24, top: 16 + 24 * (innerWidth < 600 ? Math.ceil(places.length / 3) : 1), bottom: 8, containLabel: true },
    tooltip: {
      trigger: "item",
      formatter: ({ data: [, at] }: { data: [number, number] }) =>
        tip(name(core.parts[pillars[at]!]!.name), ...places.map((place) => `${called(place)}: ${measure.show(pillars[at]!, measure.value(pillars[at]!, place))}`)),
    },
    xAxis: { type: "value", scale: false, axisLabel: { color: shade("soft"), formatter: (value: number) => number(value) }, splitLine: { lineStyle: { color: shade("line") } } },
    yAxis: {
      type: "category",
      inverse: true,
      data: pillars.map((part) => name(core.parts[part]!.name)),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: shade("line") } },
      axisLabel: { color: shade("ink"), width: innerWidth < 600 ? 110 : 220, overflow: "break" },
      splitLine: { show: true, lineStyle: { color: shade("line"), type: "dotted" } },
    },
    series: places.map((place, at) => ({
      type: "scatter",
      name: called(place),
      symbol: SYMBOLS[at],
      symbolSize: 13,
      color: palette()[at],
      itemStyle: { opacity: 0.9 },
      data: pillars.flatMap((part, row) => {
        const value = measure.value(part, place);
        return value === null ? [] : [[value, row]];
      }),
    })),
  });
  return figure({
    file: "compare-pillars",
    title: `${title}: ${measure.title}`,
    height: 60 + 46 * pillars.length,
    option,
    note: { text: t("pillars_compared_note"), source: name(core.index.source), not: t("pillars_compared_not") },
    numbers: {
      file: "compare-pillars",
      caption: title,
      columns: [
        { title: t("part"), value: (part) => name(core.parts[part]!.name) },
        ...places.map((place): Column<number> => ({
          title: called(place),
          value: (part) => measure.value(part, place),
          show: (part) => measure.show(part, measure.value(part, place)),
          number: true,
        })),
      ],
      rows: pillars,
    },
  });
}

/** Where the difference between two of the regions comes from; the signs are those of the first less the second. */
function difference(places: readonly number[], known: Stands): HTMLElement {
  let [one, other] = [places[0]!, places[1]!];
  let by = "pillars";
  const field = (label: string, selected: number, take: (place: number) => void): HTMLElement =>
    choice(label, places.map((place) => ({ value: String(place), text: called(place) })), String(selected), (value) => (take(Number(value)), shown.render()));
  const shown = refreshed(() => (one === other ? [el("p", { class: "soft" }, t("same_region"))] : [differenceFigure(one, other, by === "pillars", known)]));
  const ways = [
    { value: "pillars", text: t("by_pillar") },
    { value: "indicators", text: t("by_indicator") },
  ];
  const tools = [
    field(t("one_region"), one, (place) => (one = place)),
    field(t("other_region"), other, (place) => (other = place)),
    choice(t("shown_by"), ways, by, (next) => ((by = next), shown.render())),
  ];
  return el("div", {}, el("div", { class: "tools" }, ...tools), shown.place);
}

function differenceFigure(one: number, other: number, byPillar: boolean, known: Stands): HTMLElement {
  const adds = [one, other].every((place) => known.contribution[0]![place] !== null);
  const of = (part: number, place: number): number | null => (adds ? known.contribution[part]! : core.score[part]!)[place] ?? null;
  const gapOf = (part: number): number | null => {
    const [first, second] = [of(part, one), of(part, other)];
    return first === null || second === null ? null : first - second;
  };
  const size = (part: number): number => Math.abs(gapOf(part) ?? 0);
  const all = byPillar ? [...pillars] : [...leaves].sort((a, b) => size(b) - size(a));
  const first = all.slice(0, FIRST);
  const rest = all.slice(FIRST).reduce((sum, part) => sum + (gapOf(part) ?? 0), 0);
  const rows = first.map((part) => ({ title: name(core.parts[part]!.name), amount: gapOf(part) ?? 0 }));
  const more = all.length > FIRST && adds ? [{ title: t("other_indicators", { count: all.length - FIRST }), amount: rest }] : [];
  const whole = (core.score[0]![one] ?? 0) - (core.score[0]![other] ?? 0);
  const drawing = adds ? steps([...rows, ...more], t("difference_whole")) : rows.map(({ title, amount }) => ({ title, from: 0, to: amount }));
  const title = t("difference_title", { one: called(one), other: called(other), difference: signed(whole, score) });
  return figure({
    file: "compare-difference",
    title,
    height: 40 + 26 * drawing.length,
    option: () => waterfall(drawing, signed),
    note: { text: t(adds ? "difference_note" : "difference_apart"), source: name(core.index.source), not: t("difference_not") },
    numbers: {
      file: "compare-difference",
      caption: title,
      columns: [
        { title: t("part"), value: (part) => name(core.parts[part]!.name) },
        ...[one, other].map((place): Column<number> => ({
          title: called(place),
          value: (part) => of(part, place),
          show: (part) => number(of(part, place), 4),
          number: true,
        })),
        { title: t("difference"), value: gapOf, show: (part) => signed(gapOf(part), (value) => number(value, 4)), number: true },
      ],
      rows: [...all, 0],
    },
  });
}

function told(known: Stands): Child[] {
  const places = chosen(known);
  return [
    chooser(places),
    dots(places, known),
    el("h3", {}, t("side_by_side")),
    sideBySide(places, known),
    el("h3", {}, t("difference_two")),
    difference(places, known),
  ];
}

let unwatch = (): void => undefined;

export const compare: PagePart = {
  id: "compare",
  there: () => core.regions.length > 1,
  content: async () => {
    const known = await stands();
    const shown = refreshed(() => told(known));
    unwatch();
    unwatch = watch(["compare"], shown.render);
    return [shown.place];
  },
};
