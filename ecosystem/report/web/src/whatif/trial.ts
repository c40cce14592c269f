/** What the reader tries: weights of the pillars, a normalisation, an aggregation; and what comes of it. */

import { core, dataLater, type Both, type Values } from "../data";
import { evaluate, type Outcome } from "../formulas/evaluate";
import { columnsOf, type Column, type Mean, type Model, type Scale, type Weights } from "../formulas/rules";
import { movedWeights, pillarWeights } from "../formulas/weigh";

interface Choice<Rule> {
  /** What the command line calls it, null for the index's own. */
  option: string | null;
  title: Both;
  formula: Both;
  rule: Rule;
}

export type ScaleChoice = Choice<Scale>;
/** `scales` are the places of the normalisations that go with it. */
export type MeanChoice = Choice<Mean> & { scales: readonly number[] };

/** What `ecosystem/report/parts/whatif_data.py` makes; a reason alone where the page does not know the index's rules. */
export interface WhatIf extends Model {
  why?: Both;
  prepared: readonly Values[] | null;
  means: readonly MeanChoice[];
  scales: readonly ScaleChoice[];
  reasons: Readonly<Record<string, Both>>;
  command: readonly string[];
  /** Whether some aggregations are left out because there are too many regions for them. */
  few: boolean;
}

/** Weights of the pillars as shares of what the index's own add up to, and the methods by their options. */
interface Trial {
  pillars: number[];
  mean: MeanChoice;
  scale: ScaleChoice;
}

export interface Trying {
  data: WhatIf;
  own: readonly number[];
  now: Trial;
  /** Whether the reader has moved a weight. */
  moved: () => boolean;
  /** The weights as they are used: they add up to 1. */
  used: () => readonly number[];
  outcome: () => Outcome | null;
  scales: () => readonly ScaleChoice[];
  take: (changes: Partial<Trial>) => void;
  reset: () => void;
}

let trying: Promise<Trying> | null = null;

/** What is tried, the same in whichever language the page is shown. */
export function trial(): Promise<Trying> {
  trying ??= dataLater<WhatIf>("whatif").then(begin);
  return trying;
}

function begin(data: WhatIf): Trying {
  const values: Column[] = columnsOf(data.prepared ?? core.raw);
  const printed = pillarWeights(data);
  const whole = printed.reduce((sum, weight) => sum + weight, 0);
  // 1.0000000000000002 is 1
  const own = printed.map((weight) => (Math.abs(whole - 1) < 1e-9 ? weight : weight / whole));
  const first = (): Trial => ({ pillars: [...own], mean: data.means[0]!, scale: data.scales[data.means[0]!.scales[0]!]! });
  let found: Outcome | null = null;
  const now = first();
  const moved = (): boolean => now.pillars.some((weight, place) => weight !== own[place]);
  const weights = (): Weights => (moved() ? movedWeights(data, now.mean.rule, now.pillars) : data.weights);
  const scales = (): readonly ScaleChoice[] => now.mean.scales.map((place) => data.scales[place]!);
  const used = (): readonly number[] => sharesOf(movedWeights(data, now.mean.rule, now.pillars).levels[data.tree.length - 2]!);
  const compute = (): void => {
    found = used().some((share) => share > 0) ? evaluate(data, values, now.scale.rule, now.mean.rule, weights()) : null;
  };
  compute();
  return {
    data,
    own,
    now,
    moved,
    used,
    scales,
    outcome: () => found,
    take: (changes) => {
      Object.assign(now, changes);
      // a scale depends on the mean: the one of the same name, else the index's own
      now.scale = scales().find(({ option }) => option === now.scale.option) ?? scales()[0]!;
      compute();
    },
    reset: () => {
      Object.assign(now, first());
      compute();
    },
  };
}

function sharesOf(weights: readonly number[]): number[] {
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => (whole > 0 ? weight / whole : 0));
}
