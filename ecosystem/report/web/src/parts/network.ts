/** A network of organisations: flows between regions, the largest links, who connects, one organisation's contacts. */

import { core, dataLater, has } from "../data";
import { choice, el, type Child } from "../dom";
import { refreshed, type PagePart } from "../part";
import { count, name, t } from "../words";
import { around } from "./network_ego";
import { endsTable, largestFlows, matrix } from "./network_flow_charts";
import { brokerTable, largestLinks, regionRoles, regionTable, roleList } from "./network_tables";
import { weighed, type NetworkData, type Networks } from "./network_payload";

/** The network that is shown, as a place among those of the page. */
let shown = 0;

function facts(network: NetworkData): string[] {
  return [
    t("net_size", {
      organisations: count(network.organisations_in_all),
      edges: count(network.edges_in_all),
      weight: weighed(network, network.weight),
    }),
    network.directed ? t("net_directed") : t("net_undirected"),
    name(core.window) === "" || !network.dated ? t("net_all_years") : t("years_of", { years: name(core.window) }),
  ];
}

function content(network: NetworkData): Child[] {
  return [
    el("p", {}, name(network.definition)),
    el("ul", { class: "facts" }, ...facts(network).map((fact) => el("li", {}, fact))),
    el("h3", {}, t("net_ends")),
    endsTable(network),
    el("h3", {}, t("net_flows")),
    matrix(network),
    largestFlows(network),
    el("h3", {}, t("net_links_title")),
    largestLinks(network),
    el("h3", {}, t("net_by_region")),
    el("p", {}, t("net_by_region_lead")),
    ...regionTable(network),
    el("h3", {}, t("net_roles")),
    ...(network.brokers === null ? [] : [el("p", {}, t("net_brokers_lead")), roleList(network)]),
    ...brokerTable(network),
    network.brokers && el("h4", {}, t("net_region_roles")),
    regionRoles(network),
    el("h3", {}, t("net_ego")),
    ...around(network),
  ];
}

export const network: PagePart = {
  id: "network",
  there: () => has("network"),
  content: async () => {
    const { networks, instead, left_out: left } = await dataLater<Networks>("network");
    const place = refreshed(() => content(networks[shown]!));
    const options = networks.map((one, at) => ({ value: String(at), text: name(one.title) }));
    const take = (value: string): void => {
      shown = Number(value);
      place.render();
    };
    return [
      instead !== null && el("p", {}, t("net_instead", { title: name(instead) })),
      networks.length > 1 && el("div", { class: "tools" }, choice(t("net_choice"), options, String(shown), take)),
      left.length > 0 && el("p", {}, t("net_left_out", { titles: left.map(name).join("; ") })),
      place.place,
    ];
  },
};
