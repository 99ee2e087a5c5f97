const nested = (levels) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

/** Texts of recipes; each is refused with `bad-recipe` once it has been parsed. */
const TEXTS = {
  null: 'null',
  number: '7',
  list: '[]',
  text: '"RAS"',
  'unknown-key': '{"command": "rm"}',
  prototype: '{"__proto__": {"orientation": "RAS"}}',
  constructor: '{"constructor": {"prototype": {}}}',
  nested: nested(1000),
  'orientation-unknown': '{"orientation": "RRR"}',
  'orientation-a-list': '{"orientation": ["R", "A", "S"]}',
  'orientation-a-megabyte': JSON.stringify({ orientation: 'R'.repeat(2 ** 20) }),
  'spacing-negative': '{"spacing": [-1, 1, 1]}',
  'spacing-infinite': '{"spacing": [1e999, 1, 1]}',
  'spacing-vanishing': '{"spacing": [1e-300, 1, 1]}',
  'spacing-huge': '{"spacing": [1e300, 1, 1]}',
  'spacing-two': '{"spacing": [1, 1]}',
  'spacing-a-million': JSON.stringify({ spacing: Array(50_000).fill(1) }),
  'spacing-text': '{"spacing": ["1", "1", "1"]}',
  'pad-negative': '{"pad": [-1, 1, 1]}',
  'pad-broken': '{"pad": [1.5, 1, 1]}',
  'pad-terabytes': '{"pad": [32767, 32767, 32767]}',
  'pad-beyond-integers': '{"pad": [1e18, 1, 1]}',
  'pad-value-infinite': '{"padValue": 1e999}',
  'pad-value-text': '{"padValue": "0"}',
  'margin-huge': '{"crop": {"margin": [1e12, 0, 0]}}',
  'margin-negative': '{"crop": {"margin": [-1, 0, 0]}}',
  'threshold-infinite': '{"crop": {"threshold": -1e999}}',
  'intensity-unknown': '{"intensity": {"kind": "eval"}}',
  'window-reversed': '{"intensity": {"kind": "window", "low": 1, "high": 0}}',
  'window-empty': '{"intensity": {"kind": "window", "low": 1, "high": 1}}',
  'window-infinite': '{"intensity": {"kind": "window", "low": -1e999, "high": 1}}',
  'zscore-extra-key': '{"intensity": {"kind": "zscore", "sigma": 2}}',
};

/** Recipes as JSON texts. */
export function recipes() {
  return Object.entries(TEXTS).map(([name, text]) => ({
    name: `recipe/${name}.json`,
    code: 'bad-recipe',
    text,
  }));
}
