/** Who climbs and who falls: a line from the old place to the new one for each region, or an arrow for the movers. */

import type { EChartsCoreOption } from "echarts/core";

import { shade, tip } from "../chart";
import { core } from "../data";
import { state } from "../state";
import { count, name, t } from "../words";

/** Up to how many regions every one has a line. */
const EVERY = 40;
/** How many movers have an arrow where there are more. */
const MOVERS = 30;

const ROW = 19;

/** The new rank of every region, 0 for none. */
export type Ranks = readonly number[];

export function change(ranks: Ranks, place: number): number | null {
  const before = core.rank[0]![place] ?? null;
  const now = ranks[place] ?? 0;
  return before === null || now === 0 ? null : before - now;
}

/** The regions of the picture: all of few, else those that move most, and the one that the reader has chosen. */
export function drawn(ranks: Ranks): number[] {
  const known = core.regions.flatMap((_, place) => (change(ranks, place) === null ? [] : [place]));
  if (core.regions.length <= EVERY) {
    return known;
  }
  const size = (place: number): number => Math.abs(change(ranks, place) ?? 0);
  const focus = (place: number): boolean => core.regions[place]!.id === state.region;
  return known
    .sort((a, b) => Number(focus(b)) - Number(focus(a)) || size(b) - size(a) || ranks[a]! - ranks[b]!)
    .slice(0, MOVERS)
    .sort((a, b) => ranks[a]! - ranks[b]! || a - b);
}

export function height(): number {
  return Math.min(core.regions.length, core.regions.length <= EVERY ? EVERY : MOVERS) * ROW + 70;
}

export function picture(ranks: Ranks): EChartsCoreOption {
  return core.regions.length <= EVERY ? slopes(ranks) : arrows(ranks);
}

function words(ranks: Ranks, place: number): HTMLElement {
  return tip(name(core.regions[place]!.name), t("whatif_from_to", { before: count(core.rank[0]![place]), after: count(ranks[place]) }));
}

/** The colour of a move, and how strong its line is; direction shows which is which, too. */
function look(ranks: Ranks, place: number): { color: string; width: number; opacity: number } {
  const move = change(ranks, place) ?? 0;
  const focus = core.regions[place]!.id === state.region;
  const color = shade(move > 0 ? "good" : move < 0 ? "bad" : "soft");
  return { color, width: focus ? 4 : move === 0 ? 1 : 2, opacity: move === 0 && !focus ? 0.45 : 1 };
}

/** Places from the top, equal ranks below one another. */
function positions(ranks: Ranks, places: readonly number[]): Map<number, number> {
  const order = [...places].sort((a, b) => ranks[a]! - ranks[b]! || a - b);
  return new Map(order.map((place, at) => [place, at]));
}

function slopes(ranks: Ranks): EChartsCoreOption {
  const places = drawn(ranks);
  const old = core.rank[0]!.map((rank) => rank ?? 0);
  // a name may take what the grid leaves beside it
  const room = Math.min(window.innerWidth * 0.3, 300) - 24;
  const [left, right] = [positions(old, places), positions(ranks, places)];
  const series = places.map((place) => {
    const { color, width, opacity } = look(ranks, place);
    const title = name(core.regions[place]!.name);
    const label = (side: "left" | "right", text: string): object => ({
      show: true,
      position: side,
      distance: 8,
      formatter: text,
      color: shade("ink"),
      width: room,
      overflow: "truncate",
      fontWeight: width > 2 ? "bold" : "normal",
    });
    return {
      type: "line",
      name: title,
      symbol: "circle",
      symbolSize: width > 2 ? 9 : 6,
      lineStyle: { color, width, opacity },
      itemStyle: { color },
      emphasis: { focus: "series" },
      data: [
        { value: [0, left.get(place)!], label: label("left", `${title}  ${count(old[place])}`) },
        { value: [1, right.get(place)!], label: label("right", `${count(ranks[place])}  ${title}`) },
      ],
    };
  });
  return {
    grid: { left: "30%", right: "30%", top: 34, bottom: 16 },
    tooltip: { trigger: "item", formatter: ({ seriesIndex }: { seriesIndex: number }) => words(ranks, places[seriesIndex]!) },
    xAxis: {
      type: "category",
      position: "top",
      boundaryGap: false,
      data: [t("whatif_before"), t("whatif_after")],
      axisTick: { show: false },
      axisLine: { show: false },
      axisLabel: { color: shade("soft"), fontWeight: "bold" },
    },
    yAxis: { type: "value", inverse: true, min: -0.5, max: Math.max(places.length, 1) - 0.5, show: false },
    series,
  };
}

function arrows(ranks: Ranks): EChartsCoreOption {
  const places = drawn(ranks);
  const old = core.rank[0]!;
  const most = Math.max(...old.map((rank) => rank ?? 0), ...ranks);
  const lines = places.map((place, row) => {
    const { color, width, opacity } = look(ranks, place);
    return {
      type: "line",
      lineStyle: { color, width, opacity },
      itemStyle: { color },
      data: [
        { value: [old[place]!, row], symbol: "emptyCircle", symbolSize: 7 },
        { value: [ranks[place]!, row], symbol: "triangle", symbolSize: 10, symbolRotate: turn(change(ranks, place)!) },
      ],
    };
  });
  return {
    grid: { left: 8, right: 24, top: 34, bottom: 8, containLabel: true },
    tooltip: { trigger: "item", formatter: ({ seriesIndex }: { seriesIndex: number }) => words(ranks, places[seriesIndex]!) },
    xAxis: { type: "value", position: "top", inverse: true, min: 1, max: most, name: "", axisLabel: { color: shade("soft") }, splitLine: { lineStyle: { color: shade("line") } } },
    yAxis: {
      type: "category",
      inverse: true,
      data: places.map((place) => `${name(core.regions[place]!.name)}  ${count(old[place])} → ${count(ranks[place])}`),
      axisTick: { show: false },
      axisLabel: { color: shade("ink"), width: 190, overflow: "truncate" },
    },
    series: lines,
  };
}

/** A triangle that points to where a region goes: better ranks lie to the right. */
function turn(move: number): number {
  return move > 0 ? -90 : move < 0 ? 90 : 0;
}
