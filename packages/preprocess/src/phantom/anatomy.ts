import type { Vector3 } from '../geometry/affine.js';
import { kidney, liver, spleen } from './organs.js';
import { difference, ellipsoid, grown, intersection, type Solid, tube } from './solids.js';
import type { Draw, Tissue } from './tissue.js';

/** Attenuation in HU, portal venous phase. */
const HU = {
  fat: -100,
  muscle: 55,
  bone: 320,
  marrow: 180,
  lung: -820,
  gas: -900,
  water: 8,
  food: 30,
  vein: 140,
} as const;

const SKIN_FAT_MM = 14;
const WALL_MM = 9;

/**
 * One synthetic abdomen in RAS mm about its centre: +x right, +y anterior, +z superior. Later tissues lie over earlier
 * ones; sizes, places and attenuations vary from patient to patient.
 */
export function buildAnatomy(random: () => number): Tissue[] {
  const draw = drawFrom(random);
  const body = ellipsoid([0, 0, 0], [
    ...draw.about([140, 102, 1], 0.05).slice(0, 2),
    5000,
  ] as unknown as Vector3);
  const cavity = grown(body, -SKIN_FAT_MM - WALL_MM);
  return [
    { solid: body, hounsfield: HU.fat, label: 0 },
    { solid: grown(body, -SKIN_FAT_MM), hounsfield: HU.muscle },
    { solid: cavity, hounsfield: HU.fat },
    ...spine(draw),
    ...stomachAndBowel(draw, cavity),
    ...liver(draw, cavity),
    ...spleen(draw, cavity),
    ...kidney(draw, 'left'),
    ...kidney(draw, 'right'),
    ...vessels(draw),
    ...lungs(draw, cavity),
  ];
}

function drawFrom(random: () => number): Draw {
  const between = (low: number, high: number): number => low + (high - low) * random();
  return {
    between,
    near: ([x, y, z], mm) => [x + between(-mm, mm), y + between(-mm, mm), z + between(-mm, mm)],
    about: ([x, y, z], share) => [
      x * between(1 - share, 1 + share),
      y * between(1 - share, 1 + share),
      z * between(1 - share, 1 + share),
    ],
  };
}

/** Vertebral bodies with discs between them, and the psoas muscles beside. */
function spine(draw: Draw): Tissue[] {
  const radius = draw.between(18, 21);
  const phase = draw.between(0, 32);
  const column = tube(() => [0, -56], radius);
  const process = ellipsoid([0, -82, 0], [6, 16, 5000]);
  const disc: Solid = (_x, _y, z) => Math.abs(((((z + phase) % 32) + 32) % 32) - 16) - 4;
  return [
    { solid: tube(() => [34, -58], 15), hounsfield: HU.muscle },
    { solid: tube(() => [-34, -58], 15), hounsfield: HU.muscle },
    { solid: process, hounsfield: HU.bone },
    { solid: column, hounsfield: HU.bone },
    { solid: grown(column, -4), hounsfield: HU.marrow },
    { solid: intersection(column, disc), hounsfield: 80 },
  ];
}

/** The stomach with its bubble of gas, and loops of bowel in front of the kidneys. */
function stomachAndBowel(draw: Draw, cavity: Solid): Tissue[] {
  const centre = draw.near([-48, 42, 48], 5);
  const stomach = intersection(ellipsoid(centre, draw.about([38, 28, 34], 0.1)), cavity);
  const bubble: Solid = (_x, y) => centre[1] + 14 - y;
  const loops = Array.from({ length: 9 }, () => {
    const place: Vector3 = [draw.between(-85, 85), draw.between(5, 60), draw.between(-105, -25)];
    const loop = intersection(ellipsoid(place, draw.about([20, 14, 14], 0.3), draw.between(-1, 1)), cavity);
    return { solid: loop, hounsfield: draw.between(0, 1) < 0.25 ? HU.gas : HU.food + draw.between(-10, 40) };
  });
  return [
    ...loops,
    { solid: stomach, hounsfield: HU.food },
    { solid: intersection(stomach, bubble), hounsfield: HU.gas },
  ];
}

/** The aorta, left of the midline before the spine, and the inferior vena cava on its right, which is background. */
function vessels(draw: Draw): Tissue[] {
  const [x, bend] = [draw.between(-13, -7), draw.between(-4, 4)];
  const centreLine = (z: number): readonly [number, number] => [
    x + bend * (z / 120) ** 2,
    -24 + 3 * (z / 120),
  ];
  const cava = tube((z) => [x + 32 + 2 * (z / 120), -26], draw.between(9, 12));
  const aorta = tube(centreLine, draw.between(10, 13));
  return [
    { solid: cava, hounsfield: HU.vein + draw.between(-15, 15), label: 0 },
    { solid: grown(aorta, 1.5), hounsfield: HU.muscle },
    { solid: aorta, hounsfield: draw.between(205, 250), label: 5 },
  ];
}

/** The lung bases above the diaphragm. */
function lungs(draw: Draw, cavity: Solid): Tissue[] {
  const spineSide = tube(() => [0, -40], 34);
  const right = ellipsoid(draw.near([62, -5, 150], 4), [62, 78, 46]);
  const left = ellipsoid(draw.near([-68, -5, 148], 4), [52, 72, 46]);
  return [right, left].map((lung) => ({
    solid: difference(intersection(lung, cavity), spineSide),
    hounsfield: HU.lung,
    label: 0,
  }));
}
