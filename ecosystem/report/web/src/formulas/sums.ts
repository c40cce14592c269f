/** Sums in the order in which numpy adds up, so that scores that are equal there are equal here, to the last digit. */

const BLOCK = 128;

/** The sum of numbers, pairwise: what `sum(axis=-1)` of numpy gives. */
export function total(values: readonly number[], from = 0, to = values.length): number {
  const count = to - from;
  if (count > BLOCK) {
    const half = Math.floor(count / 2);
    const middle = from + half - (half % 8);
    return total(values, from, middle) + total(values, middle, to);
  }
  if (count < 8) {
    let sum = 0;
    for (let at = from; at < to; at += 1) {
      sum += values[at]!;
    }
    return sum;
  }
  const lanes = values.slice(from, from + 8);
  const whole = to - (count % 8);
  for (let at = from + 8; at < whole; at += 8) {
    for (let lane = 0; lane < 8; lane += 1) {
      lanes[lane]! += values[at + lane]!;
    }
  }
  const [a, b, c, d, e, f, g, h] = lanes as [number, number, number, number, number, number, number, number];
  let sum = a + b + (c + d) + (e + f + (g + h));
  for (let at = whole; at < to; at += 1) {
    sum += values[at]!;
  }
  return sum;
}

/** The sum of the parts of one parent: what `add.reduceat` of numpy gives. */
export function sumOfParts(values: readonly number[]): number {
  return values.length === 0 ? 0 : values[0]! + total(values, 1);
}
