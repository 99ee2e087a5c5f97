import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { create, Header } from 'tar';
import { beforeEach, expect, test } from 'vitest';
import { temporaryFolder } from './__fixtures__/small-hippocampus.js';
import { unpackArchive } from './unpack-archive.js';

const limits = { maximumEntries: 10, maximumUnpackedBytes: 5000 };
let work: string;
let target: string;
let file: string;

beforeEach(() => {
  work = temporaryFolder();
  target = join(work, 'target');
  file = join(work, 'a.tar');
  mkdirSync(target);
  mkdirSync(join(work, 'source'));
});

/** A tar file of entries that no honest program would write. */
function writeTar(...entries: { path: string; type?: 'File' | 'Link' | 'FIFO'; body?: string }[]): void {
  const blocks = entries.flatMap(({ path, type = 'File', body = '' }) => {
    const header = Buffer.alloc(512);
    new Header({
      path,
      type,
      size: body.length,
      mode: 0o644,
      mtime: new Date(0),
      ...(type === 'Link' ? { linkpath: 'good.txt' } : {}),
    }).encode(header);
    return [header, Buffer.from(body.padEnd(Math.ceil(body.length / 512) * 512, '\0'))];
  });
  writeFileSync(file, Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

async function refusal(): Promise<string> {
  const error = await unpackArchive(file, target, limits).then(
    () => undefined,
    (fault: unknown) => fault,
  );
  expect(error).toMatchObject({ code: 'archive-refused', kind: 'data' });
  expect(readdirSync(target)).toEqual([]);
  expect(readdirSync(work).sort()).toEqual(['a.tar', 'source', 'target']);
  return (error as Error).message;
}

test('an honest archive is unpacked but for the files of macOS', async () => {
  for (const name of ['a.txt', '._a.txt']) writeFileSync(join(work, 'source', name), 'hello');
  await create({ file, cwd: work }, ['source']);
  await unpackArchive(file, target, limits);
  expect(readdirSync(join(target, 'source'))).toEqual(['a.txt']);
  expect(readFileSync(join(target, 'source', 'a.txt'), 'utf8')).toBe('hello');
});

test.each(['../evil.txt', 'a/../../evil.txt', '/evil.txt', 'C:evil.txt', 'a\\..\\..\\evil.txt'])(
  'the path %s is refused, and nothing of the archive is written',
  async (path) => {
    writeTar({ path: 'good.txt', body: 'good' }, { path, body: 'evil' });
    expect(await refusal()).toContain(`${JSON.stringify(path)} leaves the folder`);
  },
);

test('links and pipes are refused', async () => {
  writeTar({ path: 'good.txt', body: 'good' }, { path: 'hard', type: 'Link' });
  expect(await refusal()).toContain('"hard" is a Link');
  writeTar({ path: 'pipe', type: 'FIFO' });
  expect(await refusal()).toContain('"pipe" is a FIFO');
  symlinkSync('/etc/passwd', join(work, 'source', 'soft'));
  await create({ file, cwd: work }, ['source']);
  expect(await refusal()).toContain('"source/soft" is a SymbolicLink');
});

test('the limits hold', async () => {
  writeTar(...Array.from({ length: 11 }, (_, i) => ({ path: `${i}` })));
  expect(await refusal()).toContain('more than 10 entries');
  writeTar({ path: 'a', body: 'x'.repeat(2501) }, { path: 'b', body: 'x'.repeat(2500) });
  expect(await refusal()).toContain('more than 5000 bytes');
});

test('what is no archive is refused', async () => {
  writeFileSync(file, Buffer.alloc(4096, 65));
  expect(await refusal()).toContain('cannot be read');
  writeFileSync(file, Buffer.alloc(1024));
  expect(await refusal()).toContain('cannot be read');
});

test('a cut-off archive is refused', async () => {
  writeTar({ path: 'a', body: 'x'.repeat(2000) });
  writeFileSync(file, readFileSync(file).subarray(0, 1200));
  expect(await refusal()).toContain('cannot be read');
});
