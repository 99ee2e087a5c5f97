import type { ConceptSet } from '@bipvl/concepts';
import type { Recipe } from '@bipvl/preprocess';
import type { Tokenizer, TokenizerDefinition } from '@bipvl/text-encoder';
import type { Segmenter } from '../segmenter.js';

/** The files of a bundle by name: `segmenter.json`, `model.safetensors` and, for a text-guided segmenter, `concepts.json`. */
export type BundleFiles = ReadonlyMap<string, Uint8Array>;

/** The program that wrote a bundle. */
export interface Product {
  readonly name: string;
  readonly version: string;
}

/** What a segmenter was trained on, and how well it did on the validation cases. */
export interface TrainingFacts {
  /** Name, licence and citation of the dataset. */
  readonly dataset: string;
  readonly licence: string;
  readonly reference: string;
  readonly cases: { readonly train: number; readonly validation: number; readonly heldOut: number };
  readonly seed: number;
  readonly steps: number;
  /** Validation DSC (0 to 1) of the stored weights by class name; null where it is undefined. */
  readonly validationDsc: Readonly<Record<string, number | null>>;
}

/** What goes into a bundle. */
export interface BundleParts {
  readonly segmenter: Segmenter;
  /** How images are prepared before the segmenter sees them. */
  readonly recipe: Recipe;
  /** Name of each image channel, in order, such as `MRI`. */
  readonly modality: readonly string[];
  /** Null for a segmenter without text. */
  readonly conceptSet: ConceptSet | null;
  readonly tokenizer: TokenizerDefinition | null;
  readonly training: TrainingFacts;
  readonly product: Product;
}

/** What a bundle says about itself. */
export interface BundleFacts {
  readonly product: Product;
  readonly modality: readonly string[];
  readonly training: TrainingFacts;
  /** SHA-256 of the weights, 64 hexadecimal digits. */
  readonly weightsHash: string;
}

/** An opened bundle; the caller disposes `segmenter.network`. */
export interface Bundle {
  readonly segmenter: Segmenter;
  readonly recipe: Recipe;
  readonly conceptSet: ConceptSet | null;
  readonly tokenizer: Tokenizer | null;
  readonly about: BundleFacts;
}
