import { relative } from 'node:path';
import { startVitest } from 'vitest/node';

/**
 * Runs every parity test file without vitest's own report.
 * @param {string} root folder of the repository
 * @returns {Promise<{ tests: { name: string, state: string, errors: string[] }[], broken: { file: string, errors: string[] }[] }>}
 *   `broken` are files that failed outside their tests, such as on import.
 */
export async function runParityTests(root) {
  const options = { root, watch: false, reporters: [{}], passWithNoTests: true };
  const vitest = await startVitest('test', ['parity.test.ts'], options);
  const files = vitest.state.getTestModules();
  const tests = files.flatMap((file) => [...file.children.allTests()].map(describeTest));
  const broken = files
    .map((file) => ({ file: relative(root, file.moduleId), errors: errorsOutsideTests(file) }))
    .filter(({ errors }) => errors.length > 0);
  await vitest.close();
  // A failed test sets it; what this run comes to is for the caller to say.
  process.exitCode = 0;
  return { tests, broken };
}

function describeTest(test) {
  const { state, errors = [] } = test.result();
  return { name: test.fullName, state, errors: errors.map(firstLine) };
}

function errorsOutsideTests(file) {
  const suites = [...file.children.allSuites()];
  return [file, ...suites].flatMap((part) => part.errors().map(firstLine));
}

function firstLine({ message }) {
  return message.split('\n')[0];
}
