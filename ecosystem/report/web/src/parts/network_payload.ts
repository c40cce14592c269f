/** The data of the networks of a page; `ecosystem/report/parts/network_data.py` makes it. */

import type { Both, Values } from "../data";
import { count, name, number, spoken, t } from "../words";

/** What a region of a network is: one of the level, what is left of their country, another country. */
export const LEVEL = 0;

/** Edges, their ends as places among the organisations; `links` are those behind each. */
export interface Edges {
  source: readonly number[];
  target: readonly number[];
  weight: Values;
  links: readonly number[];
  first_year?: Values;
  last_year?: Values;
}

export interface NetworkData {
  id: string;
  title: Both;
  definition: Both;
  unit: Both;
  source: string;
  directed: boolean;
  dated: boolean;
  organisations_in_all: number;
  regions_in_all: number;
  edges_in_all: number;
  weight: number;
  undated: number;
  regions: { id: readonly string[]; zh: readonly string[]; en: readonly string[]; kind: readonly number[] };
  organisations: {
    id: readonly string[];
    name: readonly string[];
    kind: readonly number[];
    kinds: readonly Both[];
    region: readonly number[];
  };
  flows: {
    /** Places of regions, -1 for the other regions, -2 for the other countries, -3 for what is left of other countries. */
    rows: readonly number[];
    weight: readonly Values[];
    others: number;
    rests: number;
    countries: number;
    largest: { from: readonly number[]; to: readonly number[]; weight: Values; share: Values | null };
    ends: Readonly<Record<"inside" | "between" | "home" | "abroad" | "nowhere", number>>;
  };
  links: Edges;
  by_region: { in_all: number; region: readonly number[] } & Readonly<Record<string, Values | number>>;
  brokers: ({ organisation: readonly number[] } & Readonly<Record<string, Values>>) | null;
  egos: {
    organisation: readonly number[];
    strength: Values;
    contacts: readonly number[];
    neighbours: readonly (readonly number[])[];
  };
  edges: Edges;
}

export interface Networks {
  networks: readonly NetworkData[];
  /** The title of the network that was asked for, where the data have no link of it. */
  instead: Both | null;
  left_out: readonly Both[];
}

/** The name of a row of the matrix: a region, or the others together. */
export function rowName(network: NetworkData, row: number): string {
  const { others, rests, countries } = network.flows;
  if (row >= 0) {
    return regionName(network, row);
  }
  return row === -1 ? t("net_others", { count: count(others) }) : row === -2 ? t("net_countries", { count: count(countries) }) : t("net_rests", { count: count(rests) });
}

export function regionName(network: NetworkData, region: number): string {
  return region < 0 ? "" : network.regions[spoken()][region]!;
}

export function organisationName(network: NetworkData, organisation: number): string {
  return network.organisations.name[organisation]!;
}

/** The region of an organisation, by name. */
export function homeOf(network: NetworkData, organisation: number): string {
  return regionName(network, network.organisations.region[organisation]!);
}

export function kindOf(network: NetworkData, organisation: number): string {
  return name(network.organisations.kinds[network.organisations.kind[organisation]!]!);
}

/** A weight with its unit. */
export function weighed(network: NetworkData, weight: number | null | undefined): string {
  return t("net_weight_of", { weight: number(weight), unit: name(network.unit) });
}

/** A weight as a line of a tooltip. */
export function tipOf(network: NetworkData, weight: number | null | undefined): string {
  return t("net_weight_tip", { weight: number(weight), unit: name(network.unit) });
}

/** The heading of a column of weights. */
export function weightTitle(network: NetworkData): string {
  return t("net_weight", { unit: name(network.unit) });
}

/** The years of an edge: one, or the first and the last. */
export function yearsOf(edges: Edges, edge: number): string {
  const first = edges.first_year?.[edge] ?? null;
  const last = edges.last_year?.[edge] ?? null;
  return first === null ? "" : first === last ? String(first) : `${first}–${last}`;
}

/** The source of every figure: the rule of the network, its size, and the links without a year. */
export function sourceOf(network: NetworkData): string {
  const size = t("net_size", {
    organisations: count(network.organisations_in_all),
    edges: count(network.edges_in_all),
    weight: weighed(network, network.weight),
  });
  return [`${name(network.title)} (${network.source})`, size, network.undated ? t("net_undated", { count: count(network.undated) }) : ""]
    .filter((text) => text !== "")
    .join("; ");
}
