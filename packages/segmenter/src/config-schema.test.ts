import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseSegmenterConfig } from './config-schema.js';

const required = {
  image: { patch: [8, 8, 8] },
  labels: [{ id: 1, name: 'liver' }],
  backbone: { name: 'unet' },
};

/** Dotted keys of objects; arrays are values. */
function flattened(value: object, prefix = ''): [string, unknown][] {
  return Object.entries(value).flatMap(([key, item]) => {
    const isObject = typeof item === 'object' && item !== null && !Array.isArray(item);
    return isObject ? flattened(item, `${prefix}${key}.`) : [[`${prefix}${key}`, item] as [string, unknown]];
  });
}

describe('parseSegmenterConfig', () => {
  test('the table of the README has every key and its default, and no other key', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const rows = [...readme.matchAll(/^\| `([\w.]+)` +\| (?:`(.*?)`)? +\|/gm)].map(
      ([, key, value]) => [key, value] as const,
    );
    const table = new Map(rows.slice(rows.findIndex(([key]) => key === 'method')));
    const keys = flattened(parseSegmenterConfig({ method: 'bipvl-seg', ...required }));
    for (const [key, value] of keys) {
      expect(table.has(key), key).toBe(true);
      const stated = table.get(key);
      if (stated !== undefined) expect(stated, key).toBe(JSON.stringify(value));
    }
    const undocumented = ['method', 'image.patch', 'labels', 'backbone.name'];
    const defaults = keys.filter(([key]) => !undocumented.includes(key)).map(([key]) => key);
    expect([...table].filter(([, value]) => value !== undefined).map(([key]) => key)).toEqual(defaults);
    expect([...table.keys()].filter((key) => key !== 'alignment').sort()).toEqual(
      keys.map(([key]) => key).sort(),
    );
  });

  test.each([
    [{ method: 'bipvl-seg', ...required, fusion: { moed: 'late' } }, /fusion.*moed/],
    [
      { method: 'vision-only', ...required, backbone: { name: 'vnet' } },
      /backbone.*'vnet'.*expected one of: unet/,
    ],
    [{ method: 'vision-only', ...required, text: {} }, /text/],
    [{ method: 'bipvl-seg', ...required, labels: [] }, /labels/],
  ])('a wrong key is refused by its name', (value, message) => {
    expect(() => parseSegmenterConfig(value)).toThrow(message);
  });
});
