import type { ConceptSet } from '@bipvl/concepts';
import type { StoredTensor } from '@bipvl/nn';
import type { TextInputs } from '@bipvl/segmenter';
import type { TokenizerDefinition } from '@bipvl/text-encoder';

/** What a text-guided method reads, and what its bundle needs to read it again. */
export interface PreparedTexts {
  readonly conceptSet: ConceptSet;
  /** Null where no words are read, but vectors. */
  readonly definition: TokenizerDefinition | null;
  /** SHA-256 of what turns texts into ids: the tokenizer, or the sentence encoder. */
  readonly tokenizerId: string;
  /** How many ids there are. */
  readonly vocabulary: number;
  readonly inputs: TextInputs;
  /** Reads the published weights that the text encoder begins with; null where it begins with random ones. */
  readonly readWeights: (() => Promise<ReadonlyMap<string, StoredTensor>>) | null;
  /** Says which published weights and which tokenizer the text encoder has; null where it has none, or reads vectors. */
  readonly encoderId: string | null;
  /** What a user should know of the texts. */
  readonly notices: readonly string[];
}

/** What follows from the texts and from what reads them. */
export type ReadTexts = Omit<PreparedTexts, 'conceptSet' | 'notices'>;
