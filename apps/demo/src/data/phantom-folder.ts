import { createHash } from 'node:crypto';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { generatePhantom } from '@bipvl/preprocess';
import { writePhantom } from '@bipvl/preprocess/node';
import { publishFolder } from './publish-folder.js';

export interface PhantomChoice {
  readonly seed: number;
  readonly cases: number;
}

/** Small cases, made in milliseconds, that stand for the whole generator. */
const sample = { cases: 6, shape: [16, 16, 12], spacing: [20, 20, 20] } as const;

/**
 * The phantom as a Decathlon folder below `folder`, written where it is not there yet. A generator that has
 * changed writes to another folder.
 * @throws PreprocessError where it cannot be written
 */
export async function phantomFolder(folder: string, { seed, cases }: PhantomChoice): Promise<string> {
  const target = join(folder, `seed-${seed}-cases-${cases}-${phantomVersion(seed)}`);
  if (await isComplete(target)) return target;
  const fill = async (draft: string): Promise<string> => {
    await writePhantom(draft, { seed, cases });
    return draft;
  };
  await publishFolder(target, { fill, isComplete });
  return target;
}

/** Hash of what the generator yields, so that nobody has to think of raising a number. */
function phantomVersion(seed: number): string {
  const hash = createHash('sha256');
  for (const { id, image, label } of generatePhantom({ ...sample, seed })) {
    hash.update(id).update(JSON.stringify(image.affine)).update(image.data).update(label.data);
  }
  return hash.digest('hex').slice(0, 8);
}

/** The manifest is written last. */
async function isComplete(folder: string): Promise<boolean> {
  return access(join(folder, 'dataset.json')).then(
    () => true,
    () => false,
  );
}
