/** Where regions stand in every part of the index, as `ecosystem profile` and `ecosystem explain` say it. */

import { core, dataLater, leaves, partOf, type Part, type Values } from "../data";
import { name, number, score } from "../words";

/** What `ecosystem/report/parts/region_data.py` makes, by part and region. */
export interface Stands {
  /** The percentile from which an indicator is a strength; a weakness is one at or under its mirror. */
  strong: number;
  /** What a part brings to the score; null where the parts do not add up to it. */
  contribution: readonly Values[];
  /** What a last step adds to every score alike. */
  shift: number | null;
  percentile: readonly Values[];
  /** By part: of the values of an indicator, of the scores of any other part. */
  median: Values;
  best: Values;
  best_region: Values;
  regions: readonly number[];
  /** By region: place, distance and number of compared indicators of the nearest others. */
  peers: readonly (readonly [number, number, number])[][];
}

export function stands(): Promise<Stands> {
  return dataLater<Stands>("region");
}

/** The place of an indicator among the indicators; -1 for any other part. */
const leafOf = new Map(leaves.map((part, leaf) => [part, leaf]));

/** The value of an indicator as measured, or the score of any other part: what medians and best are of. */
export function compared(part: number, region: number): number | null {
  const leaf = leafOf.get(part);
  return (leaf === undefined ? core.score[part]! : core.raw[leaf]!)[region] ?? null;
}

export function normalised(part: number, region: number): number | null {
  const leaf = leafOf.get(part);
  return leaf === undefined ? null : (core.normalised[leaf]![region] ?? null);
}

/** The points of an indicator in the score of the index. */
export function points(part: number, region: number): number | null {
  const leaf = leafOf.get(part);
  return leaf === undefined ? null : (core.points[leaf]![region] ?? null);
}

/** A value as it was measured: the larger, the fewer decimals. */
export function measured(value: number | null | undefined): string {
  const size = Math.abs(value ?? 0);
  return number(value, size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 4);
}

/** What `compared` gives, in the digits of its kind. */
export function said(part: number, value: number | null | undefined): string {
  return core.parts[part]!.level === 1 ? measured(value) : score(value);
}

export function unit(part: Part): string {
  return part.unit === null ? "" : name(part.unit);
}

/** A percentile, 0 to 100, without decimals but where it is near an end. */
export function percentile(value: number | null | undefined): string {
  return number(value, value !== null && value !== undefined && (value < 1 || value > 99) ? 1 : 0);
}

/** The parts right under a part. */
export function below(part: number): number[] {
  const { code } = core.parts[part]!;
  return core.parts.flatMap((other, place) => (other.parent === code ? [place] : []));
}

/** All parts, each before its own. */
export function inDepth(part = 0): number[] {
  return [part, ...below(part).flatMap(inDepth)];
}

/** The pillar that a part lies in, itself where it is one. */
export function pillarOf(part: number): number {
  let place = part;
  while (core.parts[place]!.level < core.parts[0]!.level - 1) {
    place = partOf.get(core.parts[place]!.parent!)!;
  }
  return place;
}

