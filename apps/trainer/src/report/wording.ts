import type {
  CheckpointEvent,
  ClassScores,
  EndEvent,
  StartEvent,
  StepEvent,
  ValidationEvent,
} from '../loop/train-event.js';

/** What a run is about to do, in one line. */
export function startText(event: StartEvent): string {
  const { train, validation, heldOut } = event.cases;
  const kept = heldOut > 0 ? `, ${heldOut} held out and not opened` : '';
  const from = event.step > 0 ? `resuming after step ${event.step}, ` : '';
  const epochs = `${whole(event.steps)} steps (${whole(event.stepsPerEpoch)} an epoch)`;
  const device = event.usesGpu ? 'on the GPU' : 'on the CPU';
  return `${from}training ${event.method} on ${train} cases, validating on ${validation}${kept}: ${epochs}, ${whole(event.parameters)} parameters, ${device}`;
}

export function stepText(event: StepEvent, remaining: string): string {
  return `step ${event.step}/${event.steps}, epoch ${event.epoch}/${event.epochs}: loss ${lossText(event.losses)}, learning rate ${rate(event.learningRate)}, ${remaining} to go`;
}

export function validationText(event: ValidationEvent): string {
  const best = event.isBest ? ', the best so far' : '';
  return `validation after step ${event.step}: DSC ${scoreText(event.meanDsc)} (${classText(event.dsc)}) over ${event.cases} cases${best}`;
}

export function checkpointText({ file, bytes }: CheckpointEvent): string {
  return `saved ${file} (${(bytes / 2 ** 20).toFixed(1)} MiB)`;
}

export function endText({ status, step, steps, best, bundle }: EndEvent): string {
  if (status === 'interrupted') return `interrupted after step ${step} of ${steps}, and saved`;
  const score =
    best === null
      ? ''
      : `, best DSC ${scoreText(best.meanDsc)} after step ${best.step} (${classText(best.dsc)})`;
  return `finished ${steps} steps${score}: ${bundle}`;
}

/** The objective, and in brackets its parts. */
export function lossText({ total, ...parts }: Readonly<Record<string, number>>): string {
  const names = Object.entries(parts).map(([name, value]) => `${words(name)} ${value.toFixed(3)}`);
  return `${(total ?? Number.NaN).toFixed(3)} (${names.join(', ')})`;
}

export function classText(dsc: ClassScores): string {
  return Object.entries(dsc)
    .map(([name, value]) => `${name} ${scoreText(value)}`)
    .join(', ');
}

export function rate(value: number): string {
  return value.toExponential(1);
}

/** A duration as it is said: `45 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  const total = Math.max(0, Math.round(seconds));
  if (total < 60) return `${total} s`;
  if (total < 3600) return `${Math.floor(total / 60)} min ${total % 60} s`;
  const minutes = Math.round(total / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function scoreText(value: number | null): string {
  return value === null ? '-' : value.toFixed(3);
}

/** `globalAlignment` as `global alignment`. */
function words(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function whole(value: number): string {
  return value.toLocaleString('en-US');
}
