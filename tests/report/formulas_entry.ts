/** The formulas of the page without a page: models and cases come in as JSON, scores and ranks go out. */

import { readFileSync } from "node:fs";

import { AGGREGATIONS } from "../../ecosystem/report/web/src/formulas/aggregate";
import { evaluate, MISSING, RESCALINGS } from "../../ecosystem/report/web/src/formulas/evaluate";
import { NORMALISATIONS } from "../../ecosystem/report/web/src/formulas/normalise";
import { TIES } from "../../ecosystem/report/web/src/formulas/rank";
import { columnsOf, type Mean, type Model, type Scale } from "../../ecosystem/report/web/src/formulas/rules";
import { movedWeights } from "../../ecosystem/report/web/src/formulas/weigh";
import { line, options } from "../../ecosystem/report/web/src/whatif/command";

interface Case {
  model: Model;
  values: (number | null)[][];
  scale: { option: string | null; rule: Scale };
  mean: { option: string | null; rule: Mean };
  /** Weights of the pillars, null for those of the index. */
  pillars: number[] | null;
}

function answer({ model, values, scale, mean, pillars }: Case): unknown {
  const weights = pillars === null ? model.weights : movedWeights(model, mean.rule, pillars);
  const found = evaluate(model, columnsOf(values), scale.rule, mean.rule, weights);
  const words = options(model, mean.rule, pillars, scale.option, mean.option);
  return { overall: Array.from(found.overall), rank: found.rank, unscaled: found.unscaled, undefined: found.undefined, line: line(words) };
}

const cases = JSON.parse(readFileSync(0, "utf-8")) as Case[];
const known = {
  normalisation: Object.keys(NORMALISATIONS),
  aggregation: Object.keys(AGGREGATIONS),
  "last step": Object.keys(RESCALINGS),
  "rule for missing values": MISSING,
  "way to rank ties": TIES,
};
console.log(JSON.stringify({ known, answers: cases.map(answer) }));
