import { NetworkError } from '../errors.js';

/**
 * A family of dotted names with numbered or named holes: `encoder.layer.{layer}.output.dense.weight`. A hole
 * stands for one part between dots, so that a name can be taken apart and put together again without loss.
 */
export class NamePattern {
  readonly text: string;
  readonly holes: readonly string[];
  readonly #expression: RegExp;

  /** @throws NetworkError `bad-name-pattern` if a hole comes twice or is not a part of its own. */
  constructor(text: string) {
    this.text = text;
    this.holes = [...text.matchAll(hole)].map(([, name]) => name ?? '');
    const parts = text
      .split(hole)
      .map((part, index) => (index % 2 === 1 ? '([^.]+)' : escapeExpression(part)));
    this.#expression = new RegExp(`^${parts.join('')}$`);
    if (new Set(this.holes).size !== this.holes.length) throw badPattern(text, 'a hole comes twice');
  }

  /** What fills the holes of a name of this family; undefined for another name. */
  match(name: string): ReadonlyMap<string, string> | undefined {
    const found = this.#expression.exec(name);
    return found ? new Map(this.holes.map((key, index) => [key, found[index + 1] ?? ''])) : undefined;
  }

  /** The name of this family with the given fillings. */
  fill(values: ReadonlyMap<string, string>): string {
    return this.text.replace(hole, (_, key: string) => values.get(key) ?? '');
  }
}

const hole = /\{([a-zA-Z0-9]+)\}/g;

function escapeExpression(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

export function badPattern(text: string, what: string): NetworkError {
  return new NetworkError('bad-name-pattern', `the name pattern "${text}" is unusable: ${what}`, {
    hint: 'write holes as {name}, each once, and the same holes on both sides of a rule',
    kind: 'internal',
  });
}
