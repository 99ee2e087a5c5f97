import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const program = fileURLToPath(new URL('hostile.mjs', import.meta.url));

// The limits are safety properties (a reader that needs a second for a bad header can be used against its user), so they are
// tested; each reading that is slow is judged by the median of three.
test('every hostile file is refused by its typed error, in under 50 ms and 32 MB', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program], { encoding: 'utf8' });
  console.log(stdout.trim());
  expect(stderr).toBe('');
  expect(stdout.split('\n').filter((line) => line.startsWith('failed'))).toEqual([]);
  expect(status).toBe(0);
}, 120_000);
