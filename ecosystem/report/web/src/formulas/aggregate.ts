/** The scores of parts put together into that of their parent: the formulas of `ecosystem/index/steps/aggregate.py`. */

import { copeland, promethee, topsis, vikor } from "./compare";
import type { Column, Mean } from "./rules";
import { sumOfParts } from "./sums";

/** The parts of one parent: a column of scores each, and their weights. A part that is NaN is passed over. */
export interface Parts {
  columns: readonly Column[];
  weights: readonly number[];
}

type Aggregate = (parts: Parts, rule: Mean) => Column;

interface Aggregator {
  combine: Aggregate;
  /** Whether it is a plain sum, in which missing parts leave their weight to the others. */
  sums?: boolean;
}

/** What a function makes of the scores of each region; NaN where it has none of the parts. */
function byRegion(columns: readonly Column[], make: (scores: number[]) => number): Column {
  return (columns[0] ?? new Float64Array()).map((_, row) => {
    const scores = columns.map((column) => column[row]!);
    return scores.every(Number.isNaN) ? NaN : make(scores);
  });
}

/** Numbers times weights, 0 for one that is missing. */
function weighed(scores: readonly number[], weights: readonly number[]): number[] {
  return scores.map((score, place) => (Number.isNaN(score) ? 0 : score * weights[place]!));
}

/** The weights of the parts that are there, 0 for the others. */
function present(scores: readonly number[], weights: readonly number[]): number[] {
  return weights.map((weight, place) => (Number.isNaN(scores[place]!) ? 0 : weight));
}

function weightedMean(scores: readonly number[], weights: readonly number[]): number {
  const whole = sumOfParts(present(scores, weights));
  return whole > 0 ? sumOfParts(weighed(scores, weights)) / whole : NaN;
}

function geometricMean(scores: readonly number[], weights: readonly number[]): number {
  return scores.some((score) => score <= 0) ? NaN : Math.exp(weightedMean(scores.map(Math.log), weights));
}

function harmonicMean(scores: readonly number[], weights: readonly number[]): number {
  return scores.some((score) => score <= 0) ? NaN : 1 / weightedMean(scores.map((score) => 1 / score), weights);
}

function generalisedMean(scores: readonly number[], weights: readonly number[], power: number): number {
  if (power === 0) {
    return geometricMean(scores, weights);
  }
  const low = scores.some((score) => (power < 0 ? score <= 0 : score < 0));
  return low ? NaN : weightedMean(scores.map((score) => score ** power), weights) ** (1 / power);
}

function median(scores: readonly number[]): number {
  const sorted = scores.filter((score) => !Number.isNaN(score)).sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}

function mazziottaPareto(scores: readonly number[], weights: readonly number[], rule: Mean): number {
  const mean = weightedMean(scores, weights);
  let variance = weightedMean(scores.map((score) => (score - mean) * (score - mean)), weights);
  if (rule.sample) {
    const count = scores.filter((score) => !Number.isNaN(score)).length;
    variance = count > 1 ? (variance * count) / (count - 1) : 0;
  }
  return mean > 0 ? mean + (rule.penalty * variance) / mean : NaN;
}

/** An aggregation of the scores of each region by themselves. */
function alone(make: (scores: number[], weights: readonly number[], rule: Mean) => number): Aggregate {
  return ({ columns, weights }, rule) => byRegion(columns, (scores) => make(scores, weights, rule));
}

/** Every aggregation that the page knows. */
export const AGGREGATIONS: Readonly<Record<string, Aggregator>> = {
  // by then the parts are weighted: they are multiplied by their shares before the first level
  weighted_sum: { combine: alone((scores) => sumOfParts(scores.map((score) => score || 0))), sums: true },
  amean: { combine: alone(weightedMean) },
  gmean: { combine: alone(geometricMean) },
  hmean: { combine: alone(harmonicMean) },
  genmean: { combine: alone((scores, weights, rule) => generalisedMean(scores, weights, rule.power)) },
  median: { combine: alone(median) },
  copeland: { combine: ({ columns, weights }) => copeland(columns, weights) },
  topsis: { combine: ({ columns, weights }) => topsis(columns, weights) },
  vikor: { combine: ({ columns, weights }, rule) => vikor(columns, weights, rule.v) },
  promethee: { combine: ({ columns, weights }, rule) => promethee(columns, weights, rule.preference, rule.threshold) },
  mpi: { combine: alone(mazziottaPareto) },
  sum: { combine: alone((scores, weights) => sumOfParts(weighed(scores, weights))), sums: true },
};

/** The score of a parent by a method. In a sum, where the level has `gaps`, missing parts leave the others their weight. */
export function combine(method: string, parts: Parts, rule: Mean, gaps: boolean): Column {
  const known = AGGREGATIONS[method]!;
  const scores = known.combine(parts, rule);
  if (!known.sums || !gaps) {
    return scores;
  }
  const whole = sumOfParts(parts.weights);
  const left = byRegion(parts.columns, (there) => {
    const some = sumOfParts(present(there, parts.weights));
    return some > 0 ? whole / some : NaN;
  });
  return scores.map((score, row) => score * left[row]!);
}
