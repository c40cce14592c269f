/** What the source of the index published, beside the scores of this page. */

import type { EChartsCoreOption } from "echarts/core";

import { figure, shade, tip } from "../chart";
import { core, dataLater, has, partOf, type Both, type Language } from "../data";
import { el, type Child } from "../dom";
import type { PagePart } from "../part";
import { table, type Column } from "../table";
import { name, number, spoken, t } from "../words";

interface Published {
  verdict: Both;
  cells: {
    table: string[];
    region: string[];
    code: string[];
    shows: ("score" | "rank" | "count" | "value")[];
    printed: (number | null)[];
    upper: (number | null)[];
    ours: (number | null)[];
    difference: (number | null)[];
    reproduced: boolean[];
  };
  why: Record<Language, string[]>;
  names: Record<string, Both>;
  labels: Record<string, Both>;
  tables: Record<string, { title: Both; place: Both }>;
  warnings: Record<Language, string[]>;
}

const EXACT = 4;

function regionName({ names }: Published, region: string): string {
  return names[region] ? name(names[region]!) : region === "sample" ? t("sample") : region;
}

/** The name of a part of the index, or of a kind of organisation that is counted. */
function partName({ labels }: Published, code: string): string {
  const place = partOf.get(code);
  const label = labels[code];
  return place !== undefined ? name(core.parts[place]!.name) : label !== undefined ? name(label) : code;
}

/** A row for each table and what it shows: how many numbers there are, and how many of ours meet them. */
function summary(found: Published): HTMLElement {
  const rows = new Map<string, { table: string; shows: string; all: number; compared: number; met: number }>();
  found.cells.table.forEach((file, place) => {
    const shows = found.cells.shows[place]!;
    const row = rows.get(`${file} ${shows}`) ?? { table: file, shows, all: 0, compared: 0, met: 0 };
    const compared = found.why.en[place] === "";
    row.all += 1;
    row.compared += compared ? 1 : 0;
    row.met += compared && found.cells.reproduced[place] ? 1 : 0;
    rows.set(`${file} ${shows}`, row);
  });
  return table({
    file: "published-tables",
    caption: t("published_tables"),
    rows: [...rows.values()],
    columns: [
      { title: t("published_table"), value: ({ table }) => name(found.tables[table]!.title) },
      { title: t("published_place"), value: ({ table }) => name(found.tables[table]!.place) },
      { title: t("shows"), value: ({ shows }) => t(`shows_${shows}`) },
      { title: t("published_numbers"), value: ({ all }) => all, number: true },
      { title: t("compared"), value: ({ compared }) => compared, number: true },
      { title: t("met"), value: ({ met }) => met, number: true },
    ],
  });
}

function cellColumns(found: Published): Column<number>[] {
  const { cells } = found;
  const digits = (place: number): number => (cells.shows[place] === "score" || cells.shows[place] === "value" ? EXACT : 0);
  return [
    { title: t("region"), value: (place) => regionName(found, cells.region[place]!) },
    { title: t("part"), value: (place) => partName(found, cells.code[place]!) },
    { title: t("shows"), value: (place) => t(`shows_${cells.shows[place]!}`) },
    { title: t("as_published"), value: (place) => cells.printed[place] ?? null, show: (place) => number(cells.printed[place], EXACT), number: true },
    { title: t("ours"), value: (place) => cells.ours[place] ?? null, show: (place) => number(cells.ours[place], digits(place)), number: true },
    { title: t("difference"), value: (place) => cells.difference[place] ?? null, show: (place) => number(cells.difference[place], EXACT), number: true },
    { title: t("met"), value: (place) => (found.why.en[place] !== "" ? t("not_compared") : t(cells.reproduced[place] ? "yes" : "no")) },
    { title: t("mark"), value: (place) => found.why[spoken()][place]! },
  ];
}

/** The next number above with two digits, at which an axis may end. */
function rounded(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(value * 1.04)) / 10;
  return Math.ceil((value * 1.04) / unit) * unit;
}

/** The published scores of the whole index against ours, a point for each region. */
function scatter(found: Published): Child {
  const { cells } = found;
  const top = core.parts[0]!.code;
  const places = cells.code.flatMap((code, place) =>
    code === top && cells.shows[place] === "score" && cells.printed[place] !== null && cells.ours[place] !== null ? [place] : [],
  );
  if (places.length < 3) {
    return null;
  }
  const most = rounded(Math.max(...places.flatMap((place) => [cells.printed[place]!, cells.ours[place]!])));
  const title = t("published_scatter");
  const axis = (label: string): object => ({
    type: "value",
    name: label,
    nameLocation: "middle",
    nameGap: 32,
    min: 0,
    max: most,
    axisLabel: { formatter: (value: number) => number(value) },
    splitLine: { lineStyle: { color: shade("line") } },
  });
  const option = (): EChartsCoreOption => ({
    grid: { left: 60, right: 24, top: 16, bottom: 50 },
    xAxis: axis(t("as_published")),
    yAxis: axis(t("ours")),
    tooltip: {
      formatter: ({ dataIndex }: { dataIndex: number }) => {
        const place = places[dataIndex]!;
        return tip(
          regionName(found, cells.region[place]!),
          `${t("as_published")}: ${number(cells.printed[place], EXACT)}`,
          `${t("ours")}: ${number(cells.ours[place], EXACT)}`,
        );
      },
    },
    series: [
      {
        type: "scatter",
        symbolSize: 9,
        data: places.map((place) => [cells.printed[place], cells.ours[place]]),
        markLine: {
          silent: true,
          symbol: "none",
          lineStyle: { color: shade("soft"), type: "dashed" },
          data: [[{ coord: [0, 0] }, { coord: [most, most] }]],
        },
      },
    ],
  });
  return figure({
    file: "published-scores",
    title,
    option,
    height: 380,
    note: { text: t("published_scatter_note"), source: name(core.index.source), not: t("published_not") },
    numbers: { file: "published-scores", caption: title, rows: places, columns: cellColumns(found) },
  });
}

export const published: PagePart = {
  id: "published",
  there: () => has("published"),
  content: async () => {
    const found = await dataLater<Published>("published");
    const warnings = found.warnings[spoken()];
    return [
      el("p", { class: "verdict" }, name(found.verdict)),
      core.data.made_up && el("p", { class: "warning", role: "note" }, t("published_made_up")),
      scatter(found),
      el("h3", {}, t("published_tables")),
      summary(found),
      el("h3", {}, t("published_cells")),
      table({ file: "published", caption: t("published_cells"), rows: found.cells.code.map((_, place) => place), columns: cellColumns(found), first: 25 }),
      warnings.length > 0 && el("h3", {}, t("published_warnings")),
      warnings.length > 0 && el("ul", {}, ...warnings.map((warning) => el("li", {}, warning))),
    ];
  },
};
