/** The map as the charts know it: shapes under the ids of their regions, what is beside them, and lines. */

import { use } from "echarts/core";
import { LabelLayout } from "echarts/features";

import { registerMap } from "./chart";
import { core, placeOf } from "./data";
import { projectionFor, type Projection } from "./projection";
import { frameOf, outline, shapes, type Feature, type Line, type Topology } from "./topology";

use(LabelLayout);

export const MAP = "boundaries";

/** Below which share of the width of the map an island has an outline of its own. */
const SMALL = 1 / 400;

/** Borders of provinces above cities, islands too small to be seen without, lines of the source, outlines of groups. */
export interface DrawnLine {
  kind: "border" | "island" | "line" | "group";
  group?: string;
}

export interface Drawing {
  projection: Projection;
  /** The names of shapes beside the ranked regions. */
  fills: readonly string[];
  lines: ReadonlyMap<string, DrawnLine>;
}

/** Make the map known to the charts. */
export function prepared(topology: Topology): Drawing {
  const regions = shapes(topology, "regions", (id) => id!);
  const borders = shapes(topology, "borders", (_, place) => `border ${place}`);
  const beside = [...shapes(topology, "around", (id, place) => id ?? `around ${place}`), ...borders];
  const drawn = shapes(topology, "lines", (_, place) => `line ${place}`);
  const above = borders.map((border) => lined(`above ${border.properties.name}`, border.geometry.coordinates.flat() as Line[]));
  const frame = frameOf([...beside, ...regions, ...drawn]);
  const small = (line: Line): boolean => widthOf(line) < SMALL * (frame[2] - frame[0]);
  const islands = lined("islands", [...beside, ...regions].flatMap(outerRings).filter(small));
  const groups = (core.groups?.regions ?? []).map(({ id, members }) => {
    const inside = regions.filter(({ properties }) => members.includes(properties.name));
    return { id, line: lined(`group ${id}`, outline(inside).filter((line) => !small(line))) };
  });
  const features = [...beside, ...regions, islands, ...above, ...drawn, ...groups.map(({ line }) => line)];
  registerMap(MAP, { geoJSON: { type: "FeatureCollection", features } } as unknown as Parameters<typeof registerMap>[1]);
  return {
    projection: projectionFor(frame),
    fills: beside.map(({ properties }) => properties.name).filter((called) => !placeOf.has(called)),
    lines: new Map<string, DrawnLine>([
      ["islands", { kind: "island" }],
      ...above.map(({ properties }): [string, DrawnLine] => [properties.name, { kind: "border" }]),
      ...drawn.map(({ properties }): [string, DrawnLine] => [properties.name, { kind: "line" }]),
      ...groups.map(({ id, line }): [string, DrawnLine] => [line.properties.name, { kind: "group", group: id }]),
    ]),
  };
}

function outerRings({ geometry }: Feature): Line[] {
  return geometry.type === "MultiPolygon" ? geometry.coordinates.map((polygon) => polygon[0]!) : [];
}

/** How many degrees a line reaches from west to east, or from south to north where that is more. */
function widthOf(line: Line): number {
  return Math.max(...[0, 1].map((axis) => Math.max(...line.map((point) => point[axis]!)) - Math.min(...line.map((point) => point[axis]!))));
}

function lined(called: string, lines: Line[]): Feature {
  return { type: "Feature", properties: { name: called }, geometry: { type: "MultiLineString", coordinates: lines } };
}
