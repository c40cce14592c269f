/** What Python has put into the page, by part; `ecosystem/report/parts` makes it. */

export type Language = "zh" | "en";
export type Both = Readonly<Record<Language, string>>;
export type Values = readonly (number | null)[];

/** A part of the index: the whole (first), a pillar, ... or an indicator (level 1). */
export interface Part {
  code: string;
  parent: string | null;
  level: number;
  name: Both;
  unit: Both | null;
  direction: 1 | -1;
  weight: number;
  weight_source: "printed" | "derived" | "assumed";
  source: string | null;
  definition: Both | null;
  dated: boolean | null;
  missing: Both | null;
}

export interface Region {
  id: string;
  name: Both;
  parent: string | null;
  within: Both | null;
}

export interface Group {
  id: string;
  name: Both;
  members: readonly string[];
}

/** Scores and ranks by part and region, and coverage by region. */
export interface Standing {
  score: readonly Values[];
  rank: readonly Values[];
  coverage: Values;
}

export interface Core extends Standing {
  index: {
    id: string;
    title: Both;
    source: Both;
    unit: Both;
    normalisation: string;
    aggregation: string;
    changes: readonly Both[];
    fine: boolean;
  };
  data: { name: string; hash: string; made_up: boolean; table: string | null; graph: boolean };
  level: string;
  window: Both;
  focus: readonly string[];
  parts: readonly Part[];
  regions: readonly Region[];
  /** By indicator, in the order of the parts of level 1, and region. */
  raw: readonly Values[];
  normalised: readonly Values[];
  points: readonly Values[];
  shares: Values;
  imputed: readonly (readonly number[])[];
  tier: Values | null;
  mark: readonly (Both | null)[];
  groups: (Standing & { regions: readonly Group[] }) | null;
  earlier: { name: string; score: readonly Values[]; rank: readonly Values[]; notes: Both } | null;
}

function element(name: string): HTMLElement | null {
  return document.getElementById(`data-${name}`);
}

/** Whether the page has a part. */
export function has(name: string): boolean {
  return element(name) !== null;
}

/** The data of a part that stands in the page as it is. */
export function data<T>(name: string): T {
  return JSON.parse(element(name)?.textContent ?? "null") as T;
}

const unpacked = new Map<string, Promise<unknown>>();

/** The data of a part that may be compressed; read once. */
export function dataLater<T>(name: string): Promise<T> {
  let found = unpacked.get(name);
  if (found === undefined) {
    found = unpack(name);
    unpacked.set(name, found);
  }
  return found as Promise<T>;
}

async function unpack(name: string): Promise<unknown> {
  const place = element(name);
  if (place?.getAttribute("type") !== "application/gzip") {
    return data(name);
  }
  const bytes = Uint8Array.from(atob(place.textContent ?? ""), (sign) => sign.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

export const core = data<Core>("core");

/** The places of the regions among those of the core data. */
export const placeOf: ReadonlyMap<string, number> = new Map(core.regions.map((region, place) => [region.id, place]));

/** The places of the parts. */
export const partOf: ReadonlyMap<string, number> = new Map(core.parts.map((part, place) => [part.code, place]));

/** The places among the parts of those right under the index. */
export const pillars: readonly number[] = core.parts.flatMap((part, place) =>
  part.level === core.parts[0]!.level - 1 ? [place] : [],
);

/** The places among the parts of the indicators, in the order of `raw`, `normalised` and `points`. */
export const leaves: readonly number[] = core.parts.flatMap((part, place) => (part.level === 1 ? [place] : []));

/** The places of the regions, the first rank first, those without a rank last. */
export function ranked(part = 0): number[] {
  const rank = core.rank[part]!;
  return core.regions.map((_, place) => place).sort((a, b) => (rank[a] ?? Infinity) - (rank[b] ?? Infinity) || a - b);
}
