/** A part of the page: a heading and what is below it, made anew when the language changes. */

import { forget } from "./chart";
import { el, type Child } from "./dom";
import { t } from "./words";

export interface PagePart {
  /** Its place in the page, and the key of its heading. */
  id: string;
  /** Whether the report has data for it. */
  there: () => boolean;
  /** What is below the heading. */
  content: () => Child[] | Promise<Child[]>;
}

/** The part as an element; `render` makes its content anew. */
export function section(part: PagePart): { place: HTMLElement; render: () => Promise<void> } {
  const place = el("section", { id: part.id, tabindex: -1 });
  return {
    place,
    render: async () => {
      forget(place);
      place.replaceChildren(el("h2", {}, t(part.id)), el("p", { class: "lead" }, t(`${part.id}_lead`)));
      place.append(...(el("div", {}, ...(await part.content())).childNodes as unknown as Node[]));
    },
  };
}

/** An element whose content is made anew by `render`, e.g. after a choice. */
export function refreshed(make: () => Child[]): { place: HTMLElement; render: () => void } {
  const place = el("div");
  const render = (): void => {
    forget(place);
    place.replaceChildren(el("div", {}, ...make()));
  };
  render();
  return { place, render };
}
