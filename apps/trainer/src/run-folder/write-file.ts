import { writeAtomically } from '@bipvl/preprocess/node';
import { guarded } from './file-fault.js';

/** Puts a whole file in place or leaves the old one: temporary file, sync, rename. @throws TrainerError `run-folder-fault` */
export async function writeRunFile(path: string, contents: Uint8Array | string): Promise<void> {
  await guarded(path, () => writeAtomically(path, contents));
}

/** The same for a value as indented JSON. */
export async function writeRunJson(path: string, value: unknown): Promise<void> {
  await writeRunFile(path, `${JSON.stringify(value, null, 2)}\n`);
}
