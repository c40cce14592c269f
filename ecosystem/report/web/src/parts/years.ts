/** Ranks and scores year by year. */

import type { EChartsCoreOption } from "echarts/core";

import { figure, palette, shade, tip } from "../chart";
import { core, data, has, partOf, placeOf, ranked, type Values } from "../data";
import type { Child } from "../dom";
import { refreshed, type PagePart } from "../part";
import { state, watch } from "../state";
import type { Column } from "../table";
import { count, name, percent, score, signed, t } from "../words";
import { regionLink } from "./ranking";

interface Years {
  years: readonly number[];
  pooled: boolean;
  undated: readonly string[];
  /** By year and region. */
  score: readonly Values[];
  rank: readonly Values[];
  growth: Values;
}

const FIRST = 8;

/** The regions that are drawn: those that the reader has chosen, then the first of the ranking. */
function drawn(): number[] {
  const chosen = [state.region, ...state.compare].map((region) => placeOf.get(region)!);
  return [...new Set([...chosen, ...ranked()])].slice(0, Math.max(FIRST, new Set(chosen).size));
}

function columns(found: Years): Column<number>[] {
  const last = found.years.length - 1;
  const moved = (place: number): number | null => {
    const [first, now] = [found.rank[0]![place] ?? null, found.rank[last]![place] ?? null];
    return first === null || now === null ? null : first - now;
  };
  return [
    { title: t("region"), value: (place) => name(core.regions[place]!.name), show: regionLink },
    ...found.years.map((year, at) => ({
      title: t("rank_in", { year }),
      value: (place: number) => found.rank[at]![place] ?? null,
      show: (place: number) => count(found.rank[at]![place]),
      number: true,
    })),
    { title: t("change"), value: moved, show: (place) => signed(moved(place)), number: true },
    ...found.years.map((year, at) => ({
      title: t("score_in", { year }),
      value: (place: number) => found.score[at]![place] ?? null,
      show: (place: number) => score(found.score[at]![place]),
      number: true,
    })),
    {
      title: t("growth"),
      hint: t("growth_hint"),
      value: (place) => found.growth[place] ?? null,
      show: (place) => percent(found.growth[place], 1),
      number: true,
    },
  ];
}

function lines(found: Years): Child[] {
  const shown = drawn();
  const option = (): EChartsCoreOption => ({
    grid: { left: 48, right: 130, top: 16, bottom: 32 },
    xAxis: { type: "category", data: found.years.map(String), boundaryGap: false },
    yAxis: { type: "value", inverse: true, min: 1, minInterval: 1, name: t("rank"), splitLine: { lineStyle: { color: shade("line") } } },
    tooltip: {
      formatter: ({ seriesIndex, dataIndex }: { seriesIndex: number; dataIndex: number }) => {
        const place = shown[seriesIndex]!;
        return tip(
          `${name(core.regions[place]!.name)}, ${found.years[dataIndex]!}`,
          `${t("rank")}: ${count(found.rank[dataIndex]![place])}`,
          `${t("score")}: ${score(found.score[dataIndex]![place])}`,
        );
      },
    },
    series: shown.map((place, at) => ({
      type: "line",
      name: name(core.regions[place]!.name),
      data: found.rank.map((row) => row[place] ?? null),
      symbol: ["circle", "rect", "triangle", "diamond"][at % 4],
      symbolSize: 8,
      lineStyle: { width: core.regions[place]!.id === state.region ? 4 : 2, type: at < palette().length ? "solid" : "dashed" },
      endLabel: { show: true, formatter: name(core.regions[place]!.name), color: shade("ink") },
    })),
  });
  const same = found.undated.map((code) => name(core.parts[partOf.get(code)!]!.name));
  return [
    figure({
      file: "years",
      title: t("years_ranks"),
      option,
      height: 380,
      note: {
        text: t(found.pooled ? "years_pooled" : "years_apart"),
        source: name(core.index.source),
        not: same.length > 0 ? t("years_undated", { names: same.join(", ") }) : t("years_not"),
      },
      numbers: { file: "years", caption: t("years_ranks"), rows: ranked(), columns: columns(found) },
    }),
  ];
}

let unwatch = (): void => undefined;

export const years: PagePart = {
  id: "years",
  there: () => has("years"),
  content: () => {
    const found = data<Years>("years");
    const shown = refreshed(() => lines(found));
    unwatch();
    unwatch = watch(["region", "compare"], shown.render);
    return [shown.place];
  },
};
