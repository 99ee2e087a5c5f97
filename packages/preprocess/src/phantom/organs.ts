import type { Vector3 } from '../geometry/affine.js';
import { difference, ellipsoid, grown, intersection, rod, type Solid, union } from './solids.js';
import type { Draw, Tissue } from './tissue.js';

/** The largest organ, upper right, tapering to the left under the diaphragm; brighter vessels branch through it. */
export function liver(draw: Draw, cavity: Solid): Tissue[] {
  const centre = draw.near([60, 12, 42], 5);
  const rightLobe = ellipsoid(centre, draw.about([60, 58, 56], 0.08), draw.between(-0.15, 0.15));
  const leftLobe = ellipsoid(
    [centre[0] - 52, centre[1] + 26, centre[2] + 16],
    draw.about([48, 30, 28], 0.12),
    0.2,
  );
  const whole = intersection(union(rightLobe, leftLobe), cavity);
  const attenuation = draw.between(98, 118);
  const hilum: Vector3 = [centre[0] - 26, centre[1] + 4, centre[2] - 8];
  const branches = Array.from({ length: 5 }, () =>
    rod(hilum, draw.near([centre[0] + 8, centre[1], centre[2] + 6], 38), 3.2),
  );
  const gallbladder = ellipsoid(
    draw.near([centre[0] - 16, centre[1] + 38, centre[2] - 46], 4),
    draw.about([13, 13, 20], 0.2),
  );
  return [
    { solid: whole, hounsfield: attenuation, label: 1 },
    { solid: intersection(union(...branches), whole), hounsfield: attenuation + 45 },
    { solid: gallbladder, hounsfield: 8, label: 0 },
  ];
}

/** A smooth, even crescent high on the left, hollowed towards the midline. */
export function spleen(draw: Draw, cavity: Solid): Tissue[] {
  const centre = draw.near([-84, -28, 52], 5);
  const outer = ellipsoid(centre, draw.about([31, 42, 44], 0.1), draw.between(-0.25, 0.1));
  const hollow = ellipsoid([centre[0] + 38, centre[1] + 22, centre[2]], [30, 34, 60]);
  const solid = difference(intersection(outer, cavity), hollow);
  return [{ solid, hounsfield: draw.between(120, 140), label: 2 }];
}

/** A bean beside the spine: bright cortex, darker pyramids, fat in the hilum that faces the midline. */
export function kidney(draw: Draw, side: 'left' | 'right'): Tissue[] {
  const sign = side === 'right' ? 1 : -1;
  const centre = draw.near([sign * 64, -42, side === 'right' ? -24 : -10], 6);
  const bean = ellipsoid(centre, draw.about([25, 23, 47], 0.1), sign * draw.between(0.1, 0.3));
  const hilum = ellipsoid([centre[0] - sign * 27, centre[1] + 6, centre[2]], [11, 12, 14]);
  const solid = difference(bean, hilum);
  const cortex = draw.between(175, 205);
  const sinus = ellipsoid([centre[0] - sign * 8, centre[1] + 2, centre[2]], [7, 7, 18]);
  return [
    { solid: grown(bean, 5), hounsfield: -100, label: 0 },
    { solid, hounsfield: cortex, label: side === 'left' ? 3 : 4 },
    { solid: intersection(grown(bean, -7), solid), hounsfield: cortex - 55 },
    { solid: intersection(sinus, solid), hounsfield: -40 },
  ];
}
