import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

export interface SmallSet {
  readonly cases?: number;
  readonly labels?: Readonly<Record<string, string | number>>;
  readonly withoutLabelOf?: number;
}

/** A folder that looks like the hippocampus set; its scans are empty files, as nobody opens them. */
export function writeSmallHippocampus(folder: string, options: SmallSet = {}): string {
  const {
    cases = 30,
    labels = { 0: 'background', 1: 'Anterior', 2: 'Posterior' },
    withoutLabelOf,
  } = options;
  for (const name of ['imagesTr', 'labelsTr']) mkdirSync(join(folder, name), { recursive: true });
  const files = Array.from({ length: cases }, (_, i) => `hippocampus_${String(i).padStart(3, '0')}.nii.gz`);
  for (const [index, file] of files.entries()) {
    writeFileSync(join(folder, 'imagesTr', file), '');
    if (index !== withoutLabelOf) writeFileSync(join(folder, 'labelsTr', file), '');
  }
  const training = files.map((file) => ({ image: `./imagesTr/${file}`, label: `./labelsTr/${file}` }));
  writeFileSync(
    join(folder, 'dataset.json'),
    JSON.stringify({ name: 'Hippocampus', modality: { 0: 'MRI' }, labels, training }),
  );
  return folder;
}

const temporaryFolders: string[] = [];

afterAll(() => {
  for (const folder of temporaryFolders) rmSync(folder, { recursive: true, force: true });
});

/** An empty folder of a test's own, removed after the last test of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bipvl-demo-data-'));
  temporaryFolders.push(folder);
  return folder;
}
