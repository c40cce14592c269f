/** Elements of the page. Texts become text, never markup, whatever they have in them. */

export type Child = Node | string | number | null | undefined | false;

type Listeners = { [Event in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[Event]) => void };

export interface Attributes {
  class?: string;
  on?: Listeners;
  [name: string]: string | number | boolean | null | undefined | Listeners;
}

/** A new element. An attribute that is false, null or undefined is left out; `on` has its listeners. */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "on") {
      for (const [event, listener] of Object.entries(value as Listeners)) {
        made.addEventListener(event, listener as EventListener);
      }
    } else if (value !== false && value !== null && value !== undefined) {
      made.setAttribute(key, value === true ? "" : String(value));
    }
  }
  made.append(...kept(children));
  return made;
}

/** An element of a drawing. */
export function svg(tag: string, attributes: Record<string, string | number> = {}, ...children: Child[]): SVGElement {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, String(value));
  }
  made.append(...kept(children));
  return made;
}

function kept(children: readonly Child[]): (Node | string)[] {
  return children.flatMap((child) =>
    child === null || child === undefined || child === false ? [] : [child instanceof Node ? child : String(child)],
  );
}

/** A list of choices; `chosen` is told the value of the one that is taken. */
export function choice(
  label: string,
  options: readonly { value: string; text: string }[],
  selected: string,
  chosen: (value: string) => void,
): HTMLElement {
  const list = el(
    "select",
    { on: { change: () => chosen(list.value) } },
    ...options.map(({ value, text }) => el("option", { value, selected: value === selected }, text)),
  );
  return el("label", { class: "choice" }, el("span", {}, label), list);
}

/** Have the tables and charts inside an element show what has changed, with the order and the filter that they have. */
export function renew(inside: Element): void {
  inside.querySelectorAll(".table, .drawing").forEach((place) => place.dispatchEvent(new Event("renew")));
}
