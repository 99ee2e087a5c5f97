import type { SegmenterConfig, TextConfig } from '@bipvl/segmenter';
import { divideLayers } from '@bipvl/text-encoder';
import { type BertSizes, type HubOptions, readPretrained } from '@bipvl/text-encoder/node';
import type { ResolvedConfig } from '../config/run-config.js';
import { openSentences } from './prepare-sentences.js';

/** How a model is fetched: who hears of it, and who may end it. */
export type Fetching = Pick<HubOptions, 'onProgress' | 'signal'>;

/** A configuration with the sizes of its published text encoder, and what a user should know of the change. */
export interface ResolvedText {
  readonly config: ResolvedConfig;
  readonly notices: readonly string[];
}

/**
 * Fetches the model that `text.pretrained` names, where it does and the cache has not got it, and takes its sizes over: whatever the
 * configuration says of them, they are the model's. Stages that do not hold its layers are divided anew, as many as before.
 * @throws NetworkError of `readPretrained` in @bipvl/text-encoder/node
 */
export async function resolveText(config: ResolvedConfig, fetching: Fetching = {}): Promise<ResolvedText> {
  const { segmenter } = config;
  if (segmenter.method === 'vision-only' || segmenter.text.pretrained === null)
    return { config, notices: [] };
  const text = { ...segmenter.text, ...(await sizesOf(segmenter.text, segmenter.text.pretrained, fetching)) };
  return { config: { ...config, segmenter: { ...segmenter, text } }, notices: changes(segmenter, text) };
}

async function sizesOf(
  text: TextConfig,
  pretrained: string,
  fetching: Fetching,
): Promise<Partial<TextConfig>> {
  if (text.encoder === 'sentences') return { width: (await openSentences(pretrained, fetching)).width };
  const { sizes } = await readPretrained(pretrained, fetching);
  return { ...sizes, stages: stagesFor(text, sizes) };
}

function stagesFor({ stages }: TextConfig, { layers }: BertSizes): number[] {
  const divided = stages.reduce((sum, count) => sum + count, 0);
  return divided === layers ? stages : [...divideLayers(layers, stages.length)];
}

function changes(
  { text: before }: Extract<SegmenterConfig, { text: TextConfig }>,
  after: TextConfig,
): string[] {
  const keys = Object.keys(after) as (keyof TextConfig)[];
  const changed = keys.filter((key) => JSON.stringify(after[key]) !== JSON.stringify(before[key]));
  if (changed.length === 0) return [];
  const values = changed.map((key) => `${key} ${JSON.stringify(after[key])}`).join(', ');
  return [`text encoder: ${after.pretrained} has ${values}, which replaces what segmenter.text says`];
}
