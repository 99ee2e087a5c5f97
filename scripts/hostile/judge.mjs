const LONGEST_MILLISECONDS = 50;
const MOST_EXTRA_BYTES = 32 * 2 ** 20;
const LEAST_FILES = 200;

/**
 * Prints what was measured and what broke a limit; true when nothing did.
 * @param {{ name: string, way: string, codes: (string | null)[], outcome: string | null, milliseconds: number,
 *   heldBytes: number, grownBytes: number }[]} results
 */
export function judge(results) {
  const faults = results.flatMap((result) =>
    faultsOf(result).map((fault) => `${result.name} (${result.way}): ${fault}`),
  );
  const files = new Set(results.filter(({ outcome }) => outcome !== null).map(({ name }) => name)).size;
  if (files < LEAST_FILES) faults.push(`${files} files were refused, expected at least ${LEAST_FILES}`);
  for (const fault of faults) process.stdout.write(`failed    ${fault}\n`);
  const read = results.filter(({ outcome }) => outcome === null).length;
  const slowest = largest(results, ({ milliseconds }) => milliseconds);
  const hungriest = largest(results, extraBytes);
  process.stdout.write(
    `${files} hostile files refused, ${results.length} readings, ${read} read as promised\n`,
  );
  process.stdout.write(`slowest: ${slowest.value.toFixed(1)} ms (${slowest.of})\n`);
  process.stdout.write(`largest extra memory: ${megabytes(hungriest.value)} MB (${hungriest.of})\n`);
  return faults.length === 0;
}

function faultsOf(result) {
  const { codes, outcome, milliseconds } = result;
  const faults = [];
  if (!codes.includes(outcome)) faults.push(`gave ${outcome ?? 'a volume'}, expected ${codes.join(' or ')}`);
  if (milliseconds > LONGEST_MILLISECONDS) faults.push(`took ${milliseconds.toFixed(1)} ms`);
  if (extraBytes(result) > MOST_EXTRA_BYTES) faults.push(`took ${megabytes(extraBytes(result))} MB`);
  return faults;
}

/** What the process grew by, or what its arrays grew by where the system had not handed that out yet. */
function extraBytes({ heldBytes, grownBytes }) {
  return Math.max(heldBytes, grownBytes);
}

function largest(results, measure) {
  return results.reduce(
    (best, result) =>
      measure(result) > best.value ? { value: measure(result), of: `${result.name}, ${result.way}` } : best,
    { value: 0, of: 'none' },
  );
}

function megabytes(bytes) {
  return (bytes / 2 ** 20).toFixed(1);
}
