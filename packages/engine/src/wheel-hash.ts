import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { EngineError } from './errors.js';
import type { Wheel } from './wheels.js';

/** Checks a downloaded file against its pin. Throws `wheel-hash-mismatch`. */
export async function verifyWheel(wheel: Wheel, path: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  const found = hash.digest('hex');
  if (found === wheel.sha256) return;
  throw new EngineError(
    'wheel-hash-mismatch',
    `${path}: expected ${wheel.file} with sha256 ${wheel.sha256}, found ${found}`,
    {
      kind: 'resource',
      hint: 'the file is damaged or is not the published one: run `pip cache purge`, check which index pip uses (`pip config list`), and run `npx bipvl-engine install` again',
    },
  );
}
