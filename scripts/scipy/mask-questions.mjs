import {
  boundaryIou,
  centreOfMassDistance,
  connectedComponents,
  detectLesions,
  evaluateMask,
  seededRandom,
} from '../../packages/metrics/dist/index.js';

const grids = [
  { shape: [14, 17, 11], spacing: [1, 1, 1] },
  { shape: [20, 9, 16], spacing: [0.7, 1.3, 5] },
  { shape: [1, 12, 15], spacing: [2, 1, 1.5] },
  { shape: [9, 1, 1], spacing: [0.5, 1, 1] },
  { shape: [24, 31], spacing: [0.8, 1.25] },
  { shape: [40, 36, 44], spacing: [1.5, 1.5, 2] },
];

/** Questions on masks: what SciPy is asked (`kind`, `input`), and our numbers. */
export function maskQuestions() {
  const random = seededRandom(5);
  return grids.flatMap((grid) => {
    const [prediction, reference] = [blobs(grid, random), blobs(grid, random)];
    const name = `${grid.shape.join('x')}, ${grid.spacing.join('x')} mm`;
    const input = { ...grid, prediction: [...prediction], reference: [...reference] };
    const masks = [prediction, reference];
    return [
      { name: `overlap, ${name}`, kind: 'overlap', input, ours: overlap(masks, grid) },
      { name: `distances, ${name}`, kind: 'distances', input, ours: distances(masks, grid) },
      {
        name: `centre of mass, ${name}`,
        kind: 'centre of mass',
        input,
        ours: [centreOfMassDistance(...masks, grid)],
      },
      ...[1, 2.5].map((widthMm) => ({
        name: `boundary IoU at ${widthMm} mm, ${name}`,
        kind: 'boundary',
        input: { ...input, width: widthMm },
        ours: [boundaryIou(...masks, { ...grid, widthMm })],
      })),
      ...['faces', 'edges', 'corners'].map((connectivity, index) => ({
        name: `components and lesions by ${connectivity}, ${name}`,
        kind: 'components',
        input: { ...input, axes: Math.min(index + 1, grid.shape.length) },
        ours: components(masks, grid, connectivity),
      })),
    ];
  });
}

/** Some ellipsoids, each at least the voxel of its centre, and some single voxels. */
function blobs({ shape }, random) {
  const sides = shape.length === 2 ? [1, ...shape] : shape;
  const ellipsoids = Array.from({ length: 3 }, () => ({
    centre: sides.map((side) => Math.floor(side * random())),
    radii: sides.map((side) => 0.5 + side * (0.1 + 0.2 * random())),
  }));
  const isNear = (place) => ellipsoids.some((each) => scaledSquare(place, each) < 1);
  const [depth, height, width] = sides;
  return Uint8Array.from({ length: depth * height * width }, (_, voxel) => {
    const place = [Math.floor(voxel / (height * width)), Math.floor(voxel / width) % height, voxel % width];
    return isNear(place) || random() < 0.02 ? 1 : 0;
  });
}

function scaledSquare(place, { centre, radii }) {
  return place.reduce((sum, coordinate, axis) => sum + ((coordinate - centre[axis]) / radii[axis]) ** 2, 0);
}

function overlap(masks, grid) {
  const { dsc, iou, precision, recall, referenceVolumeMl, volumeDifferenceMl } = evaluateMask(...masks, grid);
  return [dsc, iou, precision, recall, referenceVolumeMl, volumeDifferenceMl];
}

/** In MONAI's and MedPy's definitions, which are made of SciPy's erosion and distance transform. */
function distances(masks, grid) {
  const monai = evaluateMask(...masks, {
    ...grid,
    convention: 'monai',
    hdPercentiles: [50],
    nsdToleranceMm: 1.5,
  });
  const medpy = evaluateMask(...masks, { ...grid, convention: 'medpy' });
  return [
    monai.hdMm,
    monai.hd95Mm,
    monai.hausdorff[0].mm,
    monai.assdMm,
    monai.meanDistanceToReferenceMm,
    monai.meanDistanceToPredictionMm,
    monai.nsd,
    medpy.hd95Mm,
  ];
}

function components(masks, grid, connectivity) {
  const sizes = masks.flatMap((mask) => connectedComponents(mask, grid, connectivity).sizes.slice(1));
  const { truePositive, falsePositive, falseNegative, f1 } = detectLesions(...masks, {
    ...grid,
    connectivity,
  });
  return [...sizes, truePositive, falsePositive, falseNegative, f1];
}
