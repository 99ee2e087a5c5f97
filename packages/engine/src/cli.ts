import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { exitCodes } from './command-line/exit-codes.js';
import { reportError } from './command-line/report-error.js';
import { EngineError } from './errors.js';
import { runDoctor } from './run-doctor.js';
import { type InstallFlags, runInstall } from './run-install.js';

/** Runs the command line `bipvl-engine`; resolves to its exit code. */
export async function main(parameters: readonly string[]): Promise<number> {
  let code = 0;
  const program = createProgram((result) => {
    code = result;
  });
  try {
    await program.parseAsync(parameters, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage;
    if (!EngineError.isInstance(error)) throw error;
    return reportError(error, false);
  }
}

function createProgram(finish: (code: number) => void): Command {
  const program = new Command('bipvl-engine')
    .description('Finds, installs and checks the native TensorFlow that TensorFlow.js runs on')
    .version(version())
    .exitOverride();
  program
    .command('install')
    .description('put the native engine in place, from the cache or from the pinned wheel')
    .option('--gpu', 'the library with CUDA, and NVIDIA libraries (Linux x64; 5.3 GB on disk)')
    .option(
      '--cpu',
      'the library without CUDA (274 MB to fetch, 0.9 GB on disk); the default where none is installed',
    )
    .option('--force', 'make it again even where it is complete')
    .option('--wheel <file...>', 'use wheels fetched elsewhere; their hashes are checked')
    .action(async (flags: InstallFlags) => runInstall(flags));
  program
    .command('doctor')
    .description('examine machine and engine and run a self-test; exits 0 where all is well')
    .option('--json', 'print the diagnosis as JSON')
    .action(async (flags: { json?: boolean }) => finish(await runDoctor(flags.json ?? false)));
  return program;
}

function version(): string {
  const manifest: { version: string } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  );
  return manifest.version;
}
