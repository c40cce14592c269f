/** The line for a terminal that gives what the page shows. */

import type { Mean, Model } from "../formulas/rules";
import { movedWeights } from "../formulas/weigh";

/** The options of `ecosystem score` for weights of the pillars (null: the index's own), a scale and a mean. */
export function options(model: Model, mean: Mean, pillars: readonly number[] | null, scale: string | null, aggregate: string | null): string[] {
  const found: string[] = [];
  if (pillars !== null) {
    // weights that are not in the table are given for every indicator: the program would take those of the table
    const level = model.printed ? model.tree.length - 2 : 0;
    const weights = model.printed ? pillars : movedWeights(model, mean, pillars).levels[0]!;
    found.push("--weights", model.tree[level]!.map(({ code }, place) => `${code}=${weights[place]!}`).join(","));
  }
  if (scale !== null) {
    found.push("--normalise", scale);
  }
  if (aggregate !== null) {
    found.push("--aggregate", aggregate);
  }
  return found;
}

/** Words as a shell takes them, those with signs of its own in quotes. */
export function line(words: readonly string[]): string {
  return words.map((word) => (/^[\p{L}\p{N}_@%+=:,./-]+$/u.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`)).join(" ");
}
