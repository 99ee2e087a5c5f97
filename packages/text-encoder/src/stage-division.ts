import { NetworkError } from '@bipvl/nn';

/** Layers of each stage; the paper divides BERT-base's twelve into 6, 2, 2 and 2 (arXiv 2503.23534, section 3). */
export type StageDivision = readonly number[];

/** The first layer of every stage and, at the end, the number of layers. @throws NetworkError `stage-division` */
export function stageBounds(division: StageDivision, layers: number): number[] {
  const total = division.reduce((sum, count) => sum + count, 0);
  const isWhole = division.every((count) => Number.isInteger(count) && count > 0);
  if (!isWhole || total !== layers) throw doesNotDivide(division, layers);
  const bounds = [0];
  for (const count of division) bounds.push((bounds.at(-1) ?? 0) + count);
  return bounds;
}

/** Layers in so many stages as the paper divides twelve in four: half of them in the first, the others evenly. At least one a stage. */
export function divideLayers(layers: number, stages: number): StageDivision {
  const later = Math.max(1, Math.floor(layers / 2 / Math.max(1, stages - 1)));
  const first = layers - later * (stages - 1);
  return [first, ...Array<number>(stages - 1).fill(later)];
}

function doesNotDivide(division: StageDivision, layers: number): NetworkError {
  return new NetworkError(
    'stage-division',
    `stages [${division}] do not divide ${layers} layers: expected whole numbers that sum to ${layers}`,
    {
      hint: 'change text.stages or text.layers so that the stages hold every layer once',
    },
  );
}

/** The error for a stage that an encoder has not got. */
export function noSuchStage(n: number, stages: number): NetworkError {
  return new NetworkError('no-such-stage', `text encoder has stages 0 to ${stages - 1}, asked for ${n}`, {
    hint: 'give the text encoder as many stages as the vision encoder has fusion sites',
  });
}
