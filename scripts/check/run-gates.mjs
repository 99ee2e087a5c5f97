/**
 * A gate looks at one property of the repository and returns what it found wrong, one string a fault; none means it passes.
 * @typedef {(root: string) => Promise<string[]>} Gate
 */

const nameWidth = 14;
const shownFaults = 60;

/**
 * Runs all gates, or those named, also after one has failed, and prints a line each; resolves to the exit code.
 * @param {string} root folder of the repository
 * @param {Record<string, Gate>} gates
 * @param {string[]} chosen
 */
export async function runGates(root, gates, chosen) {
  const unknown = chosen.filter((name) => !Object.hasOwn(gates, name));
  if (unknown.length > 0) return refuse(unknown, Object.keys(gates));
  const names = chosen.length > 0 ? chosen : Object.keys(gates);
  let failed = 0;
  for (const name of names) {
    if (!(await passes(root, name, gates[name]))) failed += 1;
  }
  process.stdout.write(`${names.length - failed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

async function passes(root, name, gate) {
  const start = performance.now();
  const faults = await gate(root).catch((error) => [`the gate itself broke: ${error.stack ?? error}`]);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  process.stdout.write(`${faults.length === 0 ? 'pass' : 'FAIL'}  ${name.padEnd(nameWidth)}${seconds} s\n`);
  for (const fault of faults.slice(0, shownFaults)) {
    process.stdout.write(`${fault.trimEnd().replace(/^/gm, '      ')}\n`);
  }
  if (faults.length > shownFaults)
    process.stdout.write(`      and ${faults.length - shownFaults} more faults\n`);
  return faults.length === 0;
}

function refuse(unknown, known) {
  process.stderr.write(
    `error: there is no gate '${unknown[0]}'\nmend: name one of: ${known.map((name) => `'${name}'`).join(', ')}\n`,
  );
  return 2;
}
