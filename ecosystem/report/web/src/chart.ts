/** A chart as a figure: title, drawing, its numbers as a table, and a note of what it shows and does not. */

import * as echarts from "echarts/core";
import { BarChart, ChordChart, CustomChart, GraphChart, HeatmapChart, LineChart, MapChart, RadarChart, SankeyChart, ScatterChart } from "echarts/charts";
import { AriaComponent, DataZoomComponent, GeoComponent, GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent, RadarComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";
import type { EChartsCoreOption, EChartsType } from "echarts/core";

import { el, type Child } from "./dom";
import { save } from "./save";
import { table, type Table } from "./table";
import { t } from "./words";

echarts.use([BarChart, ChordChart, CustomChart, GraphChart, HeatmapChart, LineChart, MapChart, RadarChart, SankeyChart, ScatterChart]);
echarts.use([AriaComponent, DataZoomComponent, GeoComponent, GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent, RadarComponent, TooltipComponent, VisualMapComponent]);
echarts.use([SVGRenderer]);

export const registerMap = echarts.registerMap;

/** What stands beside a chart: what it shows, where from, and what it does not say. */
export interface Note {
  text: string;
  source?: string;
  not?: string;
}

export interface Figure<Row> {
  /** The name of its files. */
  file: string;
  title: string;
  /** What ECharts draws; asked anew when the language or the colours change. */
  option: () => EChartsCoreOption;
  height: number;
  note: Note;
  numbers: Table<Row>;
  /** What stands between the title and the drawing, such as a choice. */
  tools?: Child[];
  /** Called with the chart once it is drawn, e.g. to listen to clicks. */
  drawn?: (chart: EChartsType) => void;
}

interface Drawn {
  place: HTMLElement;
  draw: () => void;
  redraw: () => void;
  chart: EChartsType | null;
}

const figures = new Set<Drawn>();
const near = new IntersectionObserver(
  (seen) => seen.filter((entry) => entry.isIntersecting).forEach((entry) => drawAt(entry.target)),
  { rootMargin: "400px" },
);
const sized = new ResizeObserver((changed) =>
  changed.forEach(({ target }) => {
    // ECharts fails on a chart that has no width, as one that is hidden has none
    if (target.clientWidth > 0) {
      [...figures].find(({ place }) => place === target)?.chart?.resize();
    }
  }),
);

function drawAt(target: Element): void {
  const found = [...figures].find(({ place }) => place === target);
  near.unobserve(target);
  if (found !== undefined && found.chart === null) {
    found.draw();
  }
}

/** Draw every chart of the page now: a page on paper has no one who scrolls. */
export function drawAll(): void {
  figures.forEach(({ place }) => drawAt(place));
}

/** Paper is narrower than the screen and light: charts are drawn anew for it, and again for the screen. */
matchMedia("print").addEventListener("change", () => figures.forEach(({ redraw }) => redraw()));

/** Forget the charts inside an element that goes. */
export function forget(inside: Element): void {
  for (const figure of figures) {
    if (inside.contains(figure.place)) {
      near.unobserve(figure.place);
      sized.unobserve(figure.place);
      figure.chart?.dispose();
      figures.delete(figure);
    }
  }
}

/** A colour of the page by the name of its variable. */
export function shade(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** Colours of what stands side by side, which the colour-blind can tell apart (Okabe and Ito 2008, darkened). */
export function palette(): string[] {
  return ["c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8"].map(shade);
}

/** What a chart says of the thing that is pointed at. Texts become text, whatever they have in them. */
export function tip(title: string, ...lines: string[]): HTMLElement {
  return el("div", { class: "tip" }, el("strong", {}, title), ...lines.map((line) => el("div", {}, line)));
}

function dressed(option: EChartsCoreOption, title: string): EChartsCoreOption {
  const text = { color: shade("ink"), fontFamily: getComputedStyle(document.body).fontFamily };
  const tooltip = { confine: true, backgroundColor: shade("paper"), borderColor: shade("line"), textStyle: text };
  return {
    animation: false,
    color: palette(),
    textStyle: text,
    aria: { enabled: true, label: { description: title } },
    ...option,
    tooltip: { ...tooltip, ...((option.tooltip as object | undefined) ?? {}) },
  };
}

/** The chart as an element. It is drawn when it comes near the screen. */
export function figure<Row>(shown: Figure<Row>): HTMLElement {
  const place = el("div", { class: "drawing", style: `height: ${shown.height}px` });
  const made: Drawn = {
    place,
    chart: null,
    draw: () => {
      made.chart = echarts.init(place, null, { renderer: "svg" });
      made.chart.setOption(dressed(shown.option(), shown.title));
      shown.drawn?.(made.chart);
      place.querySelector("svg")?.setAttribute("aria-hidden", "true");
    },
    redraw: () => {
      if (made.chart !== null && place.clientWidth > 0) {
        made.chart.resize();
        made.chart.setOption(dressed(shown.option(), shown.title), true);
      }
    },
  };
  figures.add(made);
  near.observe(place);
  sized.observe(place);
  place.setAttribute("role", "img");
  place.setAttribute("aria-label", shown.title);
  place.addEventListener("renew", () => made.chart?.setOption(dressed(shown.option(), shown.title), true));
  const picture = (): void => {
    drawAt(place);
    save(`${shown.file}.svg`, new XMLSerializer().serializeToString(place.querySelector("svg")!), "image/svg+xml");
  };
  return el(
    "figure",
    { id: `figure-${shown.file}` },
    el("figcaption", {}, shown.title),
    shown.tools && el("div", { class: "tools" }, ...shown.tools),
    place,
    el(
      "div",
      { class: "below" },
      numbersOf(shown.numbers),
      note(shown.note),
      el("button", { type: "button", class: "save", on: { click: picture } }, t("save_svg")),
    ),
  );
}

/** The numbers of a chart, folded until they are asked for. */
export function numbersOf<Row>(numbers: Table<Row>): HTMLElement {
  const place = el("details", { class: "numbers" }, el("summary", {}, t("numbers")));
  place.addEventListener("toggle", () => place.children.length === 1 && place.append(table(numbers)));
  return place;
}

/** A note, folded until it is asked for; open on paper. */
export function note(shown: Note): HTMLElement {
  return el(
    "details",
    { class: "note" },
    el("summary", {}, t("note")),
    el("p", {}, shown.text),
    shown.source !== undefined && el("p", {}, t("note_source", { source: shown.source })),
    shown.not !== undefined && el("p", {}, t("note_not", { text: shown.not })),
  );
}
