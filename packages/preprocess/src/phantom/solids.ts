import type { Vector3 } from '../geometry/affine.js';

/** A body in space: the distance in mm from a point (RAS mm) to its surface, negative inside, roughly exact near it. */
export type Solid = (x: number, y: number, z: number) => number;

/** An ellipsoid, turned by `tilt` radians about the anterior axis. */
export function ellipsoid([cx, cy, cz]: Vector3, [rx, ry, rz]: Vector3, tilt = 0): Solid {
  const [cos, sin] = [Math.cos(tilt), Math.sin(tilt)];
  return (x, y, z) => {
    const [dx, dy, dz] = [x - cx, y - cy, z - cz];
    const u = (cos * dx + sin * dz) / rx;
    const v = dy / ry;
    const w = (cos * dz - sin * dx) / rz;
    const level = Math.sqrt(u * u + v * v + w * w);
    const gradient = Math.sqrt((u / rx) ** 2 + (v / ry) ** 2 + (w / rz) ** 2);
    return gradient < 1e-9 ? -Math.min(rx, ry, rz) : (level * (level - 1)) / gradient;
  };
}

/** A tube along z whose centre line is `centre(z)`. */
export function tube(centre: (z: number) => readonly [number, number], radius: number): Solid {
  return (x, y, z) => {
    const [cx, cy] = centre(z);
    return Math.sqrt((x - cx) ** 2 + (y - cy) ** 2) - radius;
  };
}

/** A straight rod with round ends. */
export function rod(from: Vector3, to: Vector3, radius: number): Solid {
  const [ax, ay, az] = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
  const square = ax * ax + ay * ay + az * az;
  return (x, y, z) => {
    const [px, py, pz] = [x - from[0], y - from[1], z - from[2]];
    const share = Math.min(1, Math.max(0, (px * ax + py * ay + pz * az) / square));
    return Math.sqrt((px - share * ax) ** 2 + (py - share * ay) ** 2 + (pz - share * az) ** 2) - radius;
  };
}

/** Points in any of the solids. */
export function union(...solids: readonly Solid[]): Solid {
  return (x, y, z) => {
    let least = Number.POSITIVE_INFINITY;
    for (const solid of solids) least = Math.min(least, solid(x, y, z));
    return least;
  };
}

/** Points in both solids. */
export function intersection(a: Solid, b: Solid): Solid {
  return (x, y, z) => Math.max(a(x, y, z), b(x, y, z));
}

/** Points in `a` that are not in `b`. */
export function difference(a: Solid, b: Solid): Solid {
  return (x, y, z) => Math.max(a(x, y, z), -b(x, y, z));
}

/** The solid grown by `mm`, shrunk when negative. */
export function grown(solid: Solid, mm: number): Solid {
  return (x, y, z) => solid(x, y, z) - mm;
}
