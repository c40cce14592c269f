/** What the reader moves: a weight for each pillar, the normalisation, the aggregation. */

import { core } from "../data";
import { choice, el } from "../dom";
import { listed, name, number, t } from "../words";
import type { Trying } from "./trial";

/** How far a slider goes in one step, in per cent. */
const STEP = 0.5;

/** The names of the pillars in the order of their weights. */
function pillarNames({ data }: Trying): string[] {
  const codes = data.tree[data.tree.length - 2]!.map(({ code }) => code);
  return codes.map((code) => name(core.parts.find((part) => part.code === code)!.name));
}

function inPercent(share: number): string {
  return number(share * 100, 1);
}

interface Row {
  place: HTMLElement;
  /** Show the weight that is set and the share that is used. */
  show: (set: number, used: number) => void;
}

function row(title: string, own: number, take: (share: number) => void): Row {
  const slider = el("input", { type: "range", min: 0, max: 100, step: STEP, "aria-label": t("whatif_slider", { pillar: title }) });
  const box = el("input", { type: "number", min: 0, max: 100, step: "any", "aria-label": t("whatif_number", { pillar: title }) });
  const used = el("output", { class: "used" });
  const taken = (text: string): void => {
    const value = Number(text);
    if (text !== "" && value >= 0 && value <= 100) {
      take(value / 100);
    }
  };
  slider.addEventListener("input", () => taken(slider.value));
  box.addEventListener("input", () => taken(box.value));
  const show = (set: number, share: number): void => {
    const percent = set * 100;
    slider.value = String(percent);
    slider.setAttribute("aria-valuetext", `${inPercent(set)}%`);
    // what is being typed stays as it is typed
    if (document.activeElement !== box) {
      box.value = String(Math.round(percent * 100) / 100);
    }
    used.textContent = `${inPercent(share)}%`;
  };
  const mark = el("span", { class: "soft" }, t("whatif_own_weight", { share: inPercent(own) }));
  return { place: el("div", { class: "weight" }, el("span", {}, title), mark, slider, box, used), show };
}

/** The methods and weights in one line, for paper and for who reads on. */
export function inWords(trying: Trying): string {
  const { now, used } = trying;
  const weights = pillarNames(trying).map((title, place) => `${title} ${inPercent(used()[place]!)}%`);
  return t("whatif_in_words", { weights: listed(weights), scale: name(now.scale.title), mean: name(now.mean.title) });
}

/** A list of methods; the index's own is marked. */
function methods(label: string, choices: readonly { option: string | null; title: { zh: string; en: string } }[], chosen: string | null, take: (option: string | null) => void): HTMLElement {
  const items = choices.map(({ option, title }) => ({ value: option ?? "", text: option === null ? t("whatif_own", { method: name(title) }) : name(title) }));
  return choice(label, items, chosen ?? "", (value) => take(value === "" ? null : value));
}

/** The controls; `told` hears of every change. */
export function controls(trying: Trying, told: () => void): HTMLElement {
  const { data, own, now } = trying;
  const rows = pillarNames(trying).map((title, place) =>
    row(title, own[place]!, (share) => change({ pillars: now.pillars.map((weight, at) => (at === place ? share : weight)) })),
  );
  const sum = el("p", { class: "sum", role: "status" });
  const lists = el("div", { class: "tools" });
  const formula = el("p", { class: "soft" });

  function change(changes: Parameters<Trying["take"]>[0]): void {
    trying.take(changes);
    show();
    told();
  }

  function show(): void {
    const whole = now.pillars.reduce((total, weight) => total + weight, 0);
    rows.forEach(({ show: shown }, place) => shown(now.pillars[place]!, trying.used()[place]!));
    sum.textContent = Math.abs(whole - 1) < 5e-4 ? t("whatif_sum_one") : t("whatif_sum", { sum: inPercent(whole) });
    formula.textContent = t("whatif_formula", { scale: name(now.scale.formula), mean: name(now.mean.formula) });
  }

  /** The list of normalisations depends on the aggregation. */
  function list(): void {
    const means = methods(t("whatif_mean"), data.means, now.mean.option, (option) => {
      change({ mean: data.means.find((mean) => mean.option === option)! });
      list();
      lists.querySelectorAll("select")[1]!.focus();
    });
    const scales = methods(t("whatif_scale"), trying.scales(), now.scale.option, (option) => change({ scale: trying.scales().find((scale) => scale.option === option)! }));
    lists.replaceChildren(scales, means);
  }

  const button = (text: string, press: () => void): HTMLElement => el("button", { type: "button", on: { click: press } }, text);
  const reset = (): void => {
    trying.reset();
    list();
    change({});
  };
  list();
  show();
  return el(
    "div",
    { class: "what-if" },
    el("fieldset", {}, el("legend", {}, t("whatif_weights")), ...rows.map(({ place }) => place), sum),
    el(
      "div",
      { class: "tools" },
      button(t("whatif_reset_weights"), () => change({ pillars: [...own] })),
      button(t("whatif_equal"), () => change({ pillars: own.map(() => 1 / own.length) })),
      button(t("whatif_reset"), reset),
    ),
    lists,
    formula,
  );
}
