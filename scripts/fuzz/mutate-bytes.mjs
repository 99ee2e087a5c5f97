const BOUNDARIES = [0, 1, 2, 0x7e, 0x7f, 0x80, 0x81, 0xfe, 0xff];
const MOST_CHANGES = 4;
const LONGEST_BLOCK = 64;

/**
 * A changed copy of one of the seeds: bits, bytes and blocks overwritten, repeated or taken from another seed, and the end cut.
 * @param {ReturnType<typeof import('./random.mjs').randomOf>} random
 * @param {Uint8Array[]} seeds
 */
export function mutateBytes(random, seeds) {
  let bytes = Buffer.from(random.pick(seeds));
  for (let changes = random.below(MOST_CHANGES); changes >= 0; changes -= 1) {
    if (bytes.length > 0) bytes = random.pick(CHANGES)(bytes, random, seeds);
  }
  return bytes;
}

const CHANGES = [flipBit, setByte, setByte, zeroBlock, repeatBlock, removeBlock, splice, cut];

function flipBit(bytes, random) {
  bytes[random.below(bytes.length)] ^= 1 << random.below(8);
  return bytes;
}

function setByte(bytes, random) {
  bytes[random.below(bytes.length)] = random.once(2) ? random.pick(BOUNDARIES) : random.below(256);
  return bytes;
}

function zeroBlock(bytes, random) {
  const start = random.below(bytes.length);
  return bytes.fill(0, start, Math.min(bytes.length, start + 1 + random.below(LONGEST_BLOCK)));
}

function repeatBlock(bytes, random) {
  const start = random.below(bytes.length);
  const block = bytes.subarray(start, start + 1 + random.below(LONGEST_BLOCK));
  return Buffer.concat([
    bytes.subarray(0, start),
    ...Array(1 + random.below(8)).fill(block),
    bytes.subarray(start),
  ]);
}

function removeBlock(bytes, random) {
  const start = random.below(bytes.length);
  return Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + 1 + random.below(LONGEST_BLOCK))]);
}

function splice(bytes, random, seeds) {
  const place = random.below(bytes.length);
  return Buffer.concat([bytes.subarray(0, place), random.pick(seeds).subarray(place)]);
}

function cut(bytes, random) {
  return bytes.subarray(0, random.below(bytes.length));
}
