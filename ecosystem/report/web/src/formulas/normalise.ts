/** Indicators of any unit on one scale: the formulas of `ecosystem/index/steps/normalise.py`. */

import { dataRanks } from "./rank";
import type { Column, Leaf, Scale } from "./rules";

/** A span of at most this share of the largest size is the noise of a sum: the column is constant. */
const CONSTANT = 1e-12;

interface Span {
  minimum: number;
  maximum: number;
  constant: boolean;
}

type Normalise = (values: Column, leaf: Leaf, rule: Scale) => Column;

export function spanOf(values: Column): Span {
  let minimum = NaN;
  let maximum = NaN;
  for (const value of values) {
    if (!Number.isNaN(value)) {
      minimum = value < minimum || Number.isNaN(minimum) ? value : minimum;
      maximum = value > maximum || Number.isNaN(maximum) ? value : maximum;
    }
  }
  return { minimum, maximum, constant: maximum - minimum <= CONSTANT * Math.max(Math.abs(minimum), Math.abs(maximum)) };
}

/** Mean and sample standard deviation of the values that are there; NaN where they are undefined. */
function meanAndSd(values: Column): [number, number] {
  const known = values.filter((value) => !Number.isNaN(value));
  const count = known.length;
  const mean = known.reduce((sum, value) => sum + value, 0) / count;
  const size = known.reduce((most, value) => Math.max(most, Math.abs(value - mean)), 0);
  // over a power of two near the largest size, so that squares neither overflow nor vanish, and no digit changes
  const power = size > 0 ? 2 ** Math.max(Math.ceil(Math.log2(size)), -1000) : 1;
  const second = known.reduce((sum, value) => sum + ((value - mean) / power) * ((value - mean) / power), 0) / count;
  return [mean, count > 1 ? Math.sqrt((second * count) / (count - 1)) * power : NaN];
}

function minmax(values: Column, direction: number, lower: number, upper: number): Column {
  const span = spanOf(values);
  const worst = direction > 0 ? span.minimum : span.maximum;
  // a constant column divides by infinity and so has the lower end
  const step = span.constant ? Infinity : (span.maximum - span.minimum) * direction;
  return values.map((value) => ((value - worst) / step) * (upper - lower) + lower);
}

function zscore(values: Column, direction: number, centre: number, sd: number): Column {
  const [mean, spread] = meanAndSd(values);
  const flat = spanOf(values).constant || !(spread > 0);
  const step = flat ? Infinity : spread * direction;
  return values.map((value) => ((value - mean) / step) * sd + centre);
}

function fractionOfBest(values: Column, direction: number): Column {
  const { minimum, maximum } = spanOf(values);
  const sound = minimum >= 0 && (direction > 0 ? maximum > 0 : minimum > 0);
  return values.map((value) => (sound ? (direction > 0 ? value / maximum : minimum / value) : NaN));
}

/** (x - worst) / (goal - worst); without a result where the goal is no better than the worst. */
function towards(values: Column, direction: number, goal: number, cap: boolean): Column {
  const { minimum, maximum } = spanOf(values);
  const worst = direction > 0 ? minimum : maximum;
  const way = (goal - worst) * direction > 0 ? goal - worst : NaN;
  return values.map((value) => {
    const score = (value - worst) / way;
    return cap ? Math.min(score, 1) : score;
  });
}

function goalposts(values: Column, leaf: Leaf, factor: number, cap: boolean): Column {
  const [lower, upper] = [leaf.lower ?? NaN, leaf.upper ?? NaN];
  const worst = leaf.direction > 0 ? lower : upper;
  return values.map((value) => {
    const score = (value - worst) / ((upper - lower) * leaf.direction);
    return (cap ? Math.min(Math.max(score, 0), 1) : score) * factor;
  });
}

function aroundReference(values: Column, leaf: Leaf, lower: number, upper: number): Column {
  const reference = leaf.target ?? meanAndSd(values)[0];
  const { minimum, maximum, constant } = spanOf(values);
  const half = constant ? Infinity : (maximum - minimum) / 2;
  return values.map((value) => ((((value - reference) * leaf.direction) / half) * (upper - lower)) / 2 + (lower + upper) / 2);
}

function ranks(values: Column, leaf: Leaf, rule: Scale): Column {
  return dataRanks(values.map((value) => value * leaf.direction), rule.ties);
}

function percentileRank(values: Column, leaf: Leaf, rule: Scale): Column {
  const rivals = values.filter((value) => !Number.isNaN(value)).length - 1;
  return ranks(values, leaf, rule).map((rank) => (rank - 1) / Math.max(rivals, 1));
}

/** Every normalisation that the page knows. */
export const NORMALISATIONS: Readonly<Record<string, Normalise>> = {
  minmax: (values, leaf, rule) => minmax(values, leaf.direction, rule.lower, rule.upper),
  zscore: (values, leaf, rule) => zscore(values, leaf.direction, rule.mean, rule.sd),
  rank: ranks,
  borda: (values, leaf, rule) => ranks(values, leaf, rule).map((rank) => rank - 1),
  prank: percentileRank,
  fracmax: (values, leaf) => fractionOfBest(values, leaf.direction),
  dist2max: (values, leaf) => minmax(values, leaf.direction, 0, 1),
  dist2ref: (values, leaf, rule) => towards(values, leaf.direction, values[rule.reference ?? -1] ?? NaN, rule.cap),
  dist2target: (values, leaf, rule) => towards(values, leaf.direction, leaf.target ?? NaN, rule.cap),
  goalposts: (values, leaf, rule) => goalposts(values, leaf, rule.factor, rule.cap),
  scaled: (values, leaf, rule) => goalposts(values, leaf, rule.factor, false),
  ampi: (values, leaf, rule) => aroundReference(values, leaf, rule.lower, rule.upper),
  none: (values, leaf) => values.map((value) => value * leaf.direction),
};

/** These have a score for every value there is, so that nothing is looked for. */
const TOTAL = new Set(["minmax", "dist2max"]);

export interface Scaled {
  values: Column[];
  /** The places of the indicators that the rule has no score for. */
  lost: number[];
}

/** The columns on the scale of a rule, or of a rule of the indicator's own. */
export function normalise(values: readonly Column[], leaves: readonly Leaf[], rule: Scale): Scaled {
  const lost: number[] = [];
  const scaled = values.map((column, place) => {
    const own = leaves[place]!.own ?? rule;
    const scores = NORMALISATIONS[own.method]!(column, leaves[place]!, own);
    if (!TOTAL.has(own.method) && scores.some((score, row) => Number.isNaN(score) && !Number.isNaN(column[row]!))) {
      lost.push(place);
    }
    return scores;
  });
  return { values: scaled, lost };
}
