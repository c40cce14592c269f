/** A waterfall: amounts one after the other, a bar each, and what they add up to. */

import type { EChartsCoreOption } from "echarts/core";

import { shade, tip } from "./chart";
import { number, score, signed } from "./words";

/** A step of a waterfall: from where to where. */
export interface Step {
  title: string;
  from: number;
  to: number;
  whole?: boolean;
}

/** The steps that amounts make one after the other, and their sum. */
export function steps(rows: readonly { title: string; amount: number }[], whole: string): Step[] {
  let at = 0;
  const found = rows.map(({ title, amount }) => ({ title, from: at, to: (at += amount) }));
  return [...found, { title: whole, from: 0, to: at, whole: true }];
}

interface Api {
  value: (dimension: number) => number;
  coord: (point: [number, number]) => [number, number];
  size: (area: [number, number]) => [number, number];
}

/** A waterfall, one bar below the other: what adds, what takes away, and the whole. */
export function waterfall(shown: readonly Step[], label = signed): EChartsCoreOption {
  const say = (step: Step): string => (step.whole ? score(step.to) : label(step.to - step.from, score));
  const bar = (_: unknown, api: Api): object => {
    const step = shown[api.value(0)]!;
    const [begin, middle] = api.coord([step.from, api.value(0)]);
    const [end] = api.coord([step.to, api.value(0)]);
    const height = Math.min(18, api.size([0, 1])[1] * 0.7);
    const colour = step.whole ? "accent" : step.to >= step.from ? "good" : "bad";
    const right = Math.max(begin, end);
    return {
      type: "group",
      children: [
        {
          type: "rect",
          shape: { x: Math.min(begin, end), y: middle - height / 2, width: Math.max(1, Math.abs(end - begin)), height },
          style: { fill: shade(colour) },
        },
        { type: "text", style: { text: say(step), x: right + 5, y: middle, fill: shade("ink"), align: "left", verticalAlign: "middle", fontSize: 12 } },
      ],
    };
  };
  const [low, high] = [Math.min(0, ...shown.flatMap(({ from, to }) => [from, to])), Math.max(0, ...shown.flatMap(({ from, to }) => [from, to]))];
  return {
    grid: { left: 8, right: 64, top: 6, bottom: 8, containLabel: true },
    tooltip: { trigger: "item", formatter: ({ dataIndex }: { dataIndex: number }) => tip(shown[dataIndex]!.title, say(shown[dataIndex]!)) },
    xAxis: { type: "value", min: low, max: high || 1, axisLabel: { color: shade("soft"), showMinLabel: low === 0, showMaxLabel: false, formatter: (value: number) => number(value) }, splitLine: { lineStyle: { color: shade("line") } } },
    yAxis: {
      type: "category",
      inverse: true,
      data: shown.map(({ title }) => title),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: shade("line") } },
      axisLabel: { color: shade("ink"), interval: 0, width: innerWidth < 600 ? 130 : 270, overflow: "truncate" },
    },
    series: [{ type: "custom", renderItem: bar, data: shown.map((step, at) => [at, step.from, step.to]), encode: { x: [1, 2], y: 0 } }],
  };
}
