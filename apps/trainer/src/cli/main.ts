import { exitCodes, reportError } from '@bipvl/engine/command-line';
import { Command, CommanderError } from 'commander';
import { productVersion } from '../product-version.js';
import type { CheckFlags } from './run-check.js';

/** Runs the command line `bipvl-trainer`; resolves to its exit code. What a command needs is loaded when it runs. */
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
    return reportError(error, parameters.includes('--debug'));
  }
}

function createProgram(finish: (code: number) => void): Command {
  const program = new Command('bipvl-trainer')
    .description('Checks datasets and trains BiPVL-Seg on them')
    .version(productVersion())
    .showHelpAfterError('mend: bipvl-trainer --help, or --help after a command, lists what may be given')
    .exitOverride();
  addCheck(program, finish);
  addTrain(program, finish);
  addResume(program, finish);
  addList(program);
  for (const command of program.commands) command.option('--debug', 'print the stack of an error');
  return program;
}

function addCheck(program: Command, finish: (code: number) => void): void {
  program
    .command('check')
    .description('find everything wrong with a dataset; exits 4 where training must not start')
    .argument('<data>', 'folder of a Decathlon or nnU-Net dataset, or of the dataset that --recipe names')
    .option('--json', 'print the faults as JSON')
    .option(
      '--recipe <name>',
      'read the folder as amos22-ct, mm-whs-ct, mm-whs-mr, msd-brain or msd-hippocampus',
    )
    .option('--fingerprint <file>', 'write shapes, spacings, intensities and class volumes as JSON')
    .option('--case-ids', 'keep the ids of the cases in the fingerprint')
    .option('--cache <folder>', 'where to keep what was seen of each file, so that the next check is quick')
    .option('--no-cache', 'keep nothing and open every file')
    .action(async (data: string, flags: CheckFlags) => {
      const { runCheck } = await import('./run-check.js');
      finish(await runCheck(data, flags));
    });
}

function addTrain(program: Command, finish: (code: number) => void): void {
  program
    .command('train')
    .description('train a segmenter into a run folder')
    .argument('[config]', 'configuration file (YAML)')
    .option('--preset <name>', 'start from a preset instead of a file; see list')
    .option('--data <folder>', 'the dataset, instead of the one the configuration names')
    .requiredOption('--out <folder>', 'the run folder')
    .option('--seed <number>', 'the same as --set seed=...')
    .option('--fold <number>', 'the same as --set fold=...')
    .option('--steps <number>', 'the same as --set steps=...')
    .option('--set <key=value>', 'change one value of the configuration; may be repeated', collect, [])
    .option('--resume', 'go on with the run in the folder')
    .option('--fresh', 'replace the run in the folder')
    .option(
      '--dry-run',
      'check everything and print the resolved configuration; train nothing, write nothing',
    )
    .action(async (file: string | undefined, flags) => {
      const { runTrain } = await import('./run-train.js');
      finish(await runTrain(file, flags));
    });
}

function addResume(program: Command, finish: (code: number) => void): void {
  program
    .command('resume')
    .description('go on with a run as if it had never stopped')
    .argument('<run>', 'the run folder')
    .option('--data <folder>', 'where the dataset lies now, if it has moved')
    .action(async (run: string, flags: { data?: string }) => {
      const { runResume } = await import('./run-train.js');
      finish(await runResume(run, flags.data));
    });
}

function addList(program: Command): void {
  program
    .command('list')
    .description('name the presets, backbones, bridges, fusions and concept sets')
    .option('--json', 'print them as JSON')
    .action(async (flags: { json?: boolean }) => {
      const { runList } = await import('./run-list.js');
      runList(flags.json ?? false);
    });
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}
