import { join } from 'node:path';
import { cacheFolder, loadEngine } from '@bipvl/engine';
import { AdamW } from '@bipvl/nn';
import type { Dataset } from '@bipvl/preprocess';
import type { PatchLoader } from '@bipvl/preprocess/node';
import { createSegmenter, rememberTexts, type Segmenter, type SegmenterResources } from '@bipvl/segmenter';
import { tensorFolder } from '@bipvl/text-encoder/node';
import type { ResolvedConfig } from '../config/run-config.js';
import { checkCases } from '../data/check-cases.js';
import { openCases } from '../data/open-cases.js';
import type { RunCases } from '../data/run-cases.js';
import type { ProgressEvent, TrainEvent } from '../loop/train-event.js';
import type { RunIdentity } from '../run-folder/checkpoint-file.js';
import { identify } from '../run-folder/identity.js';
import { prepareTexts } from './prepare-texts.js';
import type { PreparedTexts } from './prepared-texts.js';

export interface SessionInput {
  readonly config: ResolvedConfig;
  readonly dataset: Dataset;
  readonly cases: RunCases;
  /** What is worth knowing of the configuration; told once nothing stands in the way of the run. */
  readonly notices: readonly string[];
  /** Where prepared cases are kept. */
  readonly cacheFolder: string;
  readonly emit: (event: TrainEvent) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Everything that training needs. */
export interface SessionParts extends SessionInput {
  readonly texts: PreparedTexts | null;
  readonly segmenter: Segmenter;
  readonly optimiser: AdamW;
  readonly loader: PatchLoader;
  readonly identity: RunIdentity;
}

/** What takes no part in weight decay: the log variances of the losses. */
const withoutDecay = 'alignment.logVariances';

/**
 * Builds texts, network and optimiser, then checks and prepares the cases: what is quickly found wrong is found first.
 * Null where the signal ended it. Nothing is written but prepared cases, into the cache.
 */
export async function prepareSession(input: SessionInput): Promise<SessionParts | null> {
  const { config } = input;
  const texts = await prepareTexts(config);
  await loadEngine();
  const segmenter = createSegmenter(config.segmenter, { seed: config.seed, ...(await resourcesOf(texts)) });
  const { weightDecay } = config.optimiser;
  const optimiser = new AdamW(segmenter.network.parameters(), {
    weightDecay,
    noDecay: (name) => name === withoutDecay,
  });
  let loader: PatchLoader | undefined;
  try {
    await rememberStates(segmenter, texts);
    loader = await openCheckedCases(input);
    const identity = await identityOf(input, loader, texts);
    for (const message of [...input.notices, ...(texts?.notices ?? [])])
      input.emit({ type: 'notice', message });
    return { ...input, texts, segmenter, optimiser, loader, identity };
  } catch (error) {
    await closeSession({ segmenter, optimiser, ...(loader && { loader }) });
    if (input.signal?.aborted && error === input.signal.reason) return null;
    throw error;
  }
}

/** What a frozen text encoder makes of the texts is computed once a model, and found in the user's cache by later runs. */
async function rememberStates(segmenter: Segmenter, texts: PreparedTexts | null): Promise<void> {
  const encoderId = texts?.encoderId ?? null;
  if (encoderId === null) return;
  await rememberTexts(segmenter, { encoderId, store: tensorFolder(join(cacheFolder(), 'states')) });
}

async function resourcesOf(texts: PreparedTexts | null): Promise<Omit<SegmenterResources, 'seed'>> {
  if (texts === null) return {};
  const read = { texts: texts.inputs, vocabulary: texts.vocabulary };
  return texts.readWeights === null ? read : { ...read, textWeights: await texts.readWeights() };
}

/** Frees the tensors of a session and ends its threads. */
export async function closeSession({
  segmenter,
  optimiser,
  loader,
}: Pick<SessionParts, 'segmenter' | 'optimiser'> & Partial<Pick<SessionParts, 'loader'>>): Promise<void> {
  segmenter.network.dispose();
  optimiser.dispose();
  await loader?.close();
}

/** Checks the cases, tells what is worth a warning, and opens them. @throws the signal's reason where it ended it. */
async function openCheckedCases(input: SessionInput): Promise<PatchLoader> {
  const { config, dataset, cases, cacheFolder, emit, signal } = input;
  const progress = (what: ProgressEvent['what']) => (done: number, total: number) => {
    emit({ type: 'progress', what, done, total });
    signal?.throwIfAborted();
  };
  const notice = (message: string) => emit({ type: 'notice', message });
  const checked = [...cases.train, ...cases.validation];
  const warnings = await checkCases(dataset, {
    cases: checked,
    cacheFolder: join(cacheFolder, 'check'),
    onProgress: progress('checking cases'),
  });
  for (const { file, fault } of warnings) notice(`${file}: ${fault}`);
  const onProgress = progress('preparing cases');
  return openCases(dataset, { config, cases, cacheFolder, onProgress, onNotice: notice, signal });
}

async function identityOf(
  { config, cases }: SessionInput,
  loader: PatchLoader,
  texts: PreparedTexts | null,
): Promise<RunIdentity> {
  return identify({
    config,
    splits: cases.splits,
    cases: loader.digest(),
    conceptSet: texts?.conceptSet ?? null,
    tokenizerId: texts?.tokenizerId ?? null,
  });
}
