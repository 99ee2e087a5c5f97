import { exitCodes, Interruption, reportError } from '@bipvl/engine/command-line';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { DemoOptions } from './demo-options.js';
import { runDemo } from './run-demo.js';

/** What the command line says; the rest of the options is this process. */
type Flags = Omit<DemoOptions, 'environment' | 'signal'>;

/** Runs the demonstration; resolves to its exit code. */
export async function main(parameters: readonly string[]): Promise<number> {
  const interruption = new Interruption('finishing this step and saving');
  try {
    const flags = parse(parameters);
    await runDemo({ ...flags, environment: process.env, signal: interruption.signal });
    return interruption.exitCode ?? 0;
  } catch (error) {
    if (interruption.exitCode !== null) return interruption.exitCode;
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage;
    return reportError(error, parameters.includes('--debug'));
  } finally {
    interruption.stopListening();
  }
}

function parse(parameters: readonly string[]): Flags {
  return new Command('npm start --')
    .description(
      'Trains, evaluates and reports BiPVL-Seg on real MR scans, or on the phantom where there are none',
    )
    .option('--data <folder>', 'the Task04_Hippocampus folder of the Decathlon, or the folder that holds it')
    .addOption(
      new Option('--phantom', 'use the synthetic abdomen even where real scans are at hand').conflicts(
        'data',
      ),
    )
    .option('--out <folder>', 'the run folder', 'runs/demo')
    .option('--seed <number>', 'of weights, patches, dropout and noise', wholeNumber, 42)
    .option('--fold <number>', 'which fold trains and validates', wholeNumber, 0)
    .option('--steps <number>', 'optimiser steps, of the model with text and of the one without', wholeNumber)
    .option('--fresh', 'train again even if the run is finished')
    .option('--debug', 'print the stack of an error')
    .allowExcessArguments(false)
    .exitOverride()
    .parse(parameters as string[], { from: 'user' })
    .opts<Flags>();
}

function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('expected a whole number.');
}
