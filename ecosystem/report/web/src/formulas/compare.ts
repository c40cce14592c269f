/** Regions judged against the best, the worst and each other: `ecosystem/index/steps/compromise.py`, and Copeland. */

import type { Column } from "./rules";
import { total } from "./sums";

/** Two sums of weights that differ by no more than this are equal. */
const WEIGHT_NOISE = 1e-12;

/** A span up to this is the noise of a sum. */
const NOISE = 1e-12;

function least(values: Column): number {
  return values.reduce((found, value) => (value < found || Number.isNaN(found) ? value : found), NaN);
}

function greatest(values: Column): number {
  return values.reduce((found, value) => (value > found || Number.isNaN(found) ? value : found), NaN);
}

/** A number of each region, NaN where it has none of the parts. */
function where(columns: readonly Column[], make: (row: number) => number): Column {
  return (columns[0] ?? new Float64Array()).map((_, row) =>
    columns.every((column) => Number.isNaN(column[row]!)) ? NaN : make(row),
  );
}

function distance(off: readonly number[]): number {
  return Math.sqrt(total(off.map((each) => (Number.isNaN(each) ? 0 : each * each))));
}

/** D- / (D- + D+): the distance from the worst over both distances. */
export function topsis(columns: readonly Column[], weights: readonly number[]): Column {
  const weighed = columns.map((column, place) => column.map((value) => value * weights[place]!));
  const [best, worst] = [weighed.map(greatest), weighed.map(least)];
  return where(columns, (row) => {
    const up = distance(weighed.map((column, place) => best[place]! - column[row]!));
    const down = distance(weighed.map((column, place) => column[row]! - worst[place]!));
    return up + down > 0 ? down / (up + down) : 0;
  });
}

/** Values on 0 to 1 from the least to the greatest; 0 where all are equal. */
function ranged(values: Column): Column {
  const low = least(values);
  const span = greatest(values) - low;
  return values.map((value) => (span > NOISE ? (value - low) / span : value * 0));
}

/** 1 - Q: how little a region lags, on the mean (weight `v`) and in the part where it lags most. */
export function vikor(columns: readonly Column[], weights: readonly number[], v: number): Column {
  const lags = columns.map((column) => {
    const [high, low] = [greatest(column), least(column)];
    return column.map((value) => (high - low > 0 ? (high - value) / (high - low) : Number.isNaN(value) ? NaN : 0));
  });
  const whole = (row: number): number => total(columns.map((column, place) => (Number.isNaN(column[row]!) ? 0 : weights[place]!)));
  const shares = (row: number): number[] => lags.map((lag, place) => (Number.isNaN(lag[row]!) ? 0 : lag[row]! * weights[place]!) / whole(row));
  const heavy = (make: (row: number) => number): Column => where(columns, (row) => (whole(row) > 0 ? make(row) : NaN));
  const mean = ranged(heavy((row) => total(shares(row))));
  const worst = ranged(heavy((row) => Math.max(...shares(row))));
  return mean.map((value, row) => 1 - v * value - (1 - v) * worst[row]!);
}

/** The net flow of PROMETHEE II: how far a region is preferred to the others less how far they are to it. */
export function promethee(columns: readonly Column[], weights: readonly number[], preference: "usual" | "linear", threshold: number | null): Column {
  const there = where(columns, () => 1);
  const others = Math.max(there.filter((one) => !Number.isNaN(one)).length - 1, 1);
  const over = threshold || 1;
  const ahead = (difference: number): number => (preference === "usual" ? Math.sign(difference) : Math.min(Math.max(difference / over, -1), 1));
  return where(columns, (row) => {
    const flows = new Array<number>(there.length);
    for (let other = 0; other < there.length; other += 1) {
      let [net, whole] = [0, 0];
      for (let place = 0; place < columns.length; place += 1) {
        const difference = columns[place]![row]! - columns[place]![other]!;
        if (!Number.isNaN(difference)) {
          net += ahead(difference) * weights[place]!;
          whole += weights[place]!;
        }
      }
      flows[other] = whole > 0 ? net / whole : 0;
    }
    return total(flows) / others;
  });
}

/** The regions that a region outranks by the greater weight of parts, less those that outrank it. */
export function copeland(columns: readonly Column[], weights: readonly number[]): Column {
  const noise = WEIGHT_NOISE * total(weights);
  return where(columns, (row) => {
    let score = 0;
    for (let other = 0; other < columns[0]!.length; other += 1) {
      let lead = 0;
      for (let place = 0; place < columns.length; place += 1) {
        const [own, its] = [columns[place]![row]!, columns[place]![other]!];
        lead += ((own > its ? 1 : 0) - (own < its ? 1 : 0)) * weights[place]!;
      }
      score += Math.abs(lead) <= noise ? 0 : Math.sign(lead);
    }
    return score;
  });
}
