/** How sure a rank is: intervals over draws of weights and rules, and what all weights of the pillars say. */

import type { EChartsCoreOption } from "echarts/core";

import { figure, note, shade, tip } from "../chart";
import { core, partOf, placeOf, ranked } from "../data";
import { choice, el, renew, type Child } from "../dom";
import type { PagePart } from "../part";
import { openRegion, state, watch } from "../state";
import { intervalOf, sure, unsure, type Space, type Sure } from "../sure_data";
import { table, type Column } from "../table";
import { line } from "../whatif/command";
import { count, name, number, percent, score, sentences, t } from "../words";

/** How many regions one picture shows. */
const PAGE = 40;
/** How many regions the picture of all weights shows. */
const FIRST = 20;
const ROW = 19;

let unwatch = (): void => undefined;

function title(place: number): string {
  return name(core.regions[place]!.name);
}

function link(place: number): HTMLElement {
  return el("button", { type: "button", class: "link", on: { click: () => openRegion(core.regions[place]!.id) } }, title(place));
}

function isFocus(place: number): boolean {
  return core.regions[place]!.id === state.region;
}

/** The regions that have an interval, by rank. */
function rows(known: Sure): number[] {
  return ranked().filter((place) => known.low[place] !== null);
}

function columns(known: Sure): Column<number>[] {
  const share = (heading: string, values: Sure["top3"], hint?: string): Column<number> => ({
    title: heading,
    hint,
    value: (place) => values[place] ?? null,
    show: (place) => percent(values[place], 1),
    number: true,
  });
  const whole = (heading: string, values: readonly (number | null)[], hint?: string): Column<number> => ({
    title: heading,
    hint,
    value: (place) => values[place] ?? null,
    show: (place) => number(values[place], 1),
    number: true,
  });
  const pairs = known.above === null || known.below === null ? [] : [whole(t("sure_above"), known.above, t("sure_pairs_hint")), whole(t("sure_below"), known.below, t("sure_pairs_hint"))];
  const points = (heading: string, values: Sure["score_low"]): Column<number> => ({ title: heading, value: (place) => values[place] ?? null, show: (place) => score(values[place]), number: true });
  return [
    whole(t("rank"), core.rank[0]!),
    { title: t("region"), value: title, show: link },
    whole(t("sure_low"), known.low),
    whole(t("sure_median"), known.median),
    whole(t("sure_high"), known.high),
    whole(t("sure_mean"), known.mean),
    share(t("sure_top1"), known.top1),
    share(t("sure_top3"), known.top3),
    share(t("sure_top10"), known.top10),
    share(t("sure_ahead"), known.ahead, t("sure_ahead_hint")),
    ...pairs,
    points(t("sure_score_low"), known.score_low),
    points(t("sure_score_high"), known.score_high),
  ];
}

/** What is known of the chosen region in a few words. */
function sentence(known: Sure): string {
  const place = placeOf.get(state.region)!;
  if (known.low[place] === null) {
    return t("sure_no_rank", { region: title(place) });
  }
  const facts = { region: title(place), rank: count(core.rank[0]![place]), interval: intervalOf(place), median: number(known.median[place], 1) };
  const said = [t("sure_region", facts), t("sure_tops", { three: percent(known.top3[place], 1), ten: percent(known.top10[place], 1) })];
  if (known.above !== null && known.below !== null) {
    said.push(t("sure_pairs", { above: count(known.above[place]), below: count(known.below[place]) }));
  }
  return sentences(said);
}

/** A line from the low to the high rank, a tick at the median, a dot at the rank itself; better ranks to the right. */
function forest(known: Sure, places: readonly number[]): EChartsCoreOption {
  const most = Math.max(...places.map((place) => Math.max(known.high[place]!, core.rank[0]![place]!)));
  const least = Math.min(...places.map((place) => Math.min(known.low[place]!, core.rank[0]![place]!)));
  const bars = places.map((place, row) => ({
    type: "line",
    symbol: "none",
    silent: true,
    lineStyle: { color: shade(isFocus(place) ? "c2" : "c1"), width: isFocus(place) ? 7 : 5, opacity: 0.55 },
    data: [[known.low[place]!, row], [known.high[place]!, row]],
  }));
  const dots = (key: "median" | "rank", symbol: string, size: number | [number, number]): object => ({
    type: "scatter",
    name: t(key === "rank" ? "sure_dot" : "sure_tick"),
    symbol,
    symbolSize: size,
    z: 4,
    itemStyle: { color: shade("ink") },
    data: places.map((place, row) => [(key === "rank" ? core.rank[0]! : known.median)[place]!, row]),
  });
  return {
    grid: { left: 8, right: 24, top: 34, bottom: 34, containLabel: true },
    legend: { bottom: 0, itemWidth: 14, data: [{ name: t("sure_dot"), icon: "circle" }, { name: t("sure_tick"), icon: "rect" }], textStyle: { color: shade("ink") } },
    tooltip: { trigger: "item", formatter: ({ dataIndex }: { dataIndex: number }) => words(known, places[dataIndex]!) },
    xAxis: {
      type: "value",
      position: "top",
      inverse: true,
      min: least - 0.5,
      max: most + 0.5,
      minInterval: 1,
      axisLabel: { color: shade("soft"), formatter: (value: number) => (Number.isInteger(value) ? count(value) : "") },
      splitLine: { lineStyle: { color: shade("line") } },
    },
    yAxis: {
      type: "category",
      inverse: true,
      data: places.map((place) => `${title(place)}  ${count(core.rank[0]![place])}`),
      axisTick: { show: false },
      axisLabel: { color: shade("ink"), width: 190, overflow: "truncate", interval: 0, formatter: (text: string, row: number) => (isFocus(places[row]!) ? `▶ ${text}` : text) },
    },
    series: [...bars, dots("median", "rect", [2, 13]), dots("rank", "circle", 8)],
  };
}

function words(known: Sure, place: number): HTMLElement {
  return tip(
    title(place),
    `${t("rank")}: ${count(core.rank[0]![place])}`,
    `${t("interval")}: ${intervalOf(place)}`,
    `${t("sure_median")}: ${number(known.median[place], 1)}`,
    `${t("sure_top10")}: ${percent(known.top10[place], 1)}`,
  );
}

/** The picture, page by page where there are many regions; it opens with that of the chosen one. */
function intervals(known: Sure): { place: HTMLElement; follow: () => void } {
  const all = rows(known);
  const pageOf = (): number => Math.max(Math.floor(all.findIndex(isFocus) / PAGE), 0);
  let page = pageOf();
  const shown = (): number[] => all.slice(page * PAGE, (page + 1) * PAGE);
  const place = el("div");
  const pages = Array.from({ length: Math.ceil(all.length / PAGE) }, (_, at) => ({
    value: String(at),
    text: t("sure_page", { from: count(at * PAGE + 1), to: count(Math.min((at + 1) * PAGE, all.length)) }),
  }));
  const list = choice(t("sure_pages"), pages, String(page), (value) => ((page = Number(value)), renew(place)));
  place.append(
    figure<number>({
      file: "rank-intervals",
      title: t("sure_intervals"),
      option: () => forest(known, shown()),
      height: Math.min(all.length, PAGE) * ROW + 80,
      note: { text: sentences([t("sure_intervals_note"), name(known.notes)]), source: line(known.command), not: t("sure_not") },
      numbers: { file: "rank-intervals", caption: t("sure_intervals"), columns: columns(known), rows: all },
      tools: pages.length > 1 ? [list] : undefined,
    }),
  );
  const follow = (): void => {
    page = pageOf();
    list.querySelector("select")!.value = String(page);
    renew(place);
  };
  return { place, follow };
}

/** The regions that some weights put among the first ten, those that are first most often before the others. */
function leaders(space: Space): number[] {
  const share = (place: number, at: number): number => space.shares[at]![place] ?? 0;
  return ranked()
    .filter((place) => share(place, 2) > 0)
    .sort((a, b) => share(b, 0) - share(a, 0) || share(b, 1) - share(a, 1) || share(b, 2) - share(a, 2));
}

function shareBars(space: Space, places: readonly number[]): EChartsCoreOption {
  const bar = (at: number, heading: string, color: string): object => ({
    type: "bar",
    name: heading,
    barWidth: "26%",
    itemStyle: { color: shade(color) },
    data: places.map((place) => space.shares[at]![place] ?? 0),
  });
  return {
    grid: { left: 8, right: 24, top: 10, bottom: 40, containLabel: true },
    legend: { bottom: 0, textStyle: { color: shade("ink") } },
    tooltip: {
      trigger: "axis",
      axisPointer: { type: "shadow" },
      formatter: ([one]: { dataIndex: number }[]) =>
        tip(title(places[one!.dataIndex]!), ...[t("sure_first"), t("sure_first3"), t("sure_first10")].map((heading, at) => `${heading}: ${percent(space.shares[at]![places[one!.dataIndex]!], 1)}`)),
    },
    xAxis: { type: "value", max: 1, axisLabel: { color: shade("soft"), formatter: (value: number) => percent(value) }, splitLine: { lineStyle: { color: shade("line") } } },
    yAxis: { type: "category", inverse: true, data: places.map(title), axisTick: { show: false }, axisLabel: { color: shade("ink"), width: 170, overflow: "truncate", interval: 0 } },
    series: [bar(0, t("sure_first"), "c1"), bar(1, t("sure_first3"), "c2"), bar(2, t("sure_first10"), "c8")],
  };
}

function spaceColumns(space: Space): Column<number>[] {
  const share = (heading: string, at: number): Column<number> => ({ title: heading, value: (place) => space.shares[at]![place] ?? null, show: (place) => percent(space.shares[at]![place], 1), number: true });
  const rank = (heading: string, values: Space["best"]): Column<number> => ({ title: heading, value: (place) => values[place] ?? null, number: true });
  const verdict = (place: number): string => {
    const found = space.verdict[place] ?? "unknown";
    return t(`sure_verdict_${found}`);
  };
  const weights = space.codes.map(
    (code, at): Column<number> => ({
      title: name(core.parts[partOf.get(code)!]!.name),
      hint: t("sure_central_hint", { share: percent(space.today[at], 1) }),
      value: (place) => space.central[place]?.[at] ?? null,
      show: (place) => percent(space.central[place]?.[at], 0),
      number: true,
    }),
  );
  return [
    { title: t("rank"), value: (place) => core.rank[0]![place] ?? null, number: true },
    { title: t("region"), value: title, show: link },
    share(t("sure_first"), 0),
    share(t("sure_first3"), 1),
    share(t("sure_first10"), 2),
    rank(t("sure_best"), space.best),
    rank(t("sure_worst"), space.worst),
    ...(space.exact ? [{ title: t("sure_can"), value: verdict }] : []),
    ...weights,
  ];
}

function allWeights(space: Space): Child[] {
  const places = leaders(space);
  const firsts = places.filter((place) => space.central[place] !== null);
  const pictured = places.slice(0, FIRST);
  return [
    el("h3", {}, t("sure_space")),
    el("p", {}, t("sure_space_lead", { count: count(firsts.length) })),
    figure<number>({
      file: "weight-space",
      title: t("sure_space_picture"),
      option: () => shareBars(space, pictured),
      height: pictured.length * 30 + 70,
      note: { text: sentences([t("sure_space_note"), name(space.notes)]), source: line(space.command), not: t("sure_space_not") },
      numbers: { file: "weight-space", caption: t("sure_space"), columns: spaceColumns(space), rows: ranked() },
    }),
    el("h4", {}, t("sure_favourite")),
    el("p", { class: "soft" }, t("sure_favourite_lead")),
    table<number>({ file: "favourite-weights", caption: t("sure_favourite"), columns: spaceColumns(space), rows: firsts, filter: false }),
  ];
}

function content(): Child[] {
  if (sure === null) {
    return [el("p", { class: "warning", role: "note" }, t("sure_undefined", { why: name(unsure!) }))];
  }
  const known = sure;
  const said = el("p", { class: "verdict", role: "status" }, sentence(known));
  const picture = intervals(known);
  unwatch();
  unwatch = watch(["region"], () => {
    said.textContent = sentence(known);
    picture.follow();
  });
  const about = note({ text: sentences([t("sure_note"), name(known.notes)]), source: line(known.command), not: t("sure_not") });
  return [el("p", {}, name(known.notes)), said, picture.place, ...(known.space === null ? [] : allWeights(known.space)), about];
}

export const certainty: PagePart = {
  id: "sure",
  there: () => sure !== null || unsure !== null,
  content,
};
