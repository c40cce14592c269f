/** Tables of a network: the largest links, how regions connect, the organisations that connect most. */

import { el, type Child } from "../dom";
import { table, type Column } from "../table";
import { count, number, t } from "../words";
import { homeOf, kindOf, organisationName, regionName, weightTitle, yearsOf, type Edges, type NetworkData } from "./network_payload";

/** Columns of edges: both ends with their regions, the weight, the links behind it, the years. */
export function edgeColumns(network: NetworkData, edges: Edges): Column<number>[] {
  const { directed } = network;
  return [
    { title: directed ? t("net_from") : t("net_organisation"), value: (edge) => organisationName(network, edges.source[edge]!) },
    { title: directed ? t("net_from_region") : t("region"), value: (edge) => homeOf(network, edges.source[edge]!) },
    { title: directed ? t("net_to") : t("net_other"), value: (edge) => organisationName(network, edges.target[edge]!) },
    { title: directed ? t("net_to_region") : t("net_other_region"), value: (edge) => homeOf(network, edges.target[edge]!) },
    { title: weightTitle(network), value: (edge) => edges.weight[edge] ?? null, show: (edge) => number(edges.weight[edge]), number: true },
    { title: t("net_links"), hint: t("net_links_hint"), value: (edge) => edges.links[edge] ?? null, show: (edge) => count(edges.links[edge]), number: true },
    ...(network.dated ? [{ title: t("net_years"), value: (edge: number) => yearsOf(edges, edge) }] : []),
  ];
}

/** The largest links from organisation to organisation. */
export function largestLinks(network: NetworkData): HTMLElement {
  return table({
    file: `${network.id}-links`,
    caption: t("net_links_title"),
    first: 15,
    rows: network.links.source.map((_, edge) => edge),
    columns: edgeColumns(network, network.links),
  });
}

/** The five roles: key of the data, heading, what it means. Without directions two of them are one. */
function roles(network: NetworkData): [string, string, string][] {
  const { directed } = network;
  const all: [string, string, string][] = [
    ["coordinator", t("net_coordinator"), t("net_coordinator_hint")],
    ["consultant", t("net_consultant"), t("net_consultant_hint")],
    ["representative", t("net_representative"), t("net_representative_hint")],
    ["gatekeeper", t("net_gatekeeper"), directed ? t("net_gatekeeper_hint") : t("net_gatekeeper_both_hint")],
    ["liaison", t("net_liaison"), t("net_liaison_hint")],
  ];
  return all.filter(([key]) => directed || key !== "representative");
}

/** What the roles mean, as a list. */
export function roleList(network: NetworkData): HTMLElement {
  return el("dl", { class: "roles" }, ...roles(network).flatMap(([, title, hint]) => [el("dt", {}, title), el("dd", {}, hint)]));
}

/** A column of what is measured of each region. */
function measured(network: NetworkData, key: string, title: string, hint: string, digits = 2): Column<number> {
  const values = network.by_region[key] as readonly (number | null)[];
  return { title, hint, value: (row) => values[row] ?? null, show: (row) => number(values[row], digits), number: true };
}

function byRegion(network: NetworkData, file: string, caption: string, columns: readonly Column<number>[]): HTMLElement {
  const { region } = network.by_region;
  const named: Column<number> = { title: t("region"), value: (row) => regionName(network, region[row]!) };
  return table({ file: `${network.id}-${file}`, caption, first: 31, rows: region.map((_, row) => row), columns: [named, ...columns] });
}

/** Flows, openness and bridging of each region. */
export function regionTable(network: NetworkData): Child[] {
  const { directed, by_region: found } = network;
  return [
    found.in_all > found.region.length && el("p", {}, t("net_regions_cap", { shown: count(found.region.length), total: count(found.in_all) })),
    byRegion(network, "regions", t("net_by_region"), [
      measured(network, "organisations", t("net_organisations"), t("net_organisations_hint")),
      measured(network, "internal", t("net_inside"), t("net_inside_hint")),
      measured(network, "outflow", directed ? t("net_out") : t("net_with_others"), directed ? t("net_out_hint") : t("net_with_others_hint")),
      ...(directed ? [measured(network, "inflow", t("net_in"), t("net_in_hint"))] : []),
      measured(network, "ei", t("net_ei"), t("net_ei_hint")),
      measured(network, "bridging", t("net_bridging"), t("net_bridging_hint"), 1),
    ]),
  ];
}

/** How often the organisations of each region play the roles, and on how few of them it rests. */
export function regionRoles(network: NetworkData): HTMLElement | null {
  return network.brokers === null
    ? null
    : byRegion(network, "region-roles", t("net_region_roles"), [
        ...roles(network).map(([key, title, hint]) => measured(network, key, title, hint)),
        measured(network, "half", t("net_half"), t("net_half_hint")),
      ]);
}

/** The organisations that connect most. */
export function brokerTable(network: NetworkData): Child[] {
  const { brokers } = network;
  if (brokers === null) {
    return [el("p", {}, t("net_no_roles", { edges: count(network.edges_in_all), id: network.id }))];
  }
  if (brokers.organisation.length === 0) {
    return [el("p", {}, t("net_no_brokers"))];
  }
  const played = (key: string, title: string, hint: string): Column<number> => ({
    title,
    hint,
    value: (row) => brokers[key]![row] ?? null,
    show: (row) => count(brokers[key]![row]),
    number: true,
  });
  const rows = brokers.organisation.map((_, row) => row);
  return [
    table({
      file: `${network.id}-brokers`,
      caption: t("net_brokers"),
      first: 15,
      rows,
      columns: [
        { title: t("net_organisation"), value: (row) => organisationName(network, brokers.organisation[row]!) },
        { title: t("net_kind"), value: (row) => kindOf(network, brokers.organisation[row]!) },
        { title: t("region"), value: (row) => homeOf(network, brokers.organisation[row]!) },
        played("total", t("net_total"), t("net_total_hint")),
        ...roles(network).map(([key, title, hint]) => played(key, title, hint)),
      ],
    }),
  ];
}
