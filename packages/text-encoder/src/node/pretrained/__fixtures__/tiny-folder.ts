import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A BERT of random weights, saved by PyTorch, and what PyTorch computes with it. */
interface TinyBert {
  readonly config: Readonly<Record<string, unknown>> & { readonly num_hidden_layers: number };
  readonly ids: number[][];
  readonly mask: number[][];
  /** Every token of every text, [12][8]. */
  readonly lastHidden: number[][];
  /** [3][8]. */
  readonly meanPooled: number[][];
  /** `pytorch_model.bin`, base64. */
  readonly pytorchModel: string;
}

export const tiny: TinyBert = JSON.parse(readFileSync(new URL('tiny-bert.json', import.meta.url), 'utf8'));

/** A cased vocabulary of as many tokens as the tiny BERT has words. */
const tinyVocabulary: readonly string[] = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'Tip', 'tip', 'of', 'the', 'tail', '##s', '.'];

/** The files of the tiny BERT as the hub would have them: configuration, bare vocabulary, PyTorch weights. */
export function tinyFiles(): Map<string, Uint8Array> {
  const text = (value: string) => new TextEncoder().encode(value);
  return new Map([
    ['config.json', text(JSON.stringify(tiny.config))],
    ['vocab.txt', text(`${tinyVocabulary.join('\n')}\n`)],
    ['pytorch_model.bin', new Uint8Array(Buffer.from(tiny.pytorchModel, 'base64'))],
  ]);
}

/** Writes them to a new folder, but for those that are replaced, or left out by undefined. */
export async function tinyFolder(changes: Readonly<Record<string, string | Uint8Array | undefined>> = {}): Promise<string> {
  const folder = join(await mkdtemp(join(tmpdir(), 'bipvl bert ')), 'tiny');
  await mkdir(folder);
  for (const [name, contents] of Object.entries({ ...Object.fromEntries(tinyFiles()), ...changes })) {
    if (contents !== undefined) await writeFile(join(folder, name), contents);
  }
  return folder;
}
