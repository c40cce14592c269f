/** A field in which a region is looked for by its name. */

import { core, ranked } from "./data";
import { el } from "./dom";
import { name, t } from "./words";

export interface RegionChoice {
  place: HTMLElement;
  /** Show another region as the one that is chosen. */
  show: (region: number | null) => void;
}

let fields = 0;

/** What a region is called: its name, with its id where another has the same. */
export function called(region: number): string {
  const { id, name: names } = core.regions[region]!;
  const text = name(names);
  return core.regions.some((other) => other.id !== id && name(other.name) === text) ? `${text} (${id})` : text;
}

/** The field with its label; `chosen` is told the place of a region. Any part of a name finds the first of that name. */
export function regionChoice(label: string, selected: number | null, chosen: (region: number) => void): RegionChoice {
  const names = new Map(ranked().map((region) => [called(region), region]));
  const list = el("datalist", { id: `regions-${(fields += 1)}` }, ...[...names.keys()].map((value) => el("option", { value })));
  const said = el("span", { class: "unseen", role: "status" });
  let current = selected;
  const input = el("input", {
    type: "text",
    list: list.id,
    autocomplete: "off",
    placeholder: t("filter_hint"),
    on: { focus: () => clear(), blur: () => show(current), change: () => take() },
  });

  function clear(): void {
    input.placeholder = input.value || t("filter_hint");
    input.value = "";
  }

  function show(region: number | null): void {
    current = region;
    input.value = region === null ? "" : called(region);
    input.placeholder = t("filter_hint");
  }

  function take(): void {
    const text = input.value.trim();
    const found = text === "" ? undefined : (names.get(text) ?? part(text));
    said.textContent = text !== "" && found === undefined ? t("no_region", { name: text }) : "";
    if (found !== undefined) {
      show(found);
      chosen(found);
    }
  }

  function part(text: string): number | undefined {
    const wanted = text.toLowerCase();
    return ranked().find((region) => {
      const { id, name: both } = core.regions[region]!;
      return id === wanted || both.zh.toLowerCase().includes(wanted) || both.en.toLowerCase().includes(wanted);
    });
  }

  show(selected);
  return { place: el("label", { class: "choice" }, el("span", {}, label), input, list, said), show };
}
