import { mutateBytes } from './mutate-bytes.mjs';

const VALUES = [
  ...[
    '',
    '0',
    '1',
    '-1',
    '3',
    '4',
    'nan',
    'inf',
    '1e999',
    '1e-320',
    '2147483648',
    '18446744073709551616',
    '0x10',
    '3 4 5 6 7',
  ],
  ...[
    '(1,0,0)',
    'none',
    'LOCAL',
    'LIST',
    '/etc/passwd',
    '../x',
    'True',
    'False',
    'raw',
    'gzip',
    'hex',
    'double',
    'MET_DOUBLE',
  ],
  ...['0 0 0', '1 1 1', '(0,0,0) (0,0,0) (0,0,0)', '1e18 1e18 1e18', 'x'.repeat(500)],
];

/**
 * A file of a text header with values changed, lines repeated, moved or removed; or with bytes changed anywhere.
 * @param {ReturnType<typeof import('./random.mjs').randomOf>} random
 * @param {Uint8Array[]} seeds
 */
export function mutateTextHeader(random, seeds) {
  if (random.once(3)) return mutateBytes(random, seeds);
  const lines = Buffer.from(random.pick(seeds)).toString('latin1').split('\n');
  for (let changes = random.below(3); changes >= 0; changes -= 1) changeLine(lines, random);
  return Buffer.from(lines.join('\n'), 'latin1');
}

function changeLine(lines, random) {
  const at = random.below(lines.length);
  const line = lines[at];
  const change = random.below(6);
  if (change === 0) lines.splice(at, 1);
  else if (change === 1) lines.splice(random.below(lines.length), 0, line);
  else if (change === 2) lines[at] = line.replace(/[\d.]+/, random.pick(VALUES));
  else lines[at] = line.replace(/([:=] ).*$/, (_, separator) => separator + random.pick(VALUES));
}
