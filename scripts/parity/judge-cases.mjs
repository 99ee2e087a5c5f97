/**
 * @typedef {{ name: string, state: string, errors: string[] }} Test
 * @typedef {{ name: string, verdict: 'passed' | 'failed' | 'skipped' | 'unclaimed', tests: Test[] }} Verdict
 */

/**
 * What the tests say of each case. A test belongs to the cases its title names as `<group>/<case>`; one that names none is a case of its own.
 * @param {string[]} cases
 * @param {Test[]} tests
 * @returns {Verdict[]}
 */
export function judgeCases(cases, tests) {
  const known = new Set(cases);
  const claims = new Map(cases.map((name) => [name, []]));
  const others = new Map();
  for (const test of tests) {
    const named = (test.name.match(/[\w-]+\/[\w-]+/g) ?? []).filter((name) => known.has(name));
    for (const name of named) claims.get(name).push(test);
    if (named.length === 0) others.set(test.name, [test]);
  }
  return [...claims, ...others].map(([name, own]) => ({ name, verdict: verdictOf(own), tests: own }));
}

function verdictOf(tests) {
  if (tests.length === 0) return 'unclaimed';
  if (tests.some(({ state }) => state === 'failed')) return 'failed';
  return tests.some(({ state }) => state === 'passed') ? 'passed' : 'skipped';
}

/**
 * Prints a line for each case, the reasons of failures under it, and the sum; returns whether the run failed. A case that no test claims is a
 * failure: nothing shows that the code gives its answers.
 * @param {Verdict[]} verdicts
 * @param {{ file: string, errors: string[] }[]} broken
 */
export function printVerdicts(verdicts, broken) {
  for (const { name, verdict, tests } of verdicts) {
    const extent = tests.length > 1 ? ` (${tests.length} tests)` : '';
    process.stdout.write(`${verdict.padEnd(9)} ${name}${extent}\n`);
    for (const test of tests.filter(({ state }) => state === 'failed')) {
      process.stdout.write(`            ${test.name}: ${test.errors.join('; ')}\n`);
    }
  }
  for (const { file, errors } of broken) process.stdout.write(`failed    ${file}: ${errors.join('; ')}\n`);
  const count = (wanted) => verdicts.filter(({ verdict }) => verdict === wanted).length;
  const failed = count('failed') + count('unclaimed') + broken.length;
  process.stdout.write(`\n${count('skipped')} skipped, ${count('unclaimed')} unclaimed\n`);
  process.stdout.write(`${count('passed')} passed, ${failed} failed\n`);
  return failed > 0 || count('passed') === 0;
}
