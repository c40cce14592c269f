/** The regions on a map, or as tiles, coloured by a score or a value; the same numbers in a list beside it. */

import type { EChartsCoreOption, EChartsType } from "echarts/core";

import { figure, numbersOf, note, shade, tip, type Note } from "../chart";
import { quantiles, shadeOf, tierClasses, type Classes } from "../classes";
import { core, dataLater, leaves, pillars, placeOf, ranked, type Both, type Values } from "../data";
import { choice, el, type Child } from "../dom";
import { prepared, MAP, type Drawing } from "../drawing";
import { refreshed, type PagePart } from "../part";
import { openRegion } from "../state";
import type { Table } from "../table";
import type { Topology } from "../topology";
import { tiles, type Tile } from "../tiles";
import { count, name, number, score, spoken, t } from "../words";

interface MapData {
  /** Which map it is: of the world, of China, the user's own; null where the regions have no shapes. */
  kind: "world" | "china" | "own" | null;
  topology: Topology | null;
  /** The names of shapes that are not ranked. */
  around: Readonly<Record<string, Both>>;
  source: Both | null;
  missing: Both | null;
  /** Column and row of each region's tile; null where nobody knows where the regions lie. */
  tiles: readonly Tile[] | null;
  short: readonly Both[];
}

/** What is shown: a part of the index, its values, and their classes. */
interface Shown {
  part: number;
  values: Values;
  classes: Classes;
  say: (value: number | null | undefined) => string;
}

const ALL = "*";
/** Up to how many regions the map has names, and with how many letters at most all tiles have. */
const LABELLED = 45;
const BRIEF = 3;
/** How many regions the list beside the map has; the table of numbers has all. */
const LISTED = 500;
const NARROW = 760;

/** What the reader has chosen, kept while the page is open. */
const chosen = { part: 0, tiers: false, map: true, group: "" };
const looked: { zoom: number; center: unknown } = { zoom: 1, center: undefined };

let drawing: Drawing | null = null;

function shownNow(): Shown {
  const { part } = chosen;
  const leaf = leaves.indexOf(part);
  const values = leaf < 0 ? core.score[part]! : core.raw[leaf]!;
  const unit = core.parts[part]!.unit;
  const measured = (value: number | null | undefined): string =>
    value === null || value === undefined || unit === null ? number(value) : `${number(value)} ${name(unit)}`;
  const tiered = chosen.tiers && part === 0 && core.tier !== null;
  const classes = tiered ? tierClasses(values, core.tier!) : quantiles(values);
  return { part, values, classes, say: leaf < 0 ? score : measured };
}

function partName(part: number): string {
  return part === 0 ? t("score") : name(core.parts[part]!.name);
}

function lines(shown: Shown, place: number): string[] {
  const value = shown.values[place] ?? null;
  const said = value === null ? t("map_no_value") : shown.say(value);
  const rank = core.rank[shown.part]![place] ?? null;
  return [`${partName(shown.part)}: ${said}`, ...(rank === null ? [] : [`${t("rank")}: ${count(rank)}`])];
}

function colour(shown: Shown, place: number): string | null {
  const found = shown.classes.of[place] ?? null;
  return found === null ? null : `m${shadeOf(found, shown.classes.classes.length)}`;
}

function shortName(map: MapData, id: string): string {
  const place = placeOf.get(id);
  return place === undefined ? "" : name(map.short[place]!);
}

function memberIds(): ReadonlySet<string> {
  const groups = core.groups?.regions ?? [];
  return new Set(groups.filter(({ id }) => chosen.group === ALL || chosen.group === id).flatMap(({ members }) => members));
}

function option(map: MapData, shown: Shown, drawn: Drawing): EChartsCoreOption {
  const labelled = core.regions.length <= LABELLED;
  const ink = { border: shade("soft"), island: shade("soft"), line: shade("ink"), group: shade("outline") };
  const width = { border: 0.7, island: 0.8, line: 1, group: 2.2 };
  const hatched = { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [1.5, 3.5], rotation: -Math.PI / 4, color: shade("soft") };
  const regions = core.regions.map(({ id }, place) => {
    const found = colour(shown, place);
    const style = found === null ? { areaColor: shade("paper"), decal: hatched } : { areaColor: shade(found) };
    return { name: id, itemStyle: style, label: { show: labelled, color: shade(found === null ? "ink" : found.replace("m", "i")) } };
  });
  const fills = drawn.fills.map((fill) => ({ name: fill, silent: map.around[fill] === undefined, itemStyle: { areaColor: shade("around") } }));
  const outlines = [...drawn.lines].map(([line, { kind, group }]) => {
    const hidden = kind === "group" && chosen.group !== ALL && chosen.group !== group;
    return { name: line, silent: true, itemStyle: { borderColor: ink[kind], borderWidth: width[kind], opacity: hidden ? 0 : 1 } };
  });
  return {
    tooltip: {
      formatter: ({ name: id }: { name: string }) => {
        const place = placeOf.get(id);
        if (place !== undefined) {
          return tip(name(core.regions[place]!.name), ...lines(shown, place));
        }
        return map.around[id] === undefined ? "" : tip(name(map.around[id]), t("map_around"));
      },
    },
    series: {
      type: "map",
      map: MAP,
      projection: drawn.projection,
      roam: matchMedia("(pointer: coarse)").matches ? false : "move",
      clip: true,
      boundingCoords: drawn.corners,
      scaleLimit: { min: 1, max: 30 },
      zoom: looked.zoom,
      center: looked.center,
      left: 4,
      right: 4,
      top: 4,
      bottom: 4,
      selectedMode: false,
      label: { show: false, fontSize: 10, formatter: ({ name: id }: { name: string }) => shortName(map, id) },
      labelLayout: { hideOverlap: true },
      itemStyle: { borderColor: shade("paper"), borderWidth: 0.5 },
      emphasis: { itemStyle: { areaColor: "inherit", borderColor: shade("ink"), borderWidth: 1.8 } },
      data: [...fills, ...regions, ...outlines],
    },
  };
}

/** Buttons that move and zoom the chart, for who has no mouse. */
function roaming(chart: () => EChartsType | null, reset: () => void): HTMLElement {
  const roam = (move: (chart: EChartsType) => object): void => {
    const drawn = chart();
    drawn?.dispatchAction({ type: "geoRoam", componentType: "series", seriesIndex: 0, ...move(drawn) });
  };
  const zoom = (factor: number) => (): void => roam((drawn) => ({ zoom: factor, originX: drawn.getWidth() / 2, originY: drawn.getHeight() / 2 }));
  const move = (dx: number, dy: number) => (): void => roam(() => ({ dx, dy }));
  const moves: [string, string, () => void][] = [
    [t("map_zoom_in"), "+", zoom(1.6)],
    [t("map_zoom_out"), "−", zoom(1 / 1.6)],
    [t("map_left"), "←", move(80, 0)],
    [t("map_right"), "→", move(-80, 0)],
    [t("map_up"), "↑", move(0, 80)],
    [t("map_down"), "↓", move(0, -80)],
    [t("map_whole"), "⟲", reset],
  ];
  const buttons = moves.map(([label, sign, click]) => el("button", { type: "button", "aria-label": label, title: label, on: { click } }, sign));
  return el("span", { class: "roam", role: "group", "aria-label": t("map_move") }, ...buttons);
}

function legend(shown: Shown, around: boolean): HTMLElement {
  const { classes, of } = shown.classes;
  const entry = (shade: string, text: string, regions: number | null): HTMLElement =>
    el("li", {}, el("span", { class: `swatch ${shade}` }), text, regions !== null && el("small", {}, t("map_count", { count: count(regions) })));
  const entries = classes.map(({ low, high, count: regions, tier }, place) => {
    const range = low === high ? shown.say(low) : t("map_range", { low: shown.say(low), high: shown.say(high) });
    const text = tier === null ? range : `${t("tier")} ${count(tier)}: ${range}`;
    return entry(`m${shadeOf(place, classes.length)}`, text, regions);
  });
  const without = of.filter((found) => found === null).length;
  return el(
    "ul",
    { class: "legend" },
    ...entries.reverse(),
    without > 0 && entry("hatched", t("map_no_value"), without),
    around && entry("around", t("map_around"), null),
  );
}

/** The ranked regions with what is shown of them, the first rank first; one that is pointed at is shown on the map. */
function beside(shown: Shown, chart: () => EChartsType | null): HTMLElement {
  const point = (id: string, on: boolean) => (): void => {
    chart()?.dispatchAction({ type: on ? "highlight" : "downplay", seriesIndex: 0, name: id });
    chart()?.dispatchAction(on ? { type: "showTip", seriesIndex: 0, name: id } : { type: "hideTip" });
  };
  const order = ranked(shown.part);
  const items = order.slice(0, LISTED).map((place) => {
    const { id, name: called } = core.regions[place]!;
    const [show, hide] = [point(id, true), point(id, false)];
    const on = { click: () => openRegion(id), focus: show, blur: hide, mouseenter: show, mouseleave: hide };
    return el(
      "li",
      {},
      el("span", { class: `swatch ${colour(shown, place) ?? "hatched"}` }),
      el("span", { class: "place" }, count(core.rank[shown.part]![place])),
      el("button", { type: "button", class: "link", on }, name(called)),
      el("span", { class: "value" }, shown.say(shown.values[place])),
    );
  });
  return el(
    "div",
    {},
    el("ol", { class: "ranks", "aria-label": partName(shown.part) }, ...items),
    order.length > LISTED && el("p", { class: "shown" }, t("shown_of", { shown: count(LISTED), total: count(order.length) })),
  );
}

function numbers(shown: Shown): Table<number> {
  return {
    file: "map",
    caption: t("map_title", { part: partName(shown.part) }),
    columns: [
      { title: t("rank"), value: (place) => core.rank[shown.part]![place] ?? null, show: (place) => count(core.rank[shown.part]![place]), number: true },
      { title: t("region"), value: (place) => name(core.regions[place]!.name) },
      { title: t("code"), value: (place) => core.regions[place]!.id },
      { title: partName(shown.part), value: (place) => shown.values[place] ?? null, show: (place) => shown.say(shown.values[place]), number: true },
      { title: t("map_class"), value: (place) => (shown.classes.of[place] ?? -1) + 1 || null, number: true },
    ],
    rows: ranked(shown.part),
  };
}

function noteOf(shown: Shown, map: MapData): Note {
  const definition = core.parts[shown.part]!.definition;
  const text = [definition && name(definition), t(chosen.map ? "map_text" : "map_tiles_text"), map.missing && name(map.missing)];
  return {
    text: text.filter((each) => each).join(" "),
    source: [name(core.index.source), map.source && t("map_lines_of", { source: name(map.source) })].filter((each) => each).join("; "),
    not: [t("map_not"), chosen.map && map.kind === "world" && t("map_not_world"), map.kind !== null && t("map_not_ours")].filter((each) => each).join(" "),
  };
}

/** The group that is outlined, in words. */
function groupText(): string {
  const groups = core.groups;
  const place = groups?.regions.findIndex(({ id }) => id === chosen.group) ?? -1;
  if (groups === null || place < 0) {
    return "";
  }
  const { name: called, members } = groups.regions[place]!;
  const names = members.flatMap((id) => (placeOf.has(id) ? [name(core.regions[placeOf.get(id)!]!.name)] : []));
  return t("map_group_text", {
    group: name(called),
    score: score(groups.score[0]![place]),
    rank: count(groups.rank[0]![place]),
    members: names.join(t("map_comma")),
  });
}

function choices(map: MapData, render: () => void): Child[] {
  const options = [0, ...pillars, ...leaves.filter((leaf) => !pillars.includes(leaf))].map((part) => ({
    value: String(part),
    text: core.parts[part]!.level === 1 && !pillars.includes(part) ? `\u2003${partName(part)}` : partName(part),
  }));
  const groups = (core.groups?.regions ?? []).filter(({ members }) => members.length > 0);
  const pick = (change: Partial<typeof chosen>): void => {
    Object.assign(chosen, change);
    render();
  };
  return [
    choice(t("map_show"), options, String(chosen.part), (part) => pick({ part: Number(part) })),
    map.topology !== null &&
      choice(t("map_view"), [{ value: "map", text: t("map") }, { value: "tiles", text: t("map_tiles") }], chosen.map ? "map" : "tiles", (view) => pick({ map: view === "map" })),
    core.tier !== null &&
      chosen.part === 0 &&
      choice(t("map_classes"), [{ value: "quantiles", text: t("map_quantiles") }, { value: "tiers", text: t("map_tiers") }], chosen.tiers ? "tiers" : "quantiles", (rule) => pick({ tiers: rule === "tiers" })),
    groups.length > 0 &&
      choice(
        t("map_group"),
        [{ value: "", text: t("map_no_group") }, { value: ALL, text: t("map_all_groups") }, ...groups.map(({ id, name: called }) => ({ value: id, text: name(called) }))],
        chosen.group,
        (group) => pick({ group }),
      ),
  ];
}

function drawn(map: MapData, shown: Shown, render: () => void): Child[] {
  let chart: EChartsType | null = null;
  const drawing = drawingOf(map.topology!);
  const reset = (): void => {
    Object.assign(looked, { zoom: 1, center: undefined });
    render();
  };
  const picture = figure({
    file: "map",
    title: t("map_title", { part: partName(shown.part) }),
    option: () => option(map, shown, drawing),
    height: innerWidth < NARROW ? 330 : map.kind === "world" ? 440 : 560,
    note: noteOf(shown, map),
    numbers: numbers(shown),
    tools: [roaming(() => chart, reset)],
    drawn: (made) => {
      chart = made;
      made.on("click", ({ name: id }) => placeOf.has(id) && openRegion(id));
      made.on("georoam", () => {
        const [series] = (made.getOption() as { series: { zoom: number; center: unknown }[] }).series;
        Object.assign(looked, { zoom: series!.zoom, center: series!.center });
      });
    },
  });
  return [el("div", { class: "map" }, picture, el("div", {}, legend(shown, drawing.fills.length > 0), beside(shown, () => chart)))];
}

function tiled(map: MapData, shown: Shown): Child[] {
  const members = memberIds();
  const labelled = core.regions.length <= LABELLED || spoken() === "zh" || map.short.every((short) => name(short).length <= BRIEF);
  const grid = tiles(map.tiles, ranked(shown.part), (place) => ({
    name: name(core.regions[place]!.name),
    short: name(map.short[place]!),
    text: lines(shown, place).join("; "),
    shade: colour(shown, place) ?? "hatched",
    marked: members.has(core.regions[place]!.id),
    labelled,
    open: () => openRegion(core.regions[place]!.id),
  }));
  const title = t("map_title", { part: partName(shown.part) });
  const picture = el("figure", { id: "figure-tiles" }, el("figcaption", {}, title), grid, el("div", { class: "below" }, numbersOf(numbers(shown)), note(noteOf(shown, map))));
  return [el("div", { class: "map" }, picture, el("div", {}, legend(shown, false), beside(shown, () => null)))];
}

function drawingOf(topology: Topology): Drawing {
  drawing ??= prepared(topology);
  return drawing;
}

export const map: PagePart = {
  id: "map",
  there: () => core.regions.length > 1,
  content: async () => {
    const found = await dataLater<MapData>("map");
    chosen.map &&= found.topology !== null;
    const { place, render } = refreshed(() => {
      const shown = shownNow();
      const group = groupText();
      return [
        el("div", { class: "tools" }, ...choices(found, () => render())),
        found.kind === null && el("p", { class: "shown" }, t("map_no_boundaries")),
        group !== "" && el("p", { "aria-live": "polite" }, group),
        ...(chosen.map ? drawn(found, shown, () => render()) : tiled(found, shown)),
      ];
    });
    return [place];
  },
};
