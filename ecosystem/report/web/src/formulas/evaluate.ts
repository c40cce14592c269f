/** An index evaluated in the page: prepared values in, scores and ranks out, as `ecosystem/index/engine.py` has them. */

import { combine } from "./aggregate";
import { normalise, spanOf } from "./normalise";
import { dataRanks, rank } from "./rank";
import type { Column, Mean, Model, Rescaling, Scale, Weights } from "./rules";
import { sumOfParts } from "./sums";
import { fromShares } from "./weigh";

export interface Outcome {
  /** The scores of the parts at level 2, 3, ..., by part and region; the last has that of the index. */
  levels: Column[][];
  overall: Column;
  /** 1 for the highest score, 0 for a region without one. */
  rank: number[];
  /** The indicators that the normalisation has no score for: then nothing is computed. */
  unscaled: number[];
  /** The regions for which a mean is undefined, and the methods that leave them so: then nothing is ranked. */
  undefined: { regions: number[]; methods: string[] };
}

interface Level {
  scores: Column[];
  lost: boolean[][];
}

/** The scores of an index under a scale, a mean and weights. */
export function evaluate(model: Model, values: readonly Column[], scale: Scale, mean: Mean, weights: Weights): Outcome {
  const scaled = normalise(values, model.leaves, scale);
  const nothing = { levels: [], overall: new Float64Array(), rank: [], unscaled: scaled.lost, undefined: { regions: [], methods: [] } };
  if (scaled.lost.length > 0) {
    return nothing;
  }
  const excluded = new Set(model.excluded);
  const zero = model.missing.rule === "zero";
  const filled = scaled.values.map((column) => column.map((score, row) => (zero && Number.isNaN(score) && !excluded.has(row) ? 0 : score)));
  if (mean.method === "weighted_sum" && model.missing.rule !== "skip") {
    const levels = addedUp(model, filled, weights, excluded);
    return outcome(model, levels);
  }
  const sums = mean.method === "weighted_sum";
  const parts = sums ? filled.map((column, place) => column.map((score) => score * weights.shares[place]!)) : filled;
  const own = sums ? fromShares(weights.shares, model.tree) : weights;
  const levels = levelScores(model, parts, mean, own);
  const lost = lostIn(model, mean, levels);
  return lost.regions.length > 0 ? { ...nothing, undefined: lost } : outcome(model, levels.map(({ scores }) => scores));
}

function outcome(model: Model, levels: Column[][]): Outcome {
  const last = lastStep(model, levels);
  const overall = last[last.length - 1]![0]!;
  return { levels: last, overall, rank: rank(overall, model.ties), unscaled: [], undefined: { regions: [], methods: [] } };
}

/** Indicators times their shares of the whole, added level by level; what is missing adds nothing. */
function addedUp(model: Model, filled: readonly Column[], weights: Weights, excluded: ReadonlySet<number>): Column[][] {
  let parts = filled.map((column, place) => column.map((score) => (Number.isNaN(score) ? 0 : score * weights.shares[place]!)));
  return model.tree.slice(1).map((parents, level) => {
    const under = parents.map((_, place) => parts.filter((_, at) => model.tree[level]![at]!.parent === place));
    parts = under.map((columns) => columns[0]!.map((_, row) => sumOfParts(columns.map((column) => column[row]!))));
    return parts.map((column) => column.map((score, row) => (excluded.has(row) ? NaN : score)));
  });
}

/** The scores at every level by the methods of the index, and which of them a method could not give. */
function levelScores(model: Model, parts: readonly Column[], mean: Mean, weights: Weights): Level[] {
  const found: Level[] = [];
  let below: Level = { scores: [...parts], lost: parts.map((column) => Array.from(column, () => false)) };
  for (let level = 0; level < model.tree.length - 1; level += 1) {
    const method = mean.by_level[level] ?? mean.method;
    const above: Level = { scores: [], lost: [] };
    const gaps = below.scores.some((column) => column.some(Number.isNaN));
    model.tree[level + 1]!.forEach((parent, place) => {
      const under = model.tree[level]!.flatMap((node, at) => (node.parent === place ? [at] : []));
      const made = parentScores(below, under, weights.levels[level]!, parent.aggregation ?? method, mean, model.missing.least, gaps);
      above.scores.push(made.scores);
      above.lost.push(made.lost);
    });
    found.push(above);
    below = above;
  }
  return found;
}

/** The scores of one parent, NaN where too few of its parts are there; lost where its method has no result. */
function parentScores(below: Level, under: readonly number[], weights: readonly number[], method: string, mean: Mean, least: number, gaps: boolean): { scores: Column; lost: boolean[] } {
  const parts = { columns: under.map((at) => below.scores[at]!), weights: under.map((at) => weights[at]!) };
  const lost: boolean[] = [];
  const scores = combine(method, parts, mean, gaps).map((score, row) => {
    const there = parts.columns.map((column) => !Number.isNaN(column[row]!));
    const count = there.filter(Boolean).length;
    const enough = count > 0 && count >= least * under.length;
    const heavy = there.reduce((sum, present, place) => sum + (present ? parts.weights[place]! : 0), 0) > 0;
    lost[row] = under.some((at) => below.lost[at]![row]) || (Number.isNaN(score) && enough && heavy);
    return enough && !lost[row] ? score : NaN;
  });
  return { scores, lost };
}

function lostIn(model: Model, mean: Mean, levels: readonly Level[]): Outcome["undefined"] {
  const regions = new Set<number>();
  const methods = new Set<string>();
  levels.forEach(({ lost }, level) =>
    lost.forEach((rows, place) =>
      rows.forEach((gone, row) => {
        if (gone) {
          regions.add(row);
          methods.add(model.tree[level + 1]![place]!.aggregation ?? mean.by_level[level] ?? mean.method);
        }
      }),
    ),
  );
  return { regions: [...regions].sort((a, b) => a - b), methods: [...methods] };
}

/** The last step: total and pillars on the scale on which they are published. */
function lastStep(model: Model, levels: Column[][]): Column[][] {
  const first = Math.max(levels.length - 2, 0);
  return levels.map((columns, level) => (level < first ? columns : columns.map((column) => rescale(column, model.rescaling))));
}

type Rescale = (scores: Column, rule: Rescaling) => Column;

function over(scores: Column, whole: number, full: number): Column {
  return scores.map((score) => (whole > 0 ? (score / whole) * full : NaN));
}

function known(scores: Column): Column {
  return scores.filter((score) => !Number.isNaN(score));
}

/** Every last step that the page knows. */
export const RESCALINGS: Readonly<Record<string, Rescale>> = {
  none: (scores) => scores,
  share_of_best: (scores, rule) => over(scores, spanOf(scores).maximum, rule.best),
  share_of_mean: (scores, rule) => over(scores, known(scores).reduce((sum, score) => sum + score, 0) / known(scores).length, rule.mean),
  minmax: (scores, rule) => {
    const { minimum, maximum } = spanOf(scores);
    const span = maximum > minimum ? maximum - minimum : NaN;
    return scores.map((score) => rule.lower + ((score - minimum) / span) * (rule.upper - rule.lower));
  },
  percentile: (scores) => {
    const count = known(scores).length;
    return dataRanks(scores, "min").map((rank) => (count > 1 ? (100 * (rank - 1)) / Math.max(count - 1, 1) : NaN));
  },
};

function rescale(scores: Column, rule: Rescaling): Column {
  return RESCALINGS[rule.method]!(scores, rule);
}

/** Every rule for missing values that the page knows. */
export const MISSING: readonly string[] = ["zero", "skip", "refuse"];
