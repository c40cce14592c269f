/** How sure ranks are, for every part of the page that shows a rank; `ecosystem/report/parts/sure_data.py` makes it. */

import { data, has, type Both, type Values } from "./data";
import { count } from "./words";

/** What all weights of the pillars say, by region. */
export interface Space {
  codes: readonly string[];
  today: Values;
  draws: number;
  /** Whether it is proved who can be first. */
  exact: boolean;
  notes: Both;
  /** The shares of all weights that put a region first, among the first 3, among the first 10. */
  shares: readonly Values[];
  best: Values;
  worst: Values;
  verdict: readonly ("alone" | "shared" | "never" | null)[];
  /** The mean of the weights that make a region first. */
  central: readonly (Values | null)[];
  command: readonly string[];
}

/** Ranks over draws of weights and rules, by region; a reason alone where every draw is undefined. */
export interface Sure {
  why?: Both;
  low: Values;
  median: Values;
  high: Values;
  mean: Values;
  top1: Values;
  top3: Values;
  top10: Values;
  score_low: Values;
  score_high: Values;
  /** The share of draws with a better rank than the next region of the ranking. */
  ahead: Values;
  /** How many regions are ahead, or behind, in every draw; null where there are too many to compare. */
  above: readonly number[] | null;
  below: readonly number[] | null;
  draws: number;
  undefined: number;
  notes: Both;
  command: readonly string[];
  space: Space | null;
}

const found = has("sure") ? data<Sure>("sure") : null;

/** What is known of the ranks, null where nothing is. */
export const sure: Sure | null = found !== null && found.why === undefined ? found : null;

/** Why nothing is known though it was asked. */
export const unsure: Both | null = found?.why ?? null;

/** The interval of the rank of a region in words, "" where there is none. */
export function intervalOf(place: number): string {
  const [low, high] = [sure?.low[place] ?? null, sure?.high[place] ?? null];
  if (low === null || high === null) {
    return "";
  }
  return low === high ? count(low) : `${count(low)}–${count(high)}`;
}
