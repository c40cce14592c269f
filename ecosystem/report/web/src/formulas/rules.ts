/** The rules and the tree of an index, as the page reads them; the records of `ecosystem/index/rules.py` and `spec.py`. */

/** A column of numbers, one of each region; NaN where there is none. */
export type Column = Float64Array;

export type DataTies = "min" | "average" | "max";

export interface Scale {
  method: string;
  lower: number;
  upper: number;
  mean: number;
  sd: number;
  factor: number;
  cap: boolean;
  /** The place of the region that `dist2ref` measures from. */
  reference: number | null;
  ties: DataTies;
}

export interface Mean {
  method: string;
  weights: "global" | "local";
  by_level: readonly string[];
  power: number;
  penalty: number;
  sample: boolean;
  v: number;
  preference: "usual" | "linear";
  threshold: number | null;
}

export interface Rescaling {
  method: string;
  best: number;
  mean: number;
  lower: number;
  upper: number;
}

export interface Ties {
  method: string;
  tolerance: number;
  decimals: number | null;
}

/** A part of the tree. */
export interface Node {
  code: string;
  /** The place of its parent in the level above, -1 for the top. */
  parent: number;
  weight: number;
  /** The method by which its score is made, where it has one of its own. */
  aggregation: string | null;
}

/** What only an indicator has; its numbers are on the scale of its prepared values. */
export interface Leaf {
  direction: 1 | -1;
  target: number | null;
  lower: number | null;
  upper: number | null;
  /** A normalisation of its own. */
  own: Scale | null;
}

/** Weights of the parts at level 1, 2, ... under the top, and the shares of the indicators in the whole. */
export interface Weights {
  levels: readonly (readonly number[])[];
  shares: readonly number[];
}

/** What stays as it is, whichever rules the reader tries. */
export interface Model {
  /** The parts level by level, the indicators first, the top last. */
  tree: readonly (readonly Node[])[];
  leaves: readonly Leaf[];
  weights: Weights;
  /** Whether the weights are those of the table, and not made from the data or equal by a rule. */
  printed: boolean;
  missing: { rule: string; least: number };
  rescaling: Rescaling;
  ties: Ties;
  /** The places of regions that are screened out. */
  excluded: readonly number[];
}

/** Columns of the data of the page, in which nothing stands for a missing value. */
export function columnsOf(values: readonly (readonly (number | null)[])[]): Column[] {
  return values.map((column) => Float64Array.from(column, (value) => value ?? NaN));
}
