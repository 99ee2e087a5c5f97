import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { exitCodes, reportError } from './report-error.js';
import type { GenerateFlags } from './run-generate.js';

/** Runs the command line `bipvl-concepts`; resolves to its exit code. What a command needs is loaded when it runs. */
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
  const program = new Command('bipvl-concepts')
    .description('Generates, checks, reviews and compares the texts that describe the classes of a data set')
    .version(version())
    .showHelpAfterError('mend: bipvl-concepts --help, or --help after a command, lists what may be given')
    .exitOverride();
  addGenerate(program);
  addLint(program, finish);
  addReview(program);
  addDiff(program);
  addList(program);
  for (const command of program.commands) command.option('--debug', 'print the stack of an error');
  return program;
}

function addGenerate(program: Command): void {
  program
    .command('generate')
    .description(
      'ask a language model for six texts a class; shows what it may cost and asks before it sends',
    )
    .requiredOption('--modality <name>', 'CT or MR')
    .requiredOption('--classes <names>', 'names of the classes, with commas between')
    .requiredOption('--out <file>', 'the concept set to write (JSON)')
    .option('--labels <numbers>', 'label values of the classes; default 1,2,3...')
    .option('--region <name>', 'part of the body, e.g. heart')
    .option('--name <name>', 'name of the set; default that of the file')
    .option('--dataset <name>', 'what data set it is for; default the name')
    .option('--model <id>', 'model to ask; default gpt-4o')
    .option('--provider <kind>', 'openai, or file for a reply that you have', 'openai')
    .option('--reply <file>', "a model's reply, for --provider file")
    .option('--base-url <url>', "a server that speaks Chat Completions; default OpenAI's")
    .option('--allow-insecure-url', 'accept http to another machine')
    .option('--key-variable <name>', 'environment variable with the key; default OPENAI_API_KEY for OpenAI')
    .option('--no-cache', 'ask even where the same was asked before, and keep no reply')
    .option('--yes', 'send without asking, and replace the texts of a file')
    .option('--dry-run', 'print the request and what it may cost; send nothing, write nothing')
    .action(async (flags: GenerateFlags) => {
      const { runGenerate } = await import('./run-generate.js');
      await runGenerate(flags);
    });
}

function addLint(program: Command, finish: (code: number) => void): void {
  program
    .command('lint')
    .description('check the texts by the list a reviewer has; exits 4 where training must not start')
    .argument('<set>', 'name of a shipped set, or a JSON file')
    .option('--json', 'print the findings as JSON')
    .action(async (set: string, flags: { json?: boolean }) => {
      const { runLint } = await import('./run-lint.js');
      finish(await runLint(set, flags.json ?? false));
    });
}

function addReview(program: Command): void {
  program
    .command('review')
    .description('read every text, accept, edit or reject it, and sign the file')
    .argument('<file>', 'the concept set (JSON)')
    .requiredOption('--reviewer <name>', 'the name that signs')
    .action(async (file: string, { reviewer }: { reviewer: string }) => {
      const { runReview } = await import('./run-review.js');
      await runReview(file, reviewer);
    });
}

function addDiff(program: Command): void {
  program
    .command('diff')
    .description('show how the texts of one set differ from those of another')
    .argument('<before>', 'name of a shipped set, or a JSON file')
    .argument('<after>', 'the same')
    .option('--json', 'print the differences as JSON')
    .action(async (before: string, after: string, flags: { json?: boolean }) => {
      const { runDiff } = await import('./run-diff.js');
      await runDiff(before, after, flags.json ?? false);
    });
}

function addList(program: Command): void {
  program
    .command('list')
    .description('name the concept sets that come with this package')
    .option('--json', 'print them as JSON')
    .action(async (flags: { json?: boolean }) => {
      const { runList } = await import('./run-list.js');
      await runList(flags.json ?? false);
    });
}

function version(): string {
  const manifest: { version: string } = JSON.parse(
    readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
  );
  return manifest.version;
}
