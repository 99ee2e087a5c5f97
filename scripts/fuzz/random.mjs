/**
 * A stream of random numbers that is the same for the same seeds (xorshift32 over a mix of them).
 * @param {...number} seeds
 */
export function randomOf(...seeds) {
  let state = seeds.reduce((mixed, seed) => mix(mixed ^ (seed >>> 0)), 0x9e3779b9) || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  const below = (limit) => next() % limit;
  return {
    /** A whole number from 0 to below `limit`. */
    below,
    /** One of the items. */
    pick: (items) => items[below(items.length)],
    /** True once in `times`. */
    once: (times) => below(times) === 0,
  };
}

/** Spreads every bit of a 32-bit number over all (the finaliser of MurmurHash3). */
function mix(value) {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
