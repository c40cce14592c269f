/** Flows between regions: where links lead, all flows as a matrix, and the largest as a picture. */

import type { EChartsCoreOption } from "echarts/core";

import { figure, palette, shade, tip } from "../chart";
import { el, type Child } from "../dom";
import { table, type Column } from "../table";
import { name, number, percent, t } from "../words";
import { regionName, rowName, sourceOf, tipOf, weightTitle, type NetworkData } from "./network_payload";

interface Flow {
  from: string;
  to: string;
  weight: number | null;
  share: number | null;
}

const ROW = 17;
const ROWS_FULL = 12;

/** Where the two ends of the links are: in one region, in two, abroad. */
export function endsTable(network: NetworkData): HTMLElement {
  const { ends } = network.flows;
  const words: [keyof typeof ends, string, string][] = [
    ["inside", t("net_inside"), t("net_inside_hint")],
    ["between", t("net_between"), t("net_between_hint")],
    ["home", t("net_home"), t("net_home_hint")],
    ["abroad", t("net_abroad"), t("net_abroad_hint")],
    ["nowhere", t("net_nowhere"), t("net_nowhere_hint")],
  ];
  const share = (key: keyof typeof ends): number => (network.weight > 0 ? ends[key] / network.weight : 0);
  return table({
    file: `${network.id}-ends`,
    caption: t("net_ends"),
    rows: words.filter(([key]) => ends[key] > 0 || key === "inside" || key === "between"),
    columns: [
      { title: t("net_where"), value: ([, text]) => text, show: ([, text, hint]) => el("span", { title: hint }, text) },
      { title: weightTitle(network), value: ([key]) => ends[key], show: ([key]) => number(ends[key]), number: true },
      {
        title: t("net_share"),
        value: ([key]) => share(key),
        show: ([key]) => el("span", { class: "bar", style: `--share: ${share(key).toFixed(4)}` }, percent(share(key), 1)),
        number: true,
      },
    ],
  });
}

/** From every region to every region, darker the more; numbers stand in the cells where there is room. */
export function matrix(network: NetworkData): HTMLElement {
  const { rows, weight } = network.flows;
  const names = rows.map((row) => rowName(network, row));
  const cells = weight.flatMap((values, from) => values.flatMap((value, to) => (value ? [[to, from, value] as const] : [])));
  const positive = cells.map(([, , value]) => value);
  const [low, high] = [Math.min(...positive), Math.max(...positive)];
  const option = (): EChartsCoreOption => ({
    grid: { left: 8, right: 12, top: 8, bottom: 44, outerBoundsMode: "same", outerBoundsContain: "all" },
    tooltip: {
      formatter: ({ data }: { data: { value: readonly number[]; weight: number } }) =>
        tip(way(network, names[data.value[1]!]!, names[data.value[0]!]!), tipOf(network, data.weight)),
    },
    xAxis: axis(names, true),
    yAxis: axis(names, false),
    visualMap: {
      min: low < high ? Math.log10(low) : Math.log10(low) - 1,
      max: Math.log10(high),
      dimension: 2,
      calculable: false,
      orient: "horizontal",
      left: "center",
      bottom: 0,
      text: [number(high), number(low)],
      textStyle: { color: shade("ink") },
      inRange: { color: [shade("bar"), shade("accent")] },
    },
    series: [
      {
        type: "heatmap",
        data: cells.map(([to, from, value]) => ({ value: [to, from, Math.log10(value)], weight: value })),
        label: {
          show: rows.length <= ROWS_FULL,
          color: shade("ink"),
          textBorderColor: shade("paper"),
          textBorderWidth: 2,
          formatter: ({ data }: { data: { weight: number } }) => number(data.weight),
        },
        itemStyle: { borderColor: shade("paper"), borderWidth: 1 },
      },
    ],
  });
  const called = { title: name(network.title), unit: name(network.unit) };
  const title = network.directed ? t("net_matrix", called) : t("net_matrix_both", called);
  const flows: Flow[] = [...cells]
    .sort((a, b) => b[2] - a[2])
    .map(([to, from, value]) => ({ from: names[from]!, to: names[to]!, weight: value, share: null }));
  return figure({
    file: `${network.id}-flows`,
    title,
    option,
    height: 150 + ROW * Math.max(rows.length, 8),
    numbers: { file: `${network.id}-flows`, caption: title, rows: flows, columns: flowColumns(network, false) },
    note: {
      text: [
        t("net_matrix_note"),
        rows.some((row) => row < 0) ? t("net_matrix_cap") : "",
        network.directed ? "" : t("net_matrix_undirected"),
      ]
        .filter((text) => text !== "")
        .join(" "),
      source: sourceOf(network),
      not: t("net_matrix_not"),
    },
  });
}

function axis(names: readonly string[], across: boolean): object {
  return {
    type: "category",
    data: names,
    inverse: !across,
    position: across ? "top" : "left",
    axisTick: { show: false },
    axisLine: { show: false },
    splitLine: { show: true, lineStyle: { color: shade("faint") } },
    axisLabel: { interval: 0, rotate: across ? 60 : 0, fontSize: 11, color: shade("ink") },
  };
}

/** The words for a flow: an arrow only where there is a direction. */
function way(network: NetworkData, from: string, to: string): string {
  return `${from} ${network.directed ? "→" : "–"} ${to}`;
}

function flowColumns(network: NetworkData, shares: boolean): Column<Flow>[] {
  return [
    { title: network.directed ? t("net_from") : t("region"), value: ({ from }) => from },
    { title: network.directed ? t("net_to") : t("net_other_region"), value: ({ to }) => to },
    { title: weightTitle(network), value: ({ weight }) => weight, show: ({ weight }) => number(weight), number: true },
    ...(shares
      ? [{ title: t("net_share_sent"), hint: t("net_share_sent_hint"), value: ({ share }: Flow) => share, show: ({ share }: Flow): Child => percent(share, 1), number: true }]
      : []),
  ];
}

/** The largest flows from one region to another: left to right with directions, as chords without. */
export function largestFlows(network: NetworkData): HTMLElement | null {
  const { largest } = network.flows;
  if (largest.from.length === 0) {
    return null;
  }
  const rows: Flow[] = largest.from.map((from, at) => ({
    from: regionName(network, from),
    to: regionName(network, largest.to[at]!),
    weight: largest.weight[at] ?? null,
    share: largest.share?.[at] ?? null,
  }));
  const title = t("net_largest", { count: rows.length, title: name(network.title), unit: name(network.unit) });
  const ends = new Set([...largest.from, ...largest.to]).size;
  return figure({
    file: `${network.id}-largest`,
    title,
    option: () => (network.directed ? sankey(network, rows) : chord(network, rows)),
    height: network.directed ? 140 + 22 * Math.max(new Set(largest.from).size, new Set(largest.to).size) : 340 + 6 * ends,
    numbers: { file: `${network.id}-largest`, caption: title, rows, columns: flowColumns(network, largest.share !== null) },
    note: { text: t(network.directed ? "net_sankey_note" : "net_chord_note"), source: sourceOf(network), not: t("net_largest_not") },
  });
}

interface Pointed {
  dataType: "node" | "edge";
  name: string;
  value: number;
  dataIndex: number;
}

function flowTip(network: NetworkData, rows: readonly Flow[]): object {
  return {
    formatter: ({ dataType, name: pointed, value, dataIndex }: Pointed) => {
      const flow = rows[dataIndex];
      return dataType === "edge" && flow ? tip(way(network, flow.from, flow.to), tipOf(network, flow.weight)) : tip(bare(pointed), tipOf(network, value));
    },
  };
}

/** The name of a region without the sign of the side that it stands on. */
function bare(node: string): string {
  return node.replace(/^[<>]/, "");
}

function sankey(network: NetworkData, rows: readonly Flow[]): EChartsCoreOption {
  const margin = Math.min(150, Math.round(document.documentElement.clientWidth * 0.25));
  const colours = palette();
  const from = [...new Set(rows.map((row) => row.from))];
  const to = [...new Set(rows.map((row) => row.to))];
  const label = { color: shade("ink"), width: margin - 12, overflow: "truncate", formatter: ({ name: node }: Pointed) => bare(node) };
  return {
    tooltip: flowTip(network, rows),
    series: [
      {
        type: "sankey",
        left: margin,
        right: margin,
        top: 8,
        bottom: 8,
        nodeGap: 6,
        draggable: false,
        emphasis: { focus: "adjacency" },
        data: [
          ...from.map((region, at) => ({ name: `<${region}`, depth: 0, itemStyle: { color: colours[at % colours.length] }, label: { ...label, position: "left" } })),
          ...to.map((region) => ({ name: `>${region}`, depth: 1, itemStyle: { color: shade("soft") }, label: { ...label, position: "right" } })),
        ],
        links: rows.map(({ from: one, to: other, weight }) => ({ source: `<${one}`, target: `>${other}`, value: weight })),
        lineStyle: { color: "source", opacity: 0.45 },
      },
    ],
  };
}

function chord(network: NetworkData, rows: readonly Flow[]): EChartsCoreOption {
  const names = [...new Set(rows.flatMap(({ from, to }) => [from, to]))];
  return {
    tooltip: flowTip(network, rows),
    series: [
      {
        type: "chord",
        radius: ["62%", "66%"],
        padAngle: 2,
        minAngle: 6,
        labelLayout: { hideOverlap: true },
        label: { show: true, color: shade("ink") },
        lineStyle: { color: "source", opacity: 0.4 },
        emphasis: { focus: "adjacency" },
        data: names.map((region) => ({ name: region })),
        links: rows.map(({ from, to, weight }) => ({ source: from, target: to, value: weight })),
      },
    ],
  };
}
