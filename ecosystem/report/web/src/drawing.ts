/** The map as the charts know it: shapes under the ids of their regions, what is beside them, and lines. */

import { use } from "echarts/core";
import { LabelLayout } from "echarts/features";

import { registerMap } from "./chart";
import { core, placeOf } from "./data";
import { projectionFor, type Projection } from "./projection";
import { frameOf, outline, shapes, type Feature, type Frame, type Line, type Point, type Topology } from "./topology";

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
  /** The corners of the part that is shown, the north-west one first, where it is not all. */
  corners: [Point, Point] | undefined;
  /** The names of shapes beside the ranked regions. */
  fills: readonly string[];
  lines: ReadonlyMap<string, DrawnLine>;
}

/** Make the map known to the charts. */
export function prepared(topology: Topology): Drawing {
  const all = shapes(topology, "regions", (id) => id!);
  const drawn = shapes(topology, "lines", (_, place) => `line ${place}`);
  const around = shapes(topology, "around", (id, place) => id ?? `around ${place}`);
  const borders = shapes(topology, "borders", (_, place) => `border ${place}`);
  // a map of the whole country stays whole, one of some countries shows these
  const whole = drawn.length > 0 || borders.length > 0;
  const frame = whole ? frameOf([...all, ...around, ...borders, ...drawn]) : wider(frameOf(all.map(mainPart)));
  const [regions, beside] = [all, [...around, ...borders]].map((features) => features.flatMap((each) => within(frame, each)));
  const width = frame[2] - frame[0];
  const small = (line: Line): boolean => sizeOf(line) < SMALL * width;
  const dots = regions!.filter((region) => small(outerRings(mainPart(region))[0]!)).map((region) => dotted(region, SMALL * width));
  const islands = lined("islands", whole ? [...regions!, ...beside!].flatMap(outerRings).filter(small) : []);
  const above = borders.map((border) => lined(`above ${border.properties.name}`, border.geometry.coordinates.flat() as Line[]));
  const groups = (core.groups?.regions ?? []).map(({ id, members }) => {
    const inside = regions!.filter(({ properties }) => members.includes(properties.name));
    return { id, line: lined(`group ${id}`, outline(inside).filter((line) => !small(line))) };
  });
  const features = [...beside!, ...regions!, ...dots, islands, ...above, ...drawn, ...groups.map(({ line }) => line)];
  registerMap(MAP, { geoJSON: { type: "FeatureCollection", features } } as unknown as Parameters<typeof registerMap>[1]);
  return {
    projection: projectionFor(frame),
    corners: whole ? undefined : [[frame[0], frame[3]], [frame[2], frame[1]]],
    fills: beside!.map(({ properties }) => properties.name).filter((called) => !placeOf.has(called)),
    lines: new Map<string, DrawnLine>([
      ["islands", { kind: "island" }],
      ...above.map(({ properties }): [string, DrawnLine] => [properties.name, { kind: "border" }]),
      ...drawn.map(({ properties }): [string, DrawnLine] => [properties.name, { kind: "line" }]),
      ...groups.map(({ id, line }): [string, DrawnLine] => [line.properties.name, { kind: "group", group: id }]),
    ]),
  };
}

/** A frame with some room around it. */
function wider([west, south, east, north]: Frame): Frame {
  const room = Math.max(east - west, north - south) / 25;
  return [Math.max(-180, west - room), Math.max(-90, south - room), Math.min(180, east + room), Math.min(90, north + room)];
}

/** What of a shape is not wholly outside of a frame; nothing where all is. */
function within(frame: Frame, feature: Feature): Feature[] {
  if (feature.geometry.type !== "MultiPolygon") {
    return [feature];
  }
  const kept = feature.geometry.coordinates.filter(([outer]) => {
    const [west, south, east, north] = frameOf([polygon(feature.properties.name, [outer!])]);
    return west < frame[2] && east > frame[0] && south < frame[3] && north > frame[1];
  });
  return kept.length === 0 ? [] : [{ ...feature, geometry: { type: "MultiPolygon", coordinates: kept } }];
}

/** The part of a shape that reaches farthest. */
function mainPart(feature: Feature): Feature {
  const [first, ...rings] = outerRings(feature);
  return polygon(feature.properties.name, [rings.reduce((most, ring) => (sizeOf(ring) > sizeOf(most) ? ring : most), first!)]);
}

/** A round mark for a region that is too small to be seen. */
function dotted(region: Feature, radius: number): Feature {
  const [west, south, east, north] = frameOf([mainPart(region)]);
  const [x, y] = [(west + east) / 2, (south + north) / 2];
  const ring = Array.from({ length: 25 }, (_, place): Point => {
    const turn = (-place * Math.PI) / 12;
    return [x + (radius * Math.cos(turn)) / Math.cos((y * Math.PI) / 180), y + radius * Math.sin(turn)];
  });
  return polygon(region.properties.name, [ring]);
}

function polygon(called: string, rings: Line[]): Feature {
  return { type: "Feature", properties: { name: called }, geometry: { type: "MultiPolygon", coordinates: [rings] } };
}

function outerRings({ geometry }: Feature): Line[] {
  return geometry.type === "MultiPolygon" ? geometry.coordinates.map((polygon) => polygon[0]!) : [];
}

/** How many degrees a line reaches from west to east, or from south to north where that is more. */
function sizeOf(line: Line): number {
  return Math.max(...[0, 1].map((axis) => Math.max(...line.map((point) => point[axis]!)) - Math.min(...line.map((point) => point[axis]!))));
}

function lined(called: string, lines: Line[]): Feature {
  return { type: "Feature", properties: { name: called }, geometry: { type: "MultiLineString", coordinates: lines } };
}
