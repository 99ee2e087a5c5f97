import { StepFailure } from './step-failure.mjs';

const nameWidth = 15;
const outputLines = 15;

/**
 * Runs the steps in order, one line each with its outcome and time; resolves to the exit code.
 * @param {string} root folder of the repository
 * @param {{ name: string, run: (root: string) => Promise<string> }[]} steps
 */
export async function runSteps(root, steps) {
  process.stdout.write('set-up\n');
  for (const { name, run } of steps) {
    const start = performance.now();
    process.stdout.write(`  ${name.padEnd(nameWidth)}`);
    try {
      const outcome = await run(root);
      process.stdout.write(`${outcome} (${seconds(start)})\n`);
    } catch (error) {
      process.stdout.write(`failed (${seconds(start)})\n`);
      return report(error);
    }
  }
  return 0;
}

function seconds(start) {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`;
}

function report(error) {
  if (!(error instanceof StepFailure)) throw error;
  const lines = error.output.trim().split('\n').filter(Boolean).slice(-outputLines);
  const shown = lines.map((line) => `    ${line}\n`).join('');
  process.stderr.write(`${shown}error: ${error.message}\nmend: ${error.mend}\n`);
  return error.exitCode;
}
