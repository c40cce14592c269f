/** How the scores were made: the weights with their sources, the rules, the data and the versions. */

import { core, data, type Language, type Part } from "../data";
import { el } from "../dom";
import type { PagePart } from "../part";
import { table } from "../table";
import { name, number, spoken, t } from "../words";

type Rows = Record<Language, readonly [string, string][]>;

/** The name of a part, further in the deeper it lies. */
function indented(part: Part): HTMLElement {
  return el("span", { style: `padding-left: ${(core.parts[0]!.level - part.level) * 1.2}em` }, name(part.name));
}

/** The parts, each before its own. */
function tree(parent: string | null = null): Part[] {
  return core.parts.filter((part) => part.parent === parent).flatMap((part) => [part, ...tree(part.code)]);
}

export const method: PagePart = {
  id: "method",
  there: () => true,
  content: () => [
    el("h3", {}, t("weights")),
    table({
      file: "weights",
      caption: t("weights"),
      rows: tree(),
      columns: [
        { title: t("part"), value: (part) => name(part.name), show: indented },
        { title: t("code"), value: (part) => part.code },
        { title: t("weight"), value: (part) => part.weight, show: (part) => number(part.weight, 4), number: true },
        { title: t("weight_source"), value: (part) => t(`weight_${part.weight_source}`) },
        { title: t("direction"), value: (part) => (part.level === 1 ? t(part.direction === 1 ? "more_better" : "less_better") : "") },
        { title: t("unit"), value: (part) => (part.unit ? name(part.unit) : "") },
        { title: t("values_from"), value: (part) => part.source ?? "" },
        { title: t("missing"), value: (part) => (part.missing ? name(part.missing) : "") },
      ],
    }),
    el("h3", {}, t("rules")),
    table({
      file: "method",
      caption: t("rules"),
      filter: false,
      first: 500,
      rows: data<Rows>("method")[spoken()],
      columns: [
        { title: t("item"), value: ([key]) => key },
        { title: t("text"), value: ([, text]) => text },
      ],
    }),
  ],
};
