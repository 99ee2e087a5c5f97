import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/**
 * A counter-based random stream: every number is a function of (seed, path of names and counters), never of what was drawn before.
 * A checkpoint therefore stores integers, and a resumed run draws what the uninterrupted run would have drawn.
 */
export class RandomStream {
  /** Unsigned 32-bit key of this stream; also fit as the seed of a TensorFlow.js random operation. */
  readonly key: number;

  constructor(seed: number) {
    this.key = mix(seed >>> 0, 0x9e3779b9);
  }

  /** The independent stream under this one for a name (a layer, a purpose) or a counter (a step, a case). */
  at(...path: readonly (string | number)[]): RandomStream {
    let key = this.key;
    for (const part of path) key = typeof part === 'number' ? mix(key, part) : mixText(key, part);
    return RandomStream.#fromKey(key);
  }

  /** A fresh generator of uniform numbers in [0, 1); two calls yield the same sequence. */
  uniform(): () => number {
    const generator = xoroshiro128plus(this.key | 0);
    return () => uniformFloat64(generator);
  }

  /** A fresh generator of standard normal numbers (Box and Muller 1958). */
  normal(): () => number {
    const uniform = this.uniform();
    return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  }

  /** Told before room is made for `count` numbers of this stream; one with a limit refuses here. */
  reserve(_count: number): void {}

  static #fromKey(key: number): RandomStream {
    const stream = new RandomStream(0);
    (stream as { key: number }).key = key;
    return stream;
  }
}

/** The finaliser of murmur3 over the sum of both, so that neighbouring counters give unrelated keys. */
function mix(key: number, value: number): number {
  let hash = (Math.imul(key, 0x85ebca6b) + Math.imul(value | 0, 0x9e3779b9) + 0x7f4a7c15) >>> 0;
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Starts from a constant, so that a text never leads where a number does. */
function mixText(key: number, text: string): number {
  let hash = mix(mix(key, 0x5bd1e995), text.length);
  for (let i = 0; i < text.length; i++) hash = mix(hash, text.charCodeAt(i) + 1);
  return hash;
}
