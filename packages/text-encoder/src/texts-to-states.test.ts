import { loadEngine } from '@bipvl/engine';
import { evaluation, RandomStream } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { Bert } from './bert.js';
import { classTokens } from './pooling.js';
import { createTokenizer, type Tokenizer } from './tokenizer/tokenizer.js';
import { buildVocabulary } from './tokenizer/vocabulary.js';

const texts = ['Rounded tip in front.', 'Slender tail behind, curved.'];
let tokenizer: Tokenizer;
let bert: Bert;

/** The tokenizer's peer brings a native library of its own, which must live beside TensorFlow in one process. */
beforeAll(async () => {
  tokenizer = await createTokenizer(await buildVocabulary(texts, { maxTokens: 32 }));
  await loadEngine();
  const options = { vocabulary: tokenizer.vocabularySize, width: 32, layers: 4, heads: 4, positions: 32 };
  bert = new Bert({ ...options, stages: [1, 1, 1, 1] }, new RandomStream(1));
});

/** Class tokens [M, H] of the texts. */
function encode(...texts: string[]): number[][] {
  const { ids, mask, length } = tokenizer.encode(texts, { maxTokens: 32 });
  const shape: [number, number] = [texts.length, length];
  const [idTensor, maskTensor] = [tf.tensor2d(ids, shape, 'int32'), tf.tensor2d(mask, shape, 'int32')];
  return classTokens(bert.encode(idTensor, maskTensor, evaluation())).arraySync();
}

function distance(a: readonly number[] = [], b: readonly number[] = []): number {
  return Math.hypot(...a.map((value, i) => value - (b[i] ?? Number.NaN)));
}

describe('from texts to class tokens', () => {
  test('different texts have different class tokens, the same text the same', () => {
    const [front, behind, again] = encode(
      'Rounded tip in front.',
      'Slender tail behind, curved.',
      'rounded TIP in front .',
    );
    expect(distance(front, behind)).toBeGreaterThan(0.1);
    expect(distance(front, again)).toBeLessThan(1e-5);
  });

  test('blank texts are all alike and unlike any other', () => {
    const [blank, other, front] = encode('', '', 'Rounded tip in front.');
    expect(distance(blank, other)).toBe(0);
    expect(distance(blank, front)).toBeGreaterThan(0.1);
  });

  test('the order of words matters', () => {
    const [straight, reversed] = encode('tip in front', 'front in tip');
    expect(distance(straight, reversed)).toBeGreaterThan(1e-3);
  });
});
