/** Ways from degrees to the plane on which equal surfaces stay equal, so that no region looks more than it is. */

import type { Frame, Point } from "./topology";

export interface Projection {
  project: (point: Point) => Point;
  unproject: (point: Point) => Point;
}

const RADIANS = Math.PI / 180;

/** The projection for what lies between these corners: of the world, or of a part of it. */
export function projectionFor([west, south, east, north]: Frame): Projection {
  if (east - west > 150) {
    return equalEarth;
  }
  const sixth = (north - south) / 6;
  return albers((west + east) / 2, south + sixth, north - sixth);
}

/** Albers' conic with two standard parallels (Snyder 1987, pp. 100-101, the sphere). */
export function albers(centre: number, low: number, high: number): Projection {
  const [sin1, sin2] = [Math.sin(low * RADIANS), Math.sin(high * RADIANS)];
  // a cone about the equator is a cylinder: take it a little off
  const n = Math.abs(sin1 + sin2) < 1e-3 ? 1e-3 : (sin1 + sin2) / 2;
  const c = Math.cos(low * RADIANS) ** 2 + 2 * n * sin1;
  const rho = (north: number): number => Math.sqrt(Math.max(0, c - 2 * n * Math.sin(north * RADIANS))) / n;
  const rho0 = rho((low + high) / 2);
  return {
    project: ([east, north]) => {
      const theta = n * (east - centre) * RADIANS;
      return [rho(north) * Math.sin(theta), rho(north) * Math.cos(theta) - rho0];
    },
    unproject: ([x, y]) => {
      const away = rho0 + y;
      const distance = Math.sign(n) * Math.hypot(x, away);
      const theta = Math.atan2(Math.sign(n) * x, Math.sign(n) * away);
      return [centre + theta / n / RADIANS, Math.asin(Math.max(-1, Math.min(1, (c - (distance * n) ** 2) / (2 * n)))) / RADIANS];
    },
  };
}

const [A1, A2, A3, A4, M] = [1.340264, -0.081106, 0.000893, 0.003796, Math.sqrt(3) / 2];

function slope(theta: number): number {
  const six = theta ** 6;
  return A1 + 3 * A2 * theta ** 2 + six * (7 * A3 + 9 * A4 * theta ** 2);
}

function height(theta: number): number {
  const six = theta ** 6;
  return theta * (A1 + A2 * theta ** 2 + six * (A3 + A4 * theta ** 2));
}

/** Equal Earth (Savric, Patterson and Jenny 2018); north is up, as on a screen. */
export const equalEarth: Projection = {
  project: ([east, north]) => {
    const theta = Math.asin(M * Math.sin(north * RADIANS));
    return [(east * RADIANS * Math.cos(theta)) / (M * slope(theta)), -height(theta)];
  },
  unproject: ([x, y]) => {
    let theta = -y / A1;
    for (let turn = 0; turn < 12; turn += 1) {
      theta -= (height(theta) + y) / slope(theta);
    }
    return [(M * x * slope(theta)) / Math.cos(theta) / RADIANS, Math.asin(Math.max(-1, Math.min(1, Math.sin(theta) / M))) / RADIANS];
  },
};
