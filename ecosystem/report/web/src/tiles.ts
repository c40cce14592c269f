/** One tile per region, of the same size for each: where its region lies, or by the region that it lies in. */

import { core } from "./data";
import { el } from "./dom";
import { name, t } from "./words";

/** Column and row. */
export type Tile = readonly [number, number];

/** From how many tiles on they are too small for words on a telephone. */
const MANY = 80;

interface Face {
  name: string;
  short: string;
  text: string;
  /** The class of its colour. */
  shade: string;
  /** Whether its group is chosen. */
  marked: boolean;
  labelled: boolean;
  open: () => void;
}

/** The tiles of regions in the order of their ranks. */
export function tiles(places: readonly Tile[] | null, order: readonly number[], face: (place: number) => Face): HTMLElement {
  if (places === null) {
    return byParent(order, face);
  }
  const columns = 1 + Math.max(...places.map(([column]) => column));
  const items = order.map((place) => {
    const [column, row] = places[place]!;
    return tile(face(place), `grid-area: ${row + 1} / ${column + 1}`);
  });
  return el("ol", { class: order.length > MANY ? "tiles placed many" : "tiles placed", style: `--columns: ${columns}` }, ...items);
}

function tile(face: Face, style?: string): HTMLElement {
  const said = `${face.name}: ${face.text}`;
  const classes = [face.shade, face.marked && "marked"].filter((each) => each).join(" ");
  const button = el("button", { type: "button", class: classes, title: said, "aria-label": said, on: { click: face.open } }, face.labelled && face.short);
  return el("li", { style }, button);
}

function byParent(order: readonly number[], face: (place: number) => Face): HTMLElement {
  const groups = new Map<string, number[]>();
  for (const place of order) {
    const within = core.regions[place]!.within;
    const called = within === null ? "" : name(within);
    groups.set(called, [...(groups.get(called) ?? []), place]);
  }
  const blocks = [...groups].map(([called, inside]) =>
    el(
      "div",
      { class: "block" },
      groups.size > 1 && el("h4", {}, called || t("map_elsewhere")),
      el("ol", { class: "tiles" }, ...inside.map((place) => tile({ ...face(place), labelled: true }))),
    ),
  );
  return el("div", { class: "blocks" }, ...blocks);
}
