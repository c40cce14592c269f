/** One tile per region, of the same size for each: where its region lies, or by the region that it lies in. */

import { core } from "./data";
import { el } from "./dom";
import { name, t } from "./words";

/** Column and row. */
export type Tile = readonly [number, number];

/** From how many tiles on they are too small for words on a telephone. */
const MANY = 80;
/** How much of the width of a tile a letter takes at most, and a line of letters. */
const WIDEST = 0.34;
const LINE = 0.9;

/** How wide the longest word of a name is, in the height of its letters: a Chinese character is twice a Latin letter. */
function lettersOf(text: string): number {
  const wide = (word: string): number => [...word].reduce((sum, sign) => sum + (sign > "\u2e80" ? 1 : 0.55), 0);
  return Math.max(1, ...text.split(/[\s-]+/).map(wide));
}

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
  const faces = order.map(face);
  const items = faces.map((each, at) => {
    const [column, row] = places[order[at]!]!;
    return tile(each, `grid-area: ${row + 1} / ${column + 1}`);
  });
  const letter = Math.min(WIDEST, ...faces.map(({ short }) => LINE / lettersOf(short)));
  return el("ol", { class: `tiles placed${order.length > MANY ? " many" : ""}`, style: `--columns: ${columns}; --letter: ${letter.toFixed(3)}` }, ...items);
}

function tile(face: Face, style?: string): HTMLElement {
  const said = `${face.name}${t("map_comma")}${face.text}`;
  // what is heard begins with what is seen
  const heard = face.labelled && face.short !== face.name ? `${face.short} ${said}` : said;
  const classes = [face.shade, face.marked && "marked"].filter((each) => each).join(" ");
  const button = el("button", { type: "button", class: classes, title: said, "aria-label": heard, on: { click: face.open } }, face.labelled && face.short);
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
      el("ol", { class: order.length > MANY ? "tiles many" : "tiles" }, ...inside.map((place) => tile({ ...face(place), labelled: order.length <= MANY }))),
    ),
  );
  return el("div", { class: "blocks" }, ...blocks);
}
