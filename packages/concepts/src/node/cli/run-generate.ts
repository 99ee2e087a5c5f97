import { basename } from 'node:path';
import { ConceptError } from '../../errors.js';
import { dollarsFor, type Estimate } from '../../generation/estimate.js';
import { planGeneration } from '../../generation/plan.js';
import type { ConceptProvider } from '../../generation/provider.js';
import type { Modality } from '../../schema.js';
import { conceptCacheFolder } from '../cache-folder.js';
import { type GenerateOptions, type GenerateResult, generate } from '../generate.js';
import { fileProvider } from '../providers/file-provider.js';
import { openAiProvider } from '../providers/openai-provider.js';
import { confirmAtTerminal } from './confirm.js';
import { shellWord } from './shell-word.js';
import { today } from './today.js';
import { differenceLines, dollarText, estimateLine, findingLine } from './wording.js';

/** Options of the command `generate`, as given. */
export interface GenerateFlags {
  readonly modality: string;
  readonly classes: string;
  readonly labels?: string;
  readonly region?: string;
  readonly out: string;
  readonly name?: string;
  readonly dataset?: string;
  readonly model?: string;
  readonly provider: string;
  readonly reply?: string;
  readonly baseUrl?: string;
  readonly allowInsecureUrl?: boolean;
  readonly keyVariable?: string;
  readonly cache: boolean;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

/** The command `generate`. */
export async function runGenerate(flags: GenerateFlags): Promise<void> {
  const options = optionsOf(flags);
  if (flags.dryRun) return showPlan(options);
  const result = await generate(options);
  report(result, options);
}

function optionsOf(flags: GenerateFlags): GenerateOptions {
  const name = flags.name ?? basename(flags.out).replace(/\.json$/, '');
  const file = flags.provider === 'file';
  return {
    modality: modalityOf(flags.modality),
    classes: flags.classes.split(',').map((each) => each.trim()),
    labels: flags.labels?.split(',').map(labelOf),
    region: flags.region,
    name,
    dataset: flags.dataset ?? name,
    date: today(),
    model: flags.model ?? (file ? 'unknown' : 'gpt-4o'),
    provider: providerOf(flags),
    out: flags.out,
    cacheFolder: flags.cache ? conceptCacheFolder() : null,
    approve: (estimate) => approve(estimate, flags.yes ?? false),
    replace: async (difference) => {
      tell(...differenceLines(difference));
      return flags.yes ?? confirmAtTerminal(`Replace the texts of ${flags.out}?`);
    },
  };
}

async function approve(estimate: Estimate, yes: boolean): Promise<boolean> {
  tell(estimateLine(estimate));
  return yes || confirmAtTerminal('Send it?');
}

function modalityOf(given: string): Modality {
  const modality = given.toUpperCase();
  if (modality === 'CT' || modality === 'MR') return modality;
  throw usage(
    'unknown-modality',
    'the modality is neither CT nor MR',
    'Write --modality CT or --modality MR.',
  );
}

function labelOf(given: string): number {
  const label = Number(given.trim());
  if (Number.isInteger(label) && label > 0 && label <= 65_535) return label;
  throw usage(
    'invalid-label',
    'a label is no whole number from 1 to 65535',
    'Write e.g. --labels 500,600,420, one for each class.',
  );
}

function providerOf({ provider, reply, ...server }: GenerateFlags): ConceptProvider {
  if (provider === 'file') {
    if (reply !== undefined) return fileProvider(reply);
    throw usage(
      'no-reply',
      '--provider file needs a reply',
      "Add --reply FILE, a model's answer to --dry-run.",
    );
  }
  if (provider !== 'openai')
    throw usage('unknown-provider', 'the provider is neither openai nor file', 'Write --provider openai.');
  if (reply !== undefined)
    throw usage('reply-without-file', '--reply is for --provider file', 'Add --provider file.');
  return openAiProvider(server);
}

/** The request as it would be sent, on standard output, so that it can be put to any model by hand. */
function showPlan(options: GenerateOptions): void {
  const { request, estimate } = planGeneration(options, options.model, options.provider);
  const { model, messages, schema } = request;
  tell(estimateLine(estimate));
  process.stdout.write(`${JSON.stringify({ model, messages, schema }, null, 2)}\n`);
}

function report({ set, findings, cached }: GenerateResult, { out = '' }: GenerateOptions): void {
  const { usage: used } = set.provenance.generation ?? {};
  const dollars = used ? dollarsFor(set.provenance.model ?? '', used) : null;
  if (cached) tell('the reply was in the cache: nothing was sent');
  else if (used)
    tell(
      `used ${used.input} tokens in and ${used.output} out${dollars === null ? '' : `: ${dollarText(dollars)}`}`,
    );
  for (const finding of findings) process.stdout.write(`${findingLine(finding)}\n`);
  process.stdout.write(`wrote ${out}: ${set.classes.length} classes, ${findings.length} findings\n`);
  process.stdout.write(`next: bipvl-concepts review ${shellWord(out)} --reviewer 'YOUR NAME'\n`);
}

function tell(...lines: string[]): void {
  for (const line of lines) process.stderr.write(`${line}\n`);
}

function usage(code: string, message: string, hint: string): ConceptError {
  return new ConceptError(code, message, { kind: 'usage', hint });
}
