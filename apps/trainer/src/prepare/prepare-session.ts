import { loadEngine } from '@bipvl/engine';
import { AdamW } from '@bipvl/nn';
import type { Dataset } from '@bipvl/preprocess';
import { createSegmenter, type Segmenter } from '@bipvl/segmenter';
import type { ResolvedConfig } from '../config/run-config.js';
import { CaseStore } from '../data/case-store.js';
import { checkCases } from '../data/check-cases.js';
import type { RunCases } from '../data/run-cases.js';
import type { TrainEvent } from '../loop/train-event.js';
import type { RunIdentity } from '../run-folder/checkpoint-file.js';
import { identify } from '../run-folder/identity.js';
import { type PreparedTexts, prepareTexts } from './prepare-texts.js';

export interface SessionInput {
  readonly config: ResolvedConfig;
  readonly dataset: Dataset;
  readonly cases: RunCases;
  readonly emit: (event: TrainEvent) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Everything that training needs, in memory. */
export interface SessionParts extends SessionInput {
  readonly texts: PreparedTexts | null;
  readonly segmenter: Segmenter;
  readonly optimiser: AdamW;
  readonly store: CaseStore;
  readonly identity: RunIdentity;
}

/** What takes no part in weight decay: the log variances of the losses. */
const withoutDecay = 'alignment.logVariances';

/**
 * Builds texts, network and optimiser, then checks and prepares the cases: what is quickly found wrong is found first.
 * Null where the signal ended it. Nothing is written.
 */
export async function prepareSession(input: SessionInput): Promise<SessionParts | null> {
  const { config } = input;
  const texts = await prepareTexts(config);
  await loadEngine();
  const read = texts === null ? {} : { texts: texts.inputs, vocabulary: texts.tokenizer.vocabularySize };
  const segmenter = createSegmenter(config.segmenter, { seed: config.seed, ...read });
  const { weightDecay } = config.optimiser;
  const optimiser = new AdamW(segmenter.network.parameters(), {
    weightDecay,
    noDecay: (name) => name === withoutDecay,
  });
  const dispose = () => disposeSession({ segmenter, optimiser });
  try {
    const store = await openCases(input);
    if (store === null) dispose();
    return (
      store && {
        ...input,
        texts,
        segmenter,
        optimiser,
        store,
        identity: await identityOf(input, store, texts),
      }
    );
  } catch (error) {
    dispose();
    throw error;
  }
}

/** Frees the tensors of a session. */
export function disposeSession({
  segmenter,
  optimiser,
}: Pick<SessionParts, 'segmenter' | 'optimiser'>): void {
  segmenter.network.dispose();
  optimiser.dispose();
}

/** The store of the checked cases; null where the signal ended it. */
async function openCases(input: SessionInput): Promise<CaseStore | null> {
  const { config, dataset, cases, emit, signal } = input;
  const allowed = [...cases.train, ...cases.validation];
  if (!(await checked(input, allowed))) return null;
  const store = await CaseStore.open(dataset, {
    allowed,
    recipe: config.recipe,
    labelIds: config.segmenter.labels.map(({ id }) => id),
    backgroundAbove: config.sampling.backgroundAbove,
    budgetMiB: config.memory.casesMiB,
    onProgress: (done, total) => emit({ type: 'progress', what: 'preparing cases', done, total }),
    signal,
  });
  return signal?.aborted ? null : store;
}

/** Checks the cases and tells what is worth a warning; false where the signal ended it. */
async function checked({ dataset, emit, signal }: SessionInput, cases: readonly string[]): Promise<boolean> {
  const onProgress = (done: number, total: number) => {
    emit({ type: 'progress', what: 'checking cases', done, total });
    if (signal?.aborted) throw signal.reason;
  };
  try {
    const warnings = await checkCases(dataset, { cases, onProgress });
    for (const { file, fault } of warnings) emit({ type: 'notice', message: `${file}: ${fault}` });
    return true;
  } catch (error) {
    if (signal?.aborted && error === signal.reason) return false;
    throw error;
  }
}

async function identityOf(
  { config, cases }: SessionInput,
  store: CaseStore,
  texts: PreparedTexts | null,
): Promise<RunIdentity> {
  return identify({
    config,
    splits: cases.splits,
    cases: store.hash(),
    conceptSet: texts?.conceptSet ?? null,
    tokenizerId: texts?.tokenizer.id ?? null,
  });
}
