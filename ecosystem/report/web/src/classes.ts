/** Values in a few classes, for the colours of a map. */

import type { Values } from "./data";

export interface Classes {
  /** Per region its class, 0 the lowest; null where there is no value. */
  of: readonly (number | null)[];
  /** Per class its lowest and highest value, and how many regions are in it. */
  classes: readonly { low: number; high: number; count: number; tier: number | null }[];
}

const MOST = 5;

/** Classes of as equal numbers of regions as there can be: equal values are in one class. */
export function quantiles(values: Values, most = MOST): Classes {
  const present = values.filter((value) => value !== null).sort((a, b) => a - b);
  const highest = Array.from({ length: most }, (_, place) => present[Math.ceil((present.length * (place + 1)) / most) - 1]);
  const bounds = [...new Set(highest.filter((bound) => bound !== undefined))];
  return grouped(values, (value) => bounds.findIndex((bound) => value <= bound), bounds.length);
}

/** The classes that an index has: its tiers, of which the first is the best. */
export function tierClasses(values: Values, tiers: Values): Classes {
  const known = [...new Set(tiers.filter((tier) => tier !== null))].sort((a, b) => b - a);
  return grouped(values, (_, place) => known.indexOf(tiers[place] ?? NaN), known.length, known);
}

function grouped(values: Values, classOf: (value: number, place: number) => number, count: number, tiers: readonly number[] = []): Classes {
  const of = values.map((value, place) => {
    const found = value === null ? -1 : classOf(value, place);
    return found < 0 ? null : found;
  });
  const classes = Array.from({ length: count }, (_, each) => {
    const inside = values.filter((value, place) => value !== null && of[place] === each) as number[];
    return { low: Math.min(...inside), high: Math.max(...inside), count: inside.length, tier: tiers[each] ?? null };
  });
  return { of, classes };
}

/** Which of the seven shades of the page a class has: the first and the last where there are two. */
export function shadeOf(place: number, count: number): number {
  return count < 2 ? 6 : Math.round(1 + (place * 6) / (count - 1));
}
