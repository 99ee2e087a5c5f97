import { type CasesEvaluation, evaluateCases, type NamedPredictor } from '@bipvl/evaluator';
import type { CaseFiles } from '@bipvl/preprocess';
import type { Bundle } from '@bipvl/segmenter';
import { readBundle } from '@bipvl/segmenter/node';
import { textVariants } from './text-variants.js';

/** A model or a variant of it, as the tables name it. */
export interface Contender {
  readonly key: string;
  readonly label: string;
  readonly explanation: string;
}

/** The held-out scores of everything that is compared; the first contender is the trained model itself. */
export interface DemoEvaluation extends CasesEvaluation {
  readonly contenders: readonly [Contender, ...Contender[]];
  readonly withText: Bundle;
  /** Trainable numbers of either model. */
  readonly parameters: { readonly withText: number; readonly noText: number };
}

export interface EvaluateDemoOptions {
  readonly bundle: string;
  readonly noTextBundle: string;
  readonly cases: readonly CaseFiles[];
  readonly overlap: number;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

const trained: Contender = {
  key: 'trained',
  label: 'BiPVL-Seg, its own texts',
  explanation: 'The trained model with the texts that it was trained with.',
};

const noText: Contender = {
  key: 'no_text',
  label: 'UNet without text',
  explanation: 'The same backbone alone, trained for as many steps on the same cases.',
};

/** Opens every held-out case once and lets each contender predict it. */
export async function evaluateDemo(options: EvaluateDemoOptions): Promise<DemoEvaluation> {
  const [withText, without] = [await readBundle(options.bundle), await readBundle(options.noTextBundle)];
  const variants = textVariants(withText);
  const predictors: [NamedPredictor, ...NamedPredictor[]] = [
    named(trained.key, withText),
    ...variants.map(({ key, texts }) => named(key, withText, texts)),
    named(noText.key, without),
  ];
  try {
    const evaluation = await evaluateCases({
      cases: options.cases,
      predictors,
      overlap: options.overlap,
      onProgress: ({ done, total }) => {
        options.signal.throwIfAborted();
        options.onProgress(done, total);
      },
    });
    const parameters = {
      withText: withText.segmenter.network.parameterCount(),
      noText: without.segmenter.network.parameterCount(),
    };
    return {
      ...evaluation,
      contenders: [trained, ...variants, noText],
      withText,
      parameters,
    };
  } finally {
    for (const { predictor } of predictors) predictor.dispose();
    withText.segmenter.network.dispose();
    without.segmenter.network.dispose();
  }
}

function named(
  key: string,
  { segmenter, recipe }: Bundle,
  texts?: Parameters<Bundle['segmenter']['openPredictor']>[0],
): NamedPredictor {
  return { key, predictor: segmenter.openPredictor(texts), recipe, config: segmenter.config };
}
