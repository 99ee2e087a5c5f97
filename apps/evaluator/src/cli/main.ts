import { exitCodes, Interrupted, Interruption, reportError } from '@bipvl/engine/command-line';
import { Command, CommanderError, Option } from 'commander';
import { productVersion } from '../product-version.js';
import { parseLabels, parseOverlap, parseThreads, parseTolerance } from './parse-options.js';

const notes = `
Exit codes: 0 done, 1 internal fault, 2 usage, 3 numeric, 4 data, 5 resource (disk, memory, engine), 130 interrupted.
Research use only: not a medical device.`;

/** Runs the command line `bipvl-evaluator`; resolves to its exit code. */
export async function main(parameters: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync(parameters, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage;
    if (error instanceof Interrupted) {
      process.stderr.write(`${error.message}; what was written stays\n`);
      return error.exitCode;
    }
    return reportError(error, parameters.includes('--debug'));
  }
}

function createProgram(): Command {
  const program = new Command('bipvl-evaluator')
    .description('Segments scans with a trained BiPVL-Seg bundle, and scores masks against references')
    .version(productVersion())
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => {
        write(`${text.trim().replace(/\s*\n\s*/g, ' ')}\nmend: see bipvl-evaluator --help\n`);
      },
    })
    .addHelpText('after', notes);
  addPredict(program);
  addEvaluate(program);
  return program;
}

// Commands load what they run when they run, so that help and version need neither engine nor tensors.
function addPredict(program: Command): void {
  program
    .command('predict')
    .description('write one NIfTI mask for each scan, named after it, in its own geometry')
    .argument('<bundle>', 'folder of a trained segmenter, such as runs/demo/bundle')
    .argument(
      '<input...>',
      'scans (.nii, .nii.gz, .hdr, .nrrd, .mha), folders of them, or folders with a DICOM series',
    )
    .requiredOption('--out <folder>', 'where the masks go; made when missing')
    .option(
      '--overlap <share>',
      'share of a window that the next one covers again, 0 to below 1',
      parseOverlap,
      0.5,
    )
    .option('--json', 'print the result as JSON')
    .option('--debug', 'print the stack of an error')
    .addHelpText(
      'after',
      `
All scans are checked before the first is segmented: when one of them is bad, nothing is written.
Each mask is written whole or not at all, and no scan is ever overwritten.
${notes}`,
    )
    .action(async (bundle: string, inputs: string[], flags) => {
      const { runPredict } = await import('./run-predict.js');
      await interruptible((signal) => runPredict(bundle, inputs, flags, signal));
    });
}

function addEvaluate(program: Command): void {
  program
    .command('evaluate')
    .description('score predicted masks (NIfTI, NRRD, MHA) against references of the same name')
    .requiredOption('--predictions <folder>', 'predicted masks')
    .requiredOption('--references <folder>', 'reference masks')
    .requiredOption('--out <folder>', 'where metrics.json and metrics.csv go; made when missing')
    .option(
      '--labels <list>',
      'what to score, as 1=liver,2=spleen; every value of the masks by default',
      parseLabels,
    )
    .option('--tolerance <mm>', 'tolerance of the surface Dice (NSD) in mm', parseTolerance, 1)
    .addOption(
      new Option('--convention <library>', 'whose definition the distances follow')
        .choices(['surface-distance', 'monai', 'medpy'])
        .default('surface-distance'),
    )
    .option('--threads <number>', 'cases at a time; all cores by default', parseThreads)
    .option('--json', 'print the result as JSON')
    .option('--debug', 'print the stack of an error')
    .addHelpText('after', notes)
    .action(async (flags) => {
      const { runEvaluate } = await import('./run-evaluate.js');
      await interruptible((signal) => runEvaluate(flags, signal));
    });
}

/** Runs a command that the first ending signal stops at the next safe place. */
async function interruptible(run: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const interruption = new Interruption();
  try {
    await run(interruption.signal);
  } finally {
    interruption.stopListening();
  }
}
