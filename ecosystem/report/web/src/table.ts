/** A table that sorts, filters and is saved as CSV. */

import { el, type Child } from "./dom";
import { csv, save } from "./save";
import { spoken, t } from "./words";

export type Cell = string | number | null;

export interface Column<Row> {
  title: string;
  /** What is saved and sorted by. */
  value: (row: Row) => Cell;
  /** What is shown, the value as text where nothing else is said. */
  show?: (row: Row) => Child;
  /** What the heading means. */
  hint?: string;
  number?: boolean;
}

export interface Table<Row> {
  /** The name of the file, and of the table for who does not see it. */
  file: string;
  caption: string;
  columns: readonly Column<Row>[];
  /** A function where they change; `renew` asks it anew. */
  rows: readonly Row[] | (() => readonly Row[]);
  /** Rows that are shown before the reader asks for all. */
  first?: number;
  /** Whether rows can be looked for by their text; by default where there are many. */
  filter?: boolean;
}

const FIRST = 100;
const MANY = 15;

/** The table as an element. */
export function table<Row>(shown: Table<Row>): HTMLElement {
  const rowsNow = (): readonly Row[] => (typeof shown.rows === "function" ? shown.rows() : shown.rows);
  let order: { column: number; down: boolean } | null = null;
  let wanted = "";
  let all = false;
  const body = el("tbody");
  const said = el("p", { class: "shown", "aria-live": "polite" });
  const more = el("button", { type: "button", class: "more", on: { click: () => ((all = true), fill()) } }, t("show_all"));
  const heads = shown.columns.map((column, place) => heading(column, place));

  function heading(column: Column<Row>, place: number): HTMLTableCellElement {
    const sort = el("button", { type: "button", title: column.hint, on: { click: () => sortBy(place) } }, column.title);
    sort.setAttribute("aria-label", t("sort_by", { column: column.title }));
    return el("th", { scope: "col", class: column.number ? "number" : undefined }, sort);
  }

  function sortBy(column: number): void {
    const down = order?.column === column ? !order.down : false;
    order = { column, down };
    heads.forEach((head, place) => {
      if (place === column) {
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
      } else {
        head.removeAttribute("aria-sort");
      }
    });
    fill();
  }

  function fill(): void {
    const rows = rowsNow();
    const found = sorted(rows.filter((row) => matches(row)));
    const visible = all ? found : found.slice(0, shown.first ?? FIRST);
    body.replaceChildren(...visible.map((row) => el("tr", {}, ...shown.columns.map((column) => cellOf(column, row)))));
    more.hidden = visible.length === found.length;
    said.textContent =
      visible.length === rows.length ? "" : t("shown_of", { shown: visible.length, total: rows.length });
  }

  function matches(row: Row): boolean {
    return wanted === "" || shown.columns.some((column) => String(column.value(row) ?? "").toLowerCase().includes(wanted));
  }

  function sorted(rows: Row[]): Row[] {
    if (order === null) {
      return rows;
    }
    const { column, down } = order;
    const value = shown.columns[column]!.value;
    return [...rows].sort((a, b) => compare(value(a), value(b), down));
  }

  const find = el("input", {
    type: "search",
    placeholder: t("filter_hint"),
    on: { input: () => ((wanted = find.value.trim().toLowerCase()), fill()) },
  });
  const write = (): void =>
    save(
      `${shown.file}.csv`,
      csv(
        shown.columns.map((column) => column.title),
        rowsNow().map((row) => shown.columns.map((column) => column.value(row))),
      ),
    );
  fill();
  const tools = el(
    "div",
    { class: "tools" },
    (shown.filter ?? rowsNow().length > MANY) && el("label", { class: "choice" }, el("span", {}, t("filter")), find),
    el("button", { type: "button", class: "save", on: { click: write } }, t("save_csv")),
  );
  const place = el(
    "div",
    { class: "table" },
    tools,
    el(
      "div",
      { class: "scroll", tabindex: 0, role: "region", "aria-label": shown.caption },
      el("table", {}, el("caption", { class: "unseen" }, shown.caption), el("thead", {}, el("tr", {}, ...heads)), body),
    ),
    said,
    more,
  );
  place.addEventListener("renew", fill);
  return place;
}

function cellOf<Row>(column: Column<Row>, row: Row): HTMLTableCellElement {
  const value = column.value(row);
  return el("td", { class: column.number ? "number" : undefined }, column.show ? column.show(row) : (value ?? "–"));
}

/** Numbers by size, texts as the language orders them, what is not there last either way. */
function compare(a: Cell, b: Cell, down: boolean): number {
  if (a === null || b === null) {
    return a === b ? 0 : a === null ? 1 : -1;
  }
  const found = typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), spoken());
  return down ? -found : found;
}
