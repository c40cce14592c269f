/** What the reader has chosen. It stands in the address after #, so that a link opens the report as it was left. */

import { core, placeOf } from "./data";

export interface State {
  lang: string | null;
  theme: string | null;
  /** The region that the part of the region tells of. */
  region: string;
  /** The regions that are compared. */
  compare: readonly string[];
}

type Key = keyof State;

const listeners = new Map<Key, Set<() => void>>();

function read(): State {
  const known = new URLSearchParams(location.hash.slice(1));
  const compared = (known.get("compare") ?? "").split(",").filter((region) => placeOf.has(region));
  const region = known.get("region") ?? "";
  return {
    lang: known.get("lang"),
    theme: known.get("theme"),
    region: placeOf.has(region) ? region : core.focus[0]!,
    compare: compared.length > 1 ? compared : core.focus,
  };
}

export const state: State = read();

/** Call a function each time one of the choices changes; what it returns ends that. */
export function watch(keys: readonly Key[], listener: () => void): () => void {
  for (const key of keys) {
    const known = listeners.get(key) ?? new Set();
    listeners.set(key, known.add(listener));
  }
  return () => keys.forEach((key) => listeners.get(key)?.delete(listener));
}

/** Take choices, keep them in the address, and tell whoever watches. */
export function choose(changes: Partial<State>): void {
  Object.assign(state, changes);
  const kept = new URLSearchParams();
  for (const [key, value] of Object.entries(state) as [Key, State[Key]][]) {
    const text = Array.isArray(value) ? value.join(",") : (value as string | null);
    if (text) {
      kept.set(key, text);
    }
  }
  history.replaceState(null, "", `#${kept.toString()}`);
  new Set((Object.keys(changes) as Key[]).flatMap((key) => [...(listeners.get(key) ?? [])])).forEach((told) => told());
}

/** Open the part of a region. */
export function openRegion(region: string): void {
  choose({ region });
  document.getElementById("region")?.scrollIntoView({ behavior: "smooth" });
}
