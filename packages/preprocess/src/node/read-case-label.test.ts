import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readCaseLabel } from './read-case-label.js';
import { temporaryFolder, tinyLabel } from './tiny-dataset.test-support.js';
import { writeMask } from './write-volume.js';

it('readCaseLabel gives MM-WHS its class ids, and other datasets the values of their files', async () => {
  const label = join(await temporaryFolder(), 'label.nii.gz');
  const stored = tinyLabel(3, [0, 500, 421, 850]);
  await writeMask(label, stored);
  const files = { id: 'a', images: [], label };
  const ids = new Map([[0, 0], [500, 1], [421, 3], [850, 7]]); // biome-ignore format: a table
  expect((await readCaseLabel(files, { recipe: 'mm-whs-mr' })).data).toEqual(
    Uint8Array.from(stored.data, (value) => ids.get(value) ?? 99),
  );
  expect([...(await readCaseLabel(files, {})).data]).toEqual([...stored.data]);
  expect([...(await readCaseLabel(files, { recipe: 'msd-brain' })).data]).toEqual([...stored.data]);
});

it('readCaseLabel refuses a value that stands for no class, and a case without label', async () => {
  const label = join(await temporaryFolder(), 'label.nii.gz');
  await writeMask(label, tinyLabel(3, [0, 422]));
  await expect(readCaseLabel({ id: 'a', images: [], label }, { recipe: 'mm-whs-ct' })).rejects.toThrow(
    expect.objectContaining({ code: 'unknown-label' }),
  );
  await expect(readCaseLabel({ id: 'a', images: [] }, {})).rejects.toThrow(
    expect.objectContaining({ code: 'missing-label' }),
  );
});
