/** One organisation of a network and its strongest contacts. */

import type { EChartsCoreOption, EChartsType } from "echarts/core";

import { figure, palette, shade, tip } from "../chart";
import { core } from "../data";
import { el, type Child } from "../dom";
import { refreshed } from "../part";
import { table } from "../table";
import { count, name, number, t } from "../words";
import { edgeColumns } from "./network_tables";
import { homeOf, kindOf, organisationName, regionName, sourceOf, tipOf, weighed, weightTitle, yearsOf, type NetworkData } from "./network_payload";

/** Strongest links between contacts that are shown, as `AMONG` of `network_egos.py`. */
const AMONG = 80;
const COLOURED = 7;
/** Of the circle of contacts, in units of its own: in ones as small as 1 ECharts rounds lines to whole pixels. */
const RADIUS = 1000;
const SHAPES = ["circle", "rect", "triangle", "diamond", "roundRect", "pin"] as const;
const SIGNS = ["●", "■", "▲", "◆", "▢", "⬇"] as const;

/** The organisation in the middle of each network, by its id. */
const middle = new Map<string, number>();

/** Look an organisation up, and see what lies around it. */
export function around(network: NetworkData): Child[] {
  const labels = labelsOf(network);
  const list = `${network.id}-organisations`;
  const said = el("p", { class: "shown", "aria-live": "polite" });
  const find = el("input", { type: "search", list, value: labels[chosen(network)], class: "wide", on: { change: () => look() } });
  const show = (ego: number): void => {
    middle.set(network.id, ego);
    find.value = labels[ego]!;
    said.textContent = "";
    shown.render();
  };
  const look = (): void => {
    const wanted = find.value.trim().toLowerCase();
    const exact = labels.findIndex((label) => label.toLowerCase() === wanted);
    const found = exact >= 0 ? exact : labels.findIndex((label) => label.toLowerCase().includes(wanted));
    if (wanted !== "" && found >= 0) {
      show(found);
    } else {
      said.textContent = t("net_not_found", { count: count(labels.length) });
    }
  };
  const shown = refreshed(() => ego(network, chosen(network), show));
  return [
    el("p", {}, t("net_ego_lead", { count: count(labels.length) })),
    el(
      "div",
      { class: "tools" },
      el("label", { class: "choice" }, el("span", {}, t("net_look_up")), find),
      el("datalist", { id: list }, ...labels.map((label) => el("option", { value: label }))),
    ),
    said,
    shown.place,
  ];
}

/** Names that tell the organisations apart: with the region, and where that does not do, the id. */
function labelsOf(network: NetworkData): string[] {
  const { organisation } = network.egos;
  const labels = organisation.map((at) => [organisationName(network, at), homeOf(network, at)].filter((text) => text !== "").join(" · "));
  const times = new Map<string, number>();
  labels.forEach((label) => times.set(label, (times.get(label) ?? 0) + 1));
  return labels.map((label, at) => (times.get(label) === 1 ? label : `${label} · ${network.organisations.id[organisation[at]!]!}`));
}

/** The organisation in the middle: the reader's, else the strongest of the region that the report opens with. */
function chosen(network: NetworkData): number {
  const known = middle.get(network.id);
  if (known !== undefined) {
    return known;
  }
  const focus = core.focus[0] ?? "";
  const own = network.egos.organisation.findIndex((at) => network.regions.id[network.organisations.region[at]!] === focus);
  return Math.max(own, 0);
}

/** The edges around an organisation: its own, and the heaviest between its contacts. */
function edgesAround(network: NetworkData, centre: number, near: readonly number[]): number[] {
  const members = new Set([centre, ...near]);
  const { source, target, weight } = network.edges;
  const inside = source.flatMap((one, edge) => (members.has(one) && members.has(target[edge]!) ? [edge] : []));
  const own = inside.filter((edge) => source[edge] === centre || target[edge] === centre);
  const between = inside.filter((edge) => source[edge] !== centre && target[edge] !== centre);
  // stable: of equal weights the earlier ones
  return [...own, ...between.sort((a, b) => weight[b]! - weight[a]!).slice(0, AMONG)];
}

interface Contact {
  organisation: number;
  sent: number;
  received: number;
  links: number;
}

function contactsOf(network: NetworkData, centre: number, near: readonly number[], edges: readonly number[]): Contact[] {
  const { source, target, weight, links } = network.edges;
  const found = new Map(near.map((organisation) => [organisation, { organisation, sent: 0, received: 0, links: 0 }]));
  for (const edge of edges) {
    const out = source[edge] === centre;
    const contact = out ? found.get(target[edge]!) : target[edge] === centre ? found.get(source[edge]!) : undefined;
    if (contact !== undefined) {
      contact[out || !network.directed ? "sent" : "received"] += weight[edge]!;
      contact.links += links[edge]!;
    }
  }
  return [...found.values()];
}

function ego(network: NetworkData, at: number, show: (ego: number) => void): Child[] {
  const { egos } = network;
  const centre = egos.organisation[at]!;
  const near = egos.neighbours[at]!;
  const edges = edgesAround(network, centre, near);
  const contacts = contactsOf(network, centre, near, edges);
  const title = t("net_ego_title", { name: organisationName(network, centre), title: name(network.title) });
  const facts = t("net_ego_facts", {
    kind: kindOf(network, centre),
    region: homeOf(network, centre) || "–",
    contacts: count(egos.contacts[at]),
    weight: weighed(network, egos.strength[at]),
  });
  const places = new Map(egos.organisation.map((organisation, place) => [organisation, place]));
  const clicked = ({ data }: { data?: { organisation?: number } }): void => {
    const other = data?.organisation === undefined ? undefined : places.get(data.organisation);
    if (other !== undefined && other !== at) {
      show(other);
    }
  };
  return [
    el("p", {}, facts, " ", near.length < egos.contacts[at]! && t("net_ego_cap", { shown: near.length, total: count(egos.contacts[at]) })),
    shapeKey(network, [centre, ...near]),
    figure({
      file: `${network.id}-around`,
      title,
      option: () => drawing(network, centre, contacts, edges),
      height: document.documentElement.clientWidth < 600 ? 460 : 690,
      numbers: { file: `${network.id}-around`, caption: title, rows: edges, columns: edgeColumns(network, network.edges) },
      note: { text: t(network.directed ? "net_ego_note" : "net_ego_note_both", { among: AMONG }), source: sourceOf(network), not: t("net_ego_not") },
      drawn: (chart: EChartsType) => chart.on("click", (event) => clicked(event as { data?: { organisation?: number } })),
    }),
    contactTable(network, contacts),
  ];
}

/** Which sign stands for which kind of organisation. */
function shapeKey(network: NetworkData, members: readonly number[]): HTMLElement {
  const { kind, kinds } = network.organisations;
  const here = [...new Set(members.map((member) => kind[member]!))].sort((a, b) => a - b);
  return el("p", { class: "key" }, here.map((at) => `${SIGNS[at % SIGNS.length]} ${name(kinds[at]!)}`).join("   "));
}

function contactTable(network: NetworkData, contacts: readonly Contact[]): HTMLElement {
  const { directed } = network;
  return table({
    file: `${network.id}-contacts`,
    caption: t("net_contacts"),
    first: 10,
    rows: contacts,
    columns: [
      { title: t("net_organisation"), value: ({ organisation }) => organisationName(network, organisation) },
      { title: t("net_kind"), value: ({ organisation }) => kindOf(network, organisation) },
      { title: t("region"), value: ({ organisation }) => homeOf(network, organisation) },
      { title: directed ? t("net_to_it") : weightTitle(network), value: ({ sent }) => sent, show: ({ sent }) => number(sent), number: true },
      ...(directed
        ? [{ title: t("net_from_it"), value: ({ received }: Contact) => received, show: ({ received }: Contact): Child => number(received), number: true }]
        : []),
      { title: t("net_links"), hint: t("net_links_hint"), value: ({ links }) => links, show: ({ links }) => count(links), number: true },
    ],
  });
}

/** The organisation in the middle, its contacts on a circle: those of a region side by side and in one colour. */
function drawing(network: NetworkData, centre: number, contacts: readonly Contact[], edges: readonly number[]): EChartsCoreOption {
  const { organisations, edges: all } = network;
  const region = (organisation: number): number => organisations.region[organisation]!;
  const times = new Map<number, number>();
  contacts.forEach(({ organisation }) => times.set(region(organisation), (times.get(region(organisation)) ?? 0) + 1));
  const regions = [...times.keys()].sort((a, b) => times.get(b)! - times.get(a)! || a - b);
  const coloured = regions.slice(0, COLOURED);
  const colours = palette();
  const category = (organisation: number): number => {
    const at = coloured.indexOf(region(organisation));
    return at < 0 ? coloured.length : at;
  };
  const names = [...coloured.map((at) => regionName(network, at) || t("net_nowhere")), t("net_other_regions")];
  const circle = [...contacts].sort((a, b) => regions.indexOf(region(a.organisation)) - regions.indexOf(region(b.organisation)));
  const most = Math.max(...contacts.map(({ sent, received }) => sent + received), 1e-12);
  const node = (organisation: number, x: number, y: number, size: number, label: object): object => ({
    id: String(organisation),
    name: organisationName(network, organisation),
    organisation,
    x,
    y,
    symbolSize: size,
    symbol: SHAPES[organisations.kind[organisation]! % SHAPES.length],
    category: category(organisation),
    label,
  });
  const nodes = [
    node(centre, 0, 0, 30, { position: "bottom", fontWeight: "bold", rotate: 0 }),
    ...circle.map(({ organisation, sent, received }, at) => {
      const angle = (2 * Math.PI * at) / circle.length - Math.PI / 2;
      const left = Math.cos(angle) < -1e-9;
      const turn = (-angle * 180) / Math.PI + (left ? 180 : 0);
      const size = (8 + 14 * Math.sqrt((sent + received) / most)) * (circle.length > 20 ? 0.85 : 1);
      const beside = [Math.cos(angle), Math.sin(angle)].map((part) => `${50 + 80 * part}%`);
      const label = { position: beside, align: left ? "right" : "left", verticalAlign: "middle", rotate: turn };
      return node(organisation, RADIUS * Math.cos(angle), RADIUS * Math.sin(angle), size, label);
    }),
  ];
  // on a telephone names are cut rather than the circle
  const margin = document.documentElement.clientWidth < 600 ? 84 : 130;
  const heaviest = Math.max(...edges.map((edge) => all.weight[edge]!));
  return {
    legend: { bottom: 0, type: "plain", selectedMode: false, data: names.filter((_, at) => at < coloured.length || regions.length > COLOURED), textStyle: { color: shade("ink") } },
    tooltip: {
      formatter: ({ dataType, data }: { dataType: string; data: { organisation: number; edge: number } }) =>
        dataType === "edge" ? edgeTip(network, data.edge) : tip(organisationName(network, data.organisation), kindOf(network, data.organisation), homeOf(network, data.organisation)),
    },
    series: [
      {
        type: "graph",
        layout: "none",
        left: margin,
        right: margin,
        top: margin - 10,
        bottom: margin + 25,
        preserveAspect: true,
        roam: false,
        categories: names.map((text, at) => ({ name: text, itemStyle: { color: at < coloured.length ? colours[at] : shade("c8") } })),
        label: { show: true, color: shade("ink"), fontSize: 11, width: margin - 20, overflow: "truncate", formatter: ({ name: text }: { name: string }) => text },
        edgeSymbol: ["none", network.directed ? "arrow" : "none"],
        edgeSymbolSize: 6,
        emphasis: { focus: "adjacency" },
        data: nodes,
        links: edges.map((edge) => {
          const own = all.source[edge] === centre || all.target[edge] === centre;
          return {
            source: String(all.source[edge]),
            target: String(all.target[edge]),
            edge,
            lineStyle: {
              width: 0.8 + 3.2 * Math.sqrt(all.weight[edge]! / heaviest),
              color: own ? shade("soft") : shade("line"),
              opacity: own ? 0.8 : 0.9,
              curveness: own ? 0 : 0.15,
            },
          };
        }),
      },
    ],
  };
}

function edgeTip(network: NetworkData, edge: number): HTMLElement {
  const { source, target, weight, links } = network.edges;
  const ends = `${organisationName(network, source[edge]!)} ${network.directed ? "→" : "–"} ${organisationName(network, target[edge]!)}`;
  return tip(ends, tipOf(network, weight[edge]), t("net_links_count", { count: count(links[edge]) }), yearsOf(network.edges, edge));
}
