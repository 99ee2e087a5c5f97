import type { CaseFacts } from './case-facts.js';
import type { Fault } from './fault.js';
import type { Splits } from './splits.js';

/** A file by what it holds. */
interface Content {
  readonly id: string;
  readonly file: string;
  readonly digest: string;
}

/**
 * The same image or label, voxel for voxel, in two places. An error where the two cases stand on different sides of a
 * split, because the score would then be of a case that was trained on; else a warning. Empty labels are let pass.
 */
export function checkDuplicates(cases: readonly CaseFacts[], splits?: Splits): Fault[] {
  const images = cases.flatMap(({ files: { id }, images: seen }) =>
    seen.map(({ file, facts: { digest } }) => ({ id, file, digest })),
  );
  const labels = cases.flatMap(({ files: { id, label: file }, label }) =>
    file === undefined || label === undefined || isEmpty(label.values)
      ? []
      : [{ id, file, digest: label.digest }],
  );
  return [...repeats(images, 'image', splits), ...repeats(labels, 'label', splits)];
}

function isEmpty(values: readonly (readonly [number, number])[] | null): boolean {
  return values?.every(([value]) => value === 0) ?? false;
}

function repeats(contents: readonly Content[], what: string, splits: Splits | undefined): Fault[] {
  const first = new Map<string, Content>();
  return contents.flatMap((content) => {
    const earlier = first.get(content.digest);
    if (earlier !== undefined) return [duplicateFault(content, earlier, what, splits)];
    first.set(content.digest, content);
    return [];
  });
}

/** The fault of a file that holds what an earlier one holds. */
export function duplicateFault(
  { id, file }: Pick<Content, 'id' | 'file'>,
  earlier: Pick<Content, 'id'>,
  what: string,
  splits: Splits | undefined,
): Fault {
  const border =
    id === earlier.id || splits === undefined ? undefined : borderBetween(id, earlier.id, splits);
  const owner = id === earlier.id ? `another channel of the same case` : `case ${earlier.id}`;
  const fault = `is voxel for voxel the ${what} of ${owner}${border === undefined ? '' : `: a leak, ${border}`}`;
  const mend = 'leave one of the two out, or put the right file in its place';
  return {
    rule: `duplicate-${what}`,
    file,
    fault,
    mend,
    severity: border === undefined ? 'warning' : 'error',
  };
}

/** What in a split separates two cases, in words; undefined where nothing does. */
function borderBetween(a: string, b: string, { heldOut, folds }: Splits): string | undefined {
  if (heldOut.includes(a) !== heldOut.includes(b)) return 'one of the two is held out';
  for (const [index, { train, validation, test = [] }] of folds.entries()) {
    const scored = [...validation, ...test];
    const crosses = (x: string, y: string) => train.includes(x) && scored.includes(y);
    if (crosses(a, b) || crosses(b, a)) return `fold ${index} trains on one and is scored on the other`;
  }
  return undefined;
}
