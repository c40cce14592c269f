/** The lineage of a score as a tree that opens step by step: pillar, indicator, organisations, matches, file and line. */

import { core, dataLater, has, leaves, type Both, type Values } from "../data";
import { el, type Child } from "../dom";
import { csv, save } from "../save";
import { count, name, number, score, t } from "../words";
import { below, measured, unit, type Stands } from "./standing";

/** What `ecosystem/report/parts/lineage_data.py` makes. */
interface Lineage {
  top: number;
  named: number;
  source: string;
  organisations: readonly boolean[];
  matches: readonly boolean[];
  notes: readonly Both[];
  indicators: readonly Behind[];
  entities: Entities;
}

/** Behind one indicator: organisations by region from `start` on, their matches from `first` on. */
interface Behind {
  start: readonly number[];
  entity: readonly number[];
  matches: readonly number[];
  share: Values;
  others: readonly number[];
  other_matches: readonly number[];
  other_share: Values;
  slope: number | null;
  base: number | null;
  unsummed: Both | null;
  first: readonly number[];
  roles: readonly string[];
  cells: readonly (readonly number[])[];
  named_share: Values;
  note: Values;
  record: Values | null;
}

interface Entities {
  kinds: readonly Both[];
  kind: readonly number[];
  id: readonly string[];
  name: readonly string[];
  files: readonly string[];
  file: readonly number[];
  line: Values;
  exports: readonly (string | null)[] | null;
  lines: Both | null;
}

export const hasLineage = (): boolean => has("lineage");

/** A step of the tree; what is below it is made when it is opened for the first time. */
function branch(kind: string, head: Child[], make: () => Child[] | Promise<Child[]>): HTMLElement {
  const content = el("div", { class: "below-branch" });
  let made = false;
  const open = async (): Promise<void> => {
    if (!made) {
      made = true;
      content.replaceChildren(...(await make()).filter((child): child is Node => child instanceof Node));
    }
  };
  const place = el("details", { class: `branch ${kind}` }, el("summary", {}, ...head), content);
  place.addEventListener("toggle", () => place.open && void open());
  return place;
}

function figures(...texts: (string | false | null)[]): HTMLElement {
  return el("span", { class: "figures" }, ...texts.map((text) => text && el("span", {}, text)));
}

/** The tree of a region. */
export function lineageTree(region: number, known: Stands): Child[] {
  const pillars = below(0).map((part) => partBranch(part, region, known));
  return [el("p", {}, t("lineage_how")), el("div", { class: "tree" }, ...pillars)];
}

function partBranch(part: number, region: number, known: Stands): HTMLElement {
  const { name: names, level } = core.parts[part]!;
  const brought = known.contribution[part]![region] ?? core.score[part]![region];
  const head = [el("strong", {}, name(names)), figures(level === 1 && valueOf(part, region), t("points_of", { points: score(brought) }))];
  if (level > 1) {
    return branch("part", head, () => below(part).map((child) => partBranch(child, region, known)));
  }
  return branch("indicator", head, async () => behind(part, region, await dataLater<Lineage>("lineage")));
}

function valueOf(part: number, region: number): string {
  const value = core.raw[leaves.indexOf(part)]![region];
  return value === null || value === undefined ? t("no_value") : `${measured(value)} ${unit(core.parts[part]!)}`.trim();
}

/** What stands behind an indicator of a region. */
function behind(part: number, region: number, lineage: Lineage): Child[] {
  const leaf = leaves.indexOf(part);
  const found = lineage.indicators[leaf]!;
  const [begin, end] = [found.start[region]!, found.start[region + 1]!];
  const rows = Array.from({ length: end - begin }, (_, at) => organisation(begin + at, found, lineage));
  const more = found.others[region]!;
  const base = core.raw[leaf]![region] === null || found.base === 0 ? null : found.base;
  const row = found.record?.[region] ?? null;
  const note = found.note[region] ?? null;
  return [
    definition(part),
    note !== null && row === null && el("p", { class: "soft" }, name(lineage.notes[note]!)),
    row !== null && record(row, lineage),
    ...rows,
    more > 0 && others(found, region, lineage),
    base !== null && el("p", { class: "leaf" }, t(core.parts[part]!.direction === 1 ? "base_minimum" : "base_maximum"), figures(t("points_of", { points: digits(base) }))),
    end > begin && explained(found),
    end > begin && whole(part, region, found, lineage),
  ].map((child) => (child === false || child === null ? "" : child));
}

function definition(part: number): Child {
  const text = core.parts[part]!.definition;
  return text !== null && el("p", { class: "soft" }, name(text));
}

/** Points of one organisation: they are small. */
function digits(points: number): string {
  return number(points, 4);
}

function explained(found: Behind): Child {
  if (found.unsummed !== null) {
    return el("p", { class: "soft" }, t("lineage_unsummed", { reason: name(found.unsummed) }));
  }
  return found.slope === null && el("p", { class: "soft" }, t("lineage_no_points"));
}

function organisation(at: number, found: Behind, lineage: Lineage): HTMLElement {
  const { entities } = lineage;
  const entity = found.entity[at]!;
  const share = found.share[at] ?? null;
  const head = [
    el("span", {}, entities.name[entity] || entities.id[entity]!, " ", el("small", {}, `${name(entities.kinds[entities.kind[entity]!]!)} ${entities.id[entity]}`)),
    figures(
      t("matches_of", { count: count(found.matches[at]) }),
      share !== null && t("share_of", { share: measured(share) }),
      share !== null && found.slope !== null && t("points_of", { points: digits(found.slope * share) }),
    ),
  ];
  return branch("organisation", head, () => matches(at, found, lineage));
}

function matches(at: number, found: Behind, lineage: Lineage): Child[] {
  const [begin, end] = [found.first[at]!, found.first[at + 1]!];
  const all = found.matches[at]!;
  const shown = Array.from({ length: end - begin }, (_, place) => match(begin + place, place + 1, all, found, lineage));
  const rest = all - shown.length;
  return [
    lineage.entities.lines !== null && shown.length > 0 ? el("p", { class: "soft" }, t("no_lines", { reason: name(lineage.entities.lines) })) : "",
    ...shown,
    rest > 0 ? el("p", { class: "leaf" }, shown.length > 0 ? t("more_matches", { count: count(rest) }) : t("matches_elsewhere", { count: count(rest) })) : "",
  ];
}

/** A match: every node and link of it, with its place in a file. */
function match(row: number, place: number, all: number, found: Behind, lineage: Lineage): HTMLElement {
  const { entities } = lineage;
  const share = found.named_share[row] ?? null;
  const caption = t("match_of", { place, all }) + (share === null ? "" : ` · ${t("share_of", { share: measured(share) })}`);
  const lines = found.cells.map((cells, role) => {
    const entity = cells[row]!;
    const kind = name(entities.kinds[entities.kind[entity]!]!);
    return el(
      "tr",
      {},
      el("td", {}, kind, found.roles[role] ? el("small", { title: t("role_hint") }, ` ${found.roles[role]}`) : ""),
      el("td", {}, entities.name[entity]!, entities.id[entity] ? el("small", {}, ` ${entities.id[entity]}`) : ""),
      el("td", {}, ...fileAndLine(entity, lineage)),
    );
  });
  const heads = [t("kind"), t("entity"), t("file_line")].map((title) => el("th", { scope: "col" }, title));
  return el("table", { class: "match" }, el("caption", {}, caption), el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...lines));
}

function fileAndLine(entity: number, lineage: Lineage): Child[] {
  const { files, file, line, exports } = lineage.entities;
  if (line[entity] === null || line[entity] === undefined) {
    return ["–"];
  }
  const from = exports?.[entity];
  return [t("line_of", { file: files[file[entity]!]!, line: line[entity]! }), from ? el("small", {}, ` ${t("from_export", { rows: from })}`) : ""];
}

/** The cell of a table that a value stands in. */
function record(row: number, lineage: Lineage): HTMLElement {
  return el("p", { class: "leaf" }, t("from_table", { name: lineage.entities.name[row]! }), el("span", { class: "figures" }, el("span", {}, ...fileAndLine(row, lineage))));
}

function others(found: Behind, region: number, lineage: Lineage): HTMLElement {
  const share = found.other_share[region] ?? null;
  const number = count(found.others[region]);
  return el(
    "p",
    { class: "leaf" },
    lineage.organisations[region] ? t("others_of", { count: number }) : t("others_only", { count: number }),
    figures(
      t("matches_of", { count: count(found.other_matches[region]) }),
      share !== null && t("share_of", { share: measured(share) }),
      share !== null && found.slope !== null && t("points_of", { points: digits(found.slope * share) }),
    ),
  );
}

/** What is here as a file, and the command that writes all where this is not all. */
function whole(part: number, region: number, found: Behind, lineage: Lineage): HTMLElement {
  const { code } = core.parts[part]!;
  const [begin, end] = [found.start[region]!, found.start[region + 1]!];
  const organisations = end - begin + found.others[region]!;
  const complete = found.others[region] === 0 && found.first[end]! - found.first[begin]! === found.matches.slice(begin, end).reduce((sum, each) => sum + each, 0);
  const id = core.regions[region]!.id;
  const write = (): void => save(`lineage-${id}-${code}.csv`, csv(columns(), matchRows(part, begin, end, found, lineage)));
  const command = `ecosystem explain ${core.index.id} ${id} --level ${core.level} --indicator ${code} --depth row --top ${organisations} --out lineage-${id}-${code}.csv`;
  return el(
    "div",
    { class: "whole" },
    el("button", { type: "button", class: "save", on: { click: write } }, t(complete ? "save_all" : "save_shown")),
    !complete && el("p", { class: "soft" }, t("all_of_it"), " ", el("code", {}, command)),
  );
}

function columns(): string[] {
  return ["code", "entity", "match", "share", "role", "kind", "id", "name", "source", "file", "line"];
}

/** The rows as `ecosystem explain --depth row` writes them: one for every node and link of each match. */
function matchRows(part: number, begin: number, end: number, found: Behind, lineage: Lineage): (string | number | null)[][] {
  const { entities } = lineage;
  const rows: (string | number | null)[][] = [];
  for (let at = begin; at < end; at += 1) {
    for (let row = found.first[at]!; row < found.first[at + 1]!; row += 1) {
      found.cells.forEach((cells, role) => {
        const entity = cells[row]!;
        const known = entities.line[entity] ?? null;
        rows.push([
          core.parts[part]!.code,
          entities.id[found.entity[at]!]!,
          row - found.first[begin]! + 1,
          found.named_share[row] ?? null,
          found.roles[role]!,
          entities.kinds[entities.kind[entity]!]!.en,
          entities.id[entity]!,
          entities.name[entity]!,
          known === null ? null : lineage.source,
          known === null ? null : entities.files[entities.file[entity]!]!,
          known,
        ]);
      });
    }
  }
  return rows;
}

