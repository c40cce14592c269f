/** The figures of a region: its pillars beside the median and a peer, and what its score is made of. */

import type { EChartsCoreOption } from "echarts/core";

import { figure, palette, shade, tip } from "../chart";
import { core, leaves, pillars } from "../data";
import { choice, el } from "../dom";
import { refreshed } from "../part";
import { called, regionChoice } from "../region_choice";
import { steps, waterfall } from "../waterfall";
import { name, number, score, signed, t } from "../words";
import { percentile, pillarOf, type Stands } from "./standing";

const AXES = 3;

interface Line {
  title: string;
  values: readonly (number | null)[];
  dash: "solid" | "dashed" | "dotted";
  symbol: string;
  colour: string;
}

/** What of the pillars is drawn: scores that differ a hundredfold are seen better by percentile. */
interface Measure {
  of: (part: number, region: number) => number | null;
  median: (part: number) => number | null;
  best: (part: number) => number | null;
  lowest: (part: number) => number;
  say: (value: number | null | undefined) => string;
  title: string;
  note: string;
}

function measureBy(by: string, region: number, known: Stands): Measure {
  if (by === "percentile") {
    return {
      of: (part, place) => known.percentile[part]![place] ?? null,
      median: () => 50,
      best: () => 100,
      lowest: () => 0,
      say: percentile,
      title: t("percentiles_of", { region: called(region) }),
      note: t("percentiles_note"),
    };
  }
  return {
    of: (part, place) => core.score[part]![place] ?? null,
    median: (part) => known.median[part] ?? null,
    best: (part) => known.best[part] ?? null,
    lowest: (part) => Math.min(0, ...core.score[part]!.map((value) => value ?? 0)),
    say: score,
    title: t("pillars_of", { region: called(region) }),
    note: t("pillars_note"),
  };
}

/** The pillars of a region beside the median of all and a peer, which is chosen. */
export function pillarFigure(region: number, known: Stands): HTMLElement {
  let by = "percentile";
  let peer: number | null = known.peers[region]?.[0]?.[0] ?? null;
  const field = regionChoice(t("peer"), peer, (chosen) => {
    peer = chosen;
    shown.render();
  });
  const near = known.peers[region]!.map(([other]) => other);
  const buttons = near.map((other) =>
    el("button", { type: "button", on: { click: () => ((peer = other), field.show(other), shown.render()) } }, called(other)),
  );
  const shown = refreshed(() => [drawn(region, peer, measureBy(by, region, known))]);
  const options = [
    { value: "percentile", text: t("percentile") },
    { value: "score", text: t("score") },
  ];
  const way = choice(t("compared_by"), options, by, (next) => ((by = next), shown.render()));
  const alike = buttons.length > 0 && el("span", { class: "alike" }, el("span", {}, t("similar")), ...buttons);
  return el("div", {}, el("div", { class: "tools" }, way, field.place, alike), shown.place);
}

function drawn(region: number, peer: number | null, measure: Measure): HTMLElement {
  const colours = palette();
  const of = (place: number): (number | null)[] => pillars.map((part) => measure.of(part, place));
  const lines: Line[] = [
    { title: called(region), values: of(region), dash: "solid", symbol: "circle", colour: colours[0]! },
    { title: t("median_all"), values: pillars.map(measure.median), dash: "dashed", symbol: "none", colour: shade("soft") },
  ];
  if (peer !== null && peer !== region) {
    lines.push({ title: called(peer), values: of(peer), dash: "dotted", symbol: "rect", colour: colours[1]! });
  }
  const shown = (values: (at: number) => number | null) => ({ value: values, show: (at: number) => measure.say(values(at)), number: true });
  return figure({
    file: "region-pillars",
    title: measure.title,
    height: pillars.length < AXES ? 130 + 60 * pillars.length : 420,
    option: () => (pillars.length < AXES ? bars(lines, measure) : radar(lines, measure)),
    note: { text: measure.note, source: name(core.index.source), not: t("pillars_of_not") },
    numbers: {
      file: "region-pillars",
      caption: measure.title,
      columns: [
        { title: t("part"), value: (at) => name(core.parts[pillars[at]!]!.name) },
        ...lines.map(({ title, values }) => ({ title, ...shown((at) => values[at] ?? null) })),
        { title: t("best"), ...shown((at) => measure.best(pillars[at]!)) },
      ],
      rows: pillars.map((_, at) => at),
    },
  });
}

function radar(lines: readonly Line[], measure: Measure): EChartsCoreOption {
  const narrow = innerWidth < 600;
  const said = (pointed: Line): HTMLElement =>
    tip(
      pointed.title,
      ...pillars.map((part, at) => {
        const others = lines.filter((line) => line !== pointed).map((line) => `${line.title} ${measure.say(line.values[at])}`);
        return `${name(core.parts[part]!.name)}: ${measure.say(pointed.values[at])} (${others.join(", ")})`;
      }),
    );
  return {
    legend: { bottom: 0, data: lines.map(({ title }) => title), textStyle: { color: shade("ink") } },
    tooltip: { trigger: "item", formatter: ({ seriesIndex }: { seriesIndex: number }) => said(lines[seriesIndex]!) },
    radar: {
      radius: narrow ? "50%" : "74%",
      center: ["50%", "47%"],
      indicator: pillars.map((part) => ({ name: name(core.parts[part]!.name), max: measure.best(part) || 1, min: measure.lowest(part) })),
      axisName: { color: shade("ink"), width: narrow ? 80 : 140, overflow: "break", fontSize: narrow ? 11 : 12.5 },
      splitNumber: 4,
      splitArea: { show: false },
      splitLine: { lineStyle: { color: shade("line") } },
      axisLine: { lineStyle: { color: shade("line") } },
    },
    series: lines.map(({ title, values, dash, symbol, colour }, at) => ({
      type: "radar",
      name: title,
      symbol,
      symbolSize: 6,
      color: colour,
      lineStyle: { type: dash, width: at === 1 ? 1.6 : 2.4 },
      areaStyle: at === 0 ? { opacity: 0.14 } : undefined,
      data: [{ name: title, value: values.map((value) => value ?? "-") }],
    })),
  };
}

function bars(lines: readonly Line[], measure: Measure): EChartsCoreOption {
  const said = (at: number): HTMLElement =>
    tip(name(core.parts[pillars[at]!]!.name), ...lines.map(({ title, values }) => `${title}: ${measure.say(values[at])}`));
  return {
    legend: { bottom: 0, textStyle: { color: shade("ink") } },
    grid: { left: 8, right: 30, top: 10, bottom: 40, containLabel: true },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, formatter: ([first]: { dataIndex: number }[]) => said(first!.dataIndex) },
    xAxis: { type: "value", axisLabel: { color: shade("soft") }, splitLine: { lineStyle: { color: shade("line") } } },
    yAxis: { type: "category", inverse: true, data: pillars.map((part) => name(core.parts[part]!.name)), axisLabel: { color: shade("ink") } },
    series: lines.map(({ title, values, colour }) => ({ type: "bar", name: title, color: colour, data: values.map((value) => value ?? "-") })),
  };
}

/** What the score of a region is made of: by pillar, or by indicator. */
export function scoreFigure(region: number, known: Stands): HTMLElement {
  let by: "pillars" | "indicators" = "pillars";
  const shown = refreshed(() => [madeOf(region, known, by === "pillars" ? pillars : inOrder())]);
  const options = [
    { value: "pillars", text: t("by_pillar") },
    { value: "indicators", text: t("by_indicator") },
  ];
  const field = choice(t("shown_by"), options, by, (chosen) => ((by = chosen as typeof by), shown.render()));
  return el("div", {}, el("div", { class: "tools" }, field), shown.place);
}

/** The indicators, those of a pillar together. */
function inOrder(): number[] {
  return [...leaves].sort((a, b) => pillars.indexOf(pillarOf(a)) - pillars.indexOf(pillarOf(b)) || a - b);
}

function madeOf(region: number, known: Stands, parts: readonly number[]): HTMLElement {
  const adds = known.contribution[0]![region] !== null;
  const amount = (part: number): number | null => (adds ? known.contribution[part]! : core.score[part]!)[region] ?? null;
  const rows = parts.map((part) => ({ part, title: name(core.parts[part]!.name), amount: amount(part) }));
  const shift = adds ? (known.shift ?? 0) : 0;
  const last = shift === 0 ? [] : [{ title: t("last_step"), amount: shift }];
  const present = rows.map(({ title, amount: points }) => ({ title, amount: points ?? 0 }));
  const drawing = adds
    ? steps([...present, ...last], t("score"))
    : [...present.map(({ title, amount: to }) => ({ title, from: 0, to })), { title: t("score"), from: 0, to: core.score[0]![region] ?? 0, whole: true }];
  const title = adds ? t("made_of", { region: called(region) }) : t("scores_of", { region: called(region) });
  return figure({
    file: "region-score",
    title,
    height: 40 + 26 * drawing.length,
    option: () => waterfall(drawing, adds ? signed : score),
    note: {
      text: t(adds ? "made_of_note" : "scores_of_note"),
      source: name(core.index.source),
      not: t("made_of_not"),
    },
    numbers: {
      file: "region-score",
      caption: title,
      columns: [
        { title: t("part"), value: (row) => row.title },
        { title: t("points"), value: (row) => row.amount, show: (row) => number(row.amount, 4), number: true },
      ],
      rows: [...rows, ...last, { title: t("score"), amount: core.score[0]![region] ?? null }],
    },
  });
}
