import { InvalidArgumentError } from 'commander';

/** A share in [0, 1). */
export function parseOverlap(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value < 1) return value;
  throw new InvalidArgumentError('expected a number from 0 to below 1, such as 0.5.');
}

/** Millimetres, 0 or more. */
export function parseTolerance(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('expected millimetres, such as 1.');
}

/** A number of threads, 0 or more. */
export function parseThreads(text: string): number {
  if (/^\d{1,3}$/.test(text.trim())) return Number(text);
  throw new InvalidArgumentError('expected a number of threads, such as 4.');
}

/** `1=liver,2=spleen`. */
export function parseLabels(text: string): { id: number; name: string }[] {
  return text.split(',').map((part) => {
    const [, id, name] = /^\s*(\d{1,5})\s*=\s*(.*\S)\s*$/.exec(part) ?? [];
    if (id === undefined || name === undefined)
      throw new InvalidArgumentError('expected id=name pairs, such as 1=liver,2=spleen.');
    return { id: Number(id), name };
  });
}
