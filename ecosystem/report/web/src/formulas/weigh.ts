/** The weights of an index at every level: the formulas of `ecosystem/index/steps/weigh.py` and `override.py`. */

import type { Mean, Model, Node, Weights } from "./rules";
import { sumOfParts } from "./sums";

/** The sums of the parts of every parent. */
export function sumsOf(parts: readonly number[], nodes: readonly Node[], parents: number): number[] {
  const under = Array.from({ length: parents }, (): number[] => []);
  nodes.forEach((node, place) => under[node.parent]!.push(parts[place]!));
  return under.map(sumOfParts);
}

/** Weights whose parents have the sum of their parts. */
export function fromShares(shares: readonly number[], tree: Model["tree"]): Weights {
  const levels: (readonly number[])[] = [shares];
  for (let level = 0; level < tree.length - 2; level += 1) {
    levels.push(sumsOf(levels[level]!, tree[level]!, tree[level + 1]!.length));
  }
  return { levels, shares };
}

/** The shares of the indicators in the whole: at each level the weight over that of the siblings, multiplied down. */
function sharesOf(levels: readonly (readonly number[])[], tree: Model["tree"]): number[] {
  let share: number[] = [1];
  for (let level = levels.length - 1; level >= 0; level -= 1) {
    const own = levels[level]!;
    const whole = sumsOf(own, tree[level]!, share.length);
    share = tree[level]!.map(({ parent }, place) => (own[place]! / (whole[parent]! > 0 ? whole[parent]! : 1)) * share[parent]!);
  }
  return share;
}

/** The weights that the page starts with: of the pillars, as shares of their sum where the data give them. */
export function pillarWeights(model: Model): number[] {
  const level = model.tree.length - 2;
  return model.printed ? model.tree[level]!.map((node) => node.weight) : [...model.weights.levels[level]!];
}

/**
 * The weights of all parts after those of the pillars have been moved: those under one parent stand against each other,
 * and the weight of a part in the whole is the product down the tree. Where the weights are not those of the table, the
 * indicators keep their proportions inside a pillar, and a parent has the sum of its parts.
 */
export function movedWeights(model: Model, mean: Mean, pillars: readonly number[]): Weights {
  const { tree } = model;
  const top = tree.length - 2;
  const found: number[][] = new Array<number[]>(tree.length - 1);
  let above = [1];
  for (let level = top; level >= 0; level -= 1) {
    const own = level === top ? pillars : insideWeights(model, level);
    const whole = above.map(() => 0);
    tree[level]!.forEach(({ parent }, place) => (whole[parent]! += own[place]!));
    found[level] = tree[level]!.map(({ parent }, place) => (above[parent]! * own[place]!) / (whole[parent]! || 1));
    above = found[level]!;
  }
  const { levels } = model.printed ? { levels: found } : fromShares(scaledToOne(found[0]!), tree);
  const whole = mean.method === "weighted_sum" && mean.weights === "global";
  return { levels, shares: whole ? levels[0]! : sharesOf(levels, tree) };
}

function insideWeights(model: Model, level: number): readonly number[] {
  return model.printed ? model.tree[level]!.map((node) => node.weight) : model.weights.levels[level]!;
}

function scaledToOne(shares: readonly number[]): number[] {
  const whole = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share) => share / whole);
}
