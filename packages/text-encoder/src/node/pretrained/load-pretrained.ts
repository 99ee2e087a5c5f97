import { assignCheckpoint, RandomStream } from '@bipvl/nn';
import { Bert, type BertOptions } from '../../bert.js';
import { huggingFaceBert, leftOutByBert } from '../../checkpoints/hugging-face-bert.js';
import { divideLayers, type StageDivision } from '../../stage-division.js';
import {
  type PretrainedFiles,
  type ReadPretrainedOptions,
  readPretrained,
  readWeights,
} from './read-pretrained.js';

export interface LoadPretrainedOptions extends ReadPretrainedOptions {
  /** Layers of each stage. Default: half of them in the first of four, [6, 2, 2, 2] of twelve. */
  readonly stages?: StageDivision;
  /** Default: the rate in the model's `config.json`. */
  readonly dropout?: number;
}

/** A published BERT, ready to run. */
export interface Pretrained extends PretrainedFiles {
  /** The caller disposes it. */
  readonly bert: Bert;
  /** Tensors of the checkpoint that the encoder does without, by name: pooler, heads of pre-training, position numbers. */
  readonly leftOut: readonly string[];
}

/**
 * Loads a BERT with its published weights and tokenizer, on the backend in use: a folder, or the id of a model on the hub such as
 * 'emilyalsentzer/Bio_ClinicalBERT', 'dmis-lab/biobert-v1.1' or 'microsoft/BiomedNLP-BiomedBERT-base-uncased-abstract'.
 * @throws NetworkError `state-mismatch` naming every tensor of the encoder that the checkpoint lacks, and every one that is neither the
 * encoder's nor a known head's; `stage-division`; and those of `readPretrained` and `readCheckpoint`.
 */
export async function loadPretrained(
  source: string,
  options: LoadPretrainedOptions = {},
): Promise<Pretrained> {
  const { stages, dropout, ...reading } = options;
  const files = await readPretrained(source, reading);
  const weights = await readWeights(files);
  const sizes: BertOptions = { ...files.sizes, stages: stages ?? divideLayers(files.sizes.layers, 4) };
  const bert = new Bert({ ...sizes, ...(dropout !== undefined && { dropout }) }, new RandomStream(0));
  try {
    assignCheckpoint(bert, weights, { table: huggingFaceBert });
  } catch (error) {
    bert.dispose();
    throw error;
  }
  return { ...files, bert, leftOut: leftOutByBert(weights.keys()) };
}
