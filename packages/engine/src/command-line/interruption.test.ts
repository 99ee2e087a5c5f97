import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';

const entry = new URL('../../dist/command-line/index.js', import.meta.url).href;

/** A command that is told to stop, says why, and either ends well or has more to do than anyone waits for. */
const command = `
  import { Interruption } from ${JSON.stringify(entry)};
  const [, notice, ending] = process.argv;
  const interruption = new Interruption(notice || undefined);
  const work = setInterval(() => {}, 1000);
  interruption.signal.addEventListener('abort', () => {
    console.log(interruption.signal.reason.message);
    if (ending === 'never') return;
    clearInterval(work);
    interruption.stopListening();
    process.exitCode = interruption.exitCode;
  });
  console.log(interruption.exitCode);
`;

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the command and sends a signal for each line it prints. */
function interrupted(notice: string, ending: 'ends' | 'never', signals: NodeJS.Signals[]): Promise<Ended> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', command, notice, ending]);
  const left = [...signals];
  let out = '';
  let err = '';
  child.stdout.on('data', (piece) => {
    out += String(piece);
    const next = left.shift();
    if (next !== undefined) child.kill(next);
  });
  child.stderr.on('data', (piece) => {
    err += String(piece);
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })));
}

test.each([
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s aborts with its name and gives exit code %i', async (signal, code) => {
  const err = `\n${signal}: saving; once more to stop at once\n`;
  expect(await interrupted('saving', 'ends', [signal])).toEqual({
    code,
    out: `null\nstopped by ${signal}\n`,
    err,
  });
});

test('without a notice nothing is said', async () => {
  expect((await interrupted('', 'ends', ['SIGINT'])).err).toBe('');
});

test('a second signal ends the process at once', async () => {
  expect((await interrupted('saving', 'never', ['SIGINT', 'SIGTERM'])).code).toBe(143);
});
