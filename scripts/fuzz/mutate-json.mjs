import { mutateBytes } from './mutate-bytes.mjs';

const VALUES = [
  ...[
    null,
    true,
    false,
    '',
    'a',
    '0',
    '-1',
    '..',
    '../../x',
    '/etc/passwd',
    'a\u0000b',
    '\u001b[2J',
    'x'.repeat(300),
  ],
  ...[0, -0, 1, -1, 0.5, 255, 256, 65535, 65536, 1e18, 1e308, -1e308, 5e-324],
  ...[[], [[]], {}, { 0: 0 }, [0, 0, 0], [1e9, 1e9, 1e9], Array(50).fill(1)],
];
const KEYS = ['', '0', '-1', '1e9', 'length', 'toString', 'constructor', 'hasOwnProperty', 'a.b', '\u202e'];

/**
 * The JSON text of one of the seeds with values, keys and places changed; now and then the text itself is damaged.
 * @param {ReturnType<typeof import('./random.mjs').randomOf>} random
 * @param {unknown[]} seeds
 */
export function mutateJson(random, seeds) {
  const value = structuredClone(random.pick(seeds));
  for (let changes = random.below(3); changes >= 0; changes -= 1) changeSomewhere(value, random, seeds);
  const text = JSON.stringify(value);
  if (random.once(5)) return mutateBytes(random, [Buffer.from(text)]).toString('utf8');
  return random.once(20) ? text.replace(/"(\w+)":/, '"__proto__":') : text;
}

function changeSomewhere(root, random, seeds) {
  let place = root;
  for (;;) {
    const keys = Object.keys(place);
    if (keys.length === 0) return;
    const key = random.pick(keys);
    const inner = place[key];
    if (typeof inner === 'object' && inner !== null && Object.keys(inner).length > 0 && !random.once(4))
      place = inner;
    else return random.pick(CHANGES)(place, key, random, seeds);
  }
}

const CHANGES = [
  (place, key, random) => {
    place[key] = structuredClone(random.pick(VALUES));
  },
  (place, key) => {
    delete place[key];
  },
  (place, key, random) => {
    if (!Array.isArray(place)) place[random.pick(KEYS)] = structuredClone(place[key]);
  },
  (place, key) => {
    if (Array.isArray(place)) place.push(structuredClone(place[key]));
    else place[key] = [place[key]];
  },
  (place, key, random, seeds) => {
    place[key] = structuredClone(random.pick(seeds));
  },
  (place, key, random) => {
    for (let levels = random.below(80); levels > 0; levels -= 1) place[key] = { [key]: place[key] };
  },
];
