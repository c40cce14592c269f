/** Ranks of values and of scores: the formulas of `ecosystem/index/steps/rank.py`. */

import type { Column, DataTies, Ties } from "./rules";

/** The places of the values that are there, the least first. */
function ordered(values: Column): number[] {
  const places = Array.from(values.keys()).filter((place) => !Number.isNaN(values[place]!));
  return places.sort((a, b) => values[a]! - values[b]!);
}

/** The rank of every value of a column, 1 for the least; equal values share the least, mean or greatest rank. */
export function dataRanks(values: Column, ties: DataTies): Column {
  const order = ordered(values);
  const ranks = new Float64Array(values.length).fill(NaN);
  for (let first = 0; first < order.length; ) {
    let last = first;
    while (last + 1 < order.length && values[order[last + 1]!] === values[order[first]!]) {
      last += 1;
    }
    const shared = { min: first + 1, max: last + 1, average: (first + last) / 2 + 1 }[ties];
    for (let at = first; at <= last; at += 1) {
      ranks[order[at]!] = shared;
    }
    first = last + 1;
  }
  return ranks;
}

/** A number rounded to decimals, halves to the even one, as numpy rounds. */
function rounded(value: number, decimals: number): number {
  const power = 10 ** Math.abs(decimals);
  const scaled = decimals < 0 ? value / power : value * power;
  const floor = Math.floor(scaled);
  const half = scaled - floor;
  const whole = half === 0.5 ? floor + (floor % 2 === 0 ? 0 : 1) : Math.round(scaled);
  return decimals < 0 ? whole * power : whole / power;
}

/** Ranks of scores, 1 for the highest; 0 for a region without a score. Ties by the rule of the index. */
export function rank(scores: Column, ties: Ties): number[] {
  const compared = ties.decimals === null ? scores : scores.map((score) => rounded(score, ties.decimals!));
  const order = ordered(compared).reverse();
  const ranks = new Array<number>(scores.length).fill(0);
  let dense = 0;
  for (let first = 0; first < order.length; dense += 1) {
    let last = first;
    // a score that is hardly below the one before it has that one's rank
    while (last + 1 < order.length && !(compared[order[last]!]! - compared[order[last + 1]!]! > ties.tolerance)) {
      last += 1;
    }
    const shared = ties.method === "dense" ? dense + 1 : ties.method === "modified" ? last + 1 : first + 1;
    for (let at = first; at <= last; at += 1) {
      ranks[order[at]!] = shared;
    }
    first = last + 1;
  }
  return ranks;
}

/** Every way to rank ties that the page knows. */
export const TIES: readonly string[] = ["competition", "modified", "dense"];
