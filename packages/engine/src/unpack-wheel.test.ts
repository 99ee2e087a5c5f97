import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { storedZip } from './__fixtures__/stored-zip.js';
import { unpackWheel } from './unpack-wheel.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bipvl-unpack-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function archive(bytes: Buffer): string {
  const path = join(folder, 'a.whl');
  writeFileSync(path, bytes);
  return path;
}

test('writes the placed entries and no others', async () => {
  const path = archive(storedZip({ 'a/one.txt': 'one', 'a/two.txt': 'two' }));
  const count = await unpackWheel(path, folder, (entry) =>
    entry === 'a/one.txt' ? 'deep/er/one.txt' : null,
  );
  expect(count).toBe(1);
  expect(readFileSync(join(folder, 'deep/er/one.txt'), 'utf8')).toBe('one');
});

test.each(['../outside.txt', '/absolute.txt', 'a/../../outside.txt'])(
  'refuses the entry %s',
  async (name) => {
    const path = archive(storedZip({ [name]: 'evil' }));
    await expect(unpackWheel(path, folder, (entry) => entry)).rejects.toMatchObject({
      code: 'wheel-damaged',
    });
  },
);

test('refuses a truncated archive', async () => {
  const path = archive(storedZip({ 'a.txt': 'text' }).subarray(0, 40));
  await expect(unpackWheel(path, folder, (entry) => entry)).rejects.toMatchObject({ code: 'wheel-damaged' });
});

test('refuses an entry that promises more than a library', async () => {
  const bytes = storedZip({ 'a.txt': 'text' });
  const central = bytes.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
  bytes.writeUInt32LE(0xfffffffe, central + 24);
  bytes.writeUInt16LE(8, central + 10);
  await expect(unpackWheel(archive(bytes), folder, (entry) => entry)).rejects.toMatchObject({
    code: 'wheel-damaged',
  });
});
