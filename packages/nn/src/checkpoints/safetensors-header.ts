import { NetworkError } from '../errors.js';
import { isStorageType, type StorageType } from './storage-types.js';

/** What the header says about one tensor; offsets count from the end of the header. */
export interface HeaderEntry {
  readonly dtype: StorageType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  readonly entries: ReadonlyMap<string, HeaderEntry>;
  readonly metadata: ReadonlyMap<string, string>;
}

/** Bounds on what a header may ask for; each is named in the error it causes. */
export interface SafetensorsLimits {
  readonly maxHeaderBytes: number;
  readonly maxTensors: number;
  readonly maxDimensions: number;
}

export const defaultLimits: SafetensorsLimits = {
  maxHeaderBytes: 25_000_000,
  maxTensors: 100_000,
  maxDimensions: 8,
};

export function malformed(source: string, what: string): NetworkError {
  return new NetworkError('bad-safetensors', `${source} is not a sound safetensors file: ${what}`, {
    kind: 'data',
    hint: 'fetch or write the file again; if it should be sound, compare its SHA-256 with the publisher',
  });
}

/** A name from a file, safe to print on one line. */
export function quoted(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 77)}...` : name);
}

/**
 * Reads the header's JSON by its own small grammar instead of JSON.parse, which would accept duplicate keys
 * and any nesting.
 * @throws NetworkError `bad-safetensors`
 */
export function parseHeader(text: string, limits: SafetensorsLimits, source: string): Header {
  return new HeaderReader(text, limits, source).read();
}

class HeaderReader {
  #position = 0;
  readonly #text: string;
  readonly #limits: SafetensorsLimits;
  readonly #source: string;

  constructor(text: string, limits: SafetensorsLimits, source: string) {
    this.#text = text;
    this.#limits = limits;
    this.#source = source;
  }

  read(): Header {
    const entries = new Map<string, HeaderEntry>();
    let metadata: ReadonlyMap<string, string> = new Map();
    this.#object((name) => {
      if (name === '__metadata__') metadata = this.#metadata();
      else entries.set(name, this.#entry(name));
      if (entries.size > this.#limits.maxTensors) {
        throw this.#fail(`more tensors than the limit maxTensors = ${this.#limits.maxTensors}`);
      }
    });
    if (/[^ ]/.test(this.#text.slice(this.#position)))
      throw this.#unexpected('spaces to the end of the header');
    return { entries, metadata };
  }

  #metadata(): Map<string, string> {
    const metadata = new Map<string, string>();
    this.#object((key) => metadata.set(key, this.#string()));
    return metadata;
  }

  #entry(name: string): HeaderEntry {
    let dtype: string | undefined;
    let shape: number[] | undefined;
    let offsets: number[] | undefined;
    this.#object((key) => {
      if (key === 'dtype') dtype = this.#string();
      else if (key === 'shape')
        shape = this.#integers(this.#limits.maxDimensions, `the shape of ${quoted(name)}`);
      else if (key === 'data_offsets') offsets = this.#integers(2, `the data_offsets of ${quoted(name)}`);
      else throw this.#fail(`tensor ${quoted(name)} has the unknown key ${quoted(key)}`);
    });
    const [begin, end] = offsets ?? [];
    if (dtype === undefined || shape === undefined || begin === undefined || end === undefined) {
      throw this.#fail(`tensor ${quoted(name)} lacks dtype, shape or two data_offsets`);
    }
    if (!isStorageType(dtype))
      throw this.#fail(`tensor ${quoted(name)} has the unsupported dtype ${quoted(dtype)}`);
    return { dtype, shape, begin, end };
  }

  #object(member: (key: string) => void): void {
    this.#expect('{');
    const seen = new Set<string>();
    if (this.#accept('}')) return;
    do {
      const key = this.#string();
      if (seen.has(key)) throw this.#fail(`the key ${quoted(key)} occurs twice`);
      if (key === '__proto__') throw this.#fail('the key "__proto__" is refused');
      seen.add(key);
      this.#expect(':');
      member(key);
    } while (this.#accept(','));
    this.#expect('}');
  }

  #integers(most: number, what: string): number[] {
    this.#expect('[');
    const values: number[] = [];
    if (this.#accept(']')) return values;
    do {
      if (values.length === most) throw this.#fail(`${what} has more than ${most} numbers`);
      values.push(this.#integer(what));
    } while (this.#accept(','));
    this.#expect(']');
    return values;
  }

  #integer(what: string): number {
    this.#skipSpace();
    const start = this.#position;
    while (isDigit(this.#text.charCodeAt(this.#position))) this.#position++;
    const digits = this.#text.slice(start, this.#position);
    if (!/^(0|[1-9][0-9]{0,15})$/.test(digits) || !Number.isSafeInteger(Number(digits))) {
      throw this.#fail(
        `${what} must be whole numbers below 2^53, got ${quoted(digits || this.#text.slice(start, start + 8))}`,
      );
    }
    return Number(digits);
  }

  #string(): string {
    this.#expect('"');
    const start = this.#position - 1;
    while (this.#text.charCodeAt(this.#position) !== quote) {
      if (this.#position >= this.#text.length) throw this.#fail('a string in the header does not end');
      this.#position += this.#text.charCodeAt(this.#position) === backslash ? 2 : 1;
    }
    this.#position++;
    return this.#decodeString(this.#text.slice(start, this.#position));
  }

  #decodeString(literal: string): string {
    let value: unknown;
    try {
      value = JSON.parse(literal);
    } catch {
      throw this.#fail(`the string ${quoted(literal)} is not JSON`);
    }
    // A lone surrogate has no UTF-8 form: two such names would become one when written back.
    if (typeof value !== 'string' || /\p{Surrogate}/u.test(value))
      throw this.#fail(`the string ${quoted(literal)} is not Unicode text`);
    return value;
  }

  #expect(character: string): void {
    if (!this.#accept(character)) throw this.#unexpected(`"${character}"`);
  }

  #accept(character: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#position] !== character) return false;
    this.#position++;
    return true;
  }

  #skipSpace(): void {
    while (isSpace(this.#text.charCodeAt(this.#position))) this.#position++;
  }

  #unexpected(wanted: string): NetworkError {
    const found = this.#text.slice(this.#position, this.#position + 12);
    return this.#fail(
      `expected ${wanted} at character ${this.#position} of the header, got ${found === '' ? 'its end' : quoted(found)}`,
    );
  }

  #fail(what: string): NetworkError {
    return malformed(this.#source, what);
  }
}

const quote = 0x22;
const backslash = 0x5c;

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}
