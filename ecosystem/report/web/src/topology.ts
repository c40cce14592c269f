/** Shapes out of TopoJSON: lines of whole numbers, put together to rings, in degrees. */

export type Point = [number, number];
export type Line = readonly Point[];

interface Shape {
  type: "Polygon" | "MultiPolygon" | "MultiLineString";
  id?: string;
  arcs: unknown;
}

export interface Topology {
  transform: { scale: Point; translate: Point };
  objects: Readonly<Record<string, { geometries: readonly Shape[] }>>;
  arcs: readonly (readonly Point[])[];
}

/** A shape of the map: polygons of rings, the outer one first; or lines. */
export interface Feature {
  type: "Feature";
  properties: { name: string };
  geometry: { type: "MultiPolygon"; coordinates: Line[][] } | { type: "MultiLineString"; coordinates: Line[] };
}

/** The shapes of a collection; `name` calls each. */
export function shapes(topology: Topology, collection: string, name: (id: string | undefined, place: number) => string): Feature[] {
  const lines = topology.arcs.map((arc) => degrees(arc, topology));
  const ring = (arcs: readonly number[]): Line =>
    arcs.flatMap((arc, place) => {
      const line = arc >= 0 ? lines[arc]! : [...lines[~arc]!].reverse();
      return place === 0 ? line : line.slice(1);
    });
  const polygon = (rings: readonly (readonly number[])[]): Line[] => rings.map(ring);
  return (topology.objects[collection]?.geometries ?? []).map((shape, place) => ({
    type: "Feature",
    properties: { name: name(shape.id, place) },
    geometry:
      shape.type === "MultiLineString"
        ? { type: "MultiLineString", coordinates: polygon(shape.arcs as number[][]) }
        : { type: "MultiPolygon", coordinates: (shape.type === "Polygon" ? [shape.arcs as number[][]] : (shape.arcs as number[][][])).map(polygon) },
  }));
}

function degrees(arc: readonly Point[], { transform }: Topology): Point[] {
  let [x, y] = [0, 0];
  return arc.map(([east, north]) => {
    x += east;
    y += north;
    return [x * transform.scale[0] + transform.translate[0], y * transform.scale[1] + transform.translate[1]];
  });
}

/** The sides that one shape alone has: the outline of all of them together, in lines as long as can be. */
export function outline(features: readonly Feature[]): Line[] {
  const sides = new Map<string, [Point, Point]>();
  for (const { geometry } of features) {
    for (const ring of geometry.coordinates.flat() as Line[]) {
      for (let place = 1; place < ring.length; place += 1) {
        const [from, to] = [ring[place - 1]!, ring[place]!];
        // a neighbour runs along the same side the other way
        if (!sides.delete(`${to} ${from}`)) {
          sides.set(`${from} ${to}`, [from, to]);
        }
      }
    }
  }
  return joined([...sides.values()]);
}

function joined(sides: readonly [Point, Point][]): Line[] {
  const next = new Map<string, [Point, Point][]>();
  sides.forEach((side) => next.set(String(side[0]), [...(next.get(String(side[0])) ?? []), side]));
  const lines: Point[][] = [];
  for (const first of sides) {
    let side: [Point, Point] | undefined = next.get(String(first[0]))?.pop();
    if (side === undefined) {
      continue;
    }
    const line: Point[] = [side[0]];
    while (side !== undefined) {
      line.push(side[1]);
      side = next.get(String(side[1]))?.pop();
    }
    lines.push(line);
  }
  return lines;
}

/** West, south, east, north. */
export type Frame = [number, number, number, number];

/** The corners of what is drawn. */
export function frameOf(features: readonly Feature[]): Frame {
  const frame: Frame = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { geometry } of features) {
    for (const line of geometry.coordinates.flat(geometry.type === "MultiPolygon" ? 1 : 0) as Line[]) {
      for (const [east, north] of line) {
        frame[0] = Math.min(frame[0], east);
        frame[1] = Math.min(frame[1], north);
        frame[2] = Math.max(frame[2], east);
        frame[3] = Math.max(frame[3], north);
      }
    }
  }
  return frame;
}
