import {
  blankConceptSet,
  type ConceptSet,
  foreignConceptSet,
  loadConceptSet,
  shippedConceptSets,
  swapConceptSet,
} from '@bipvl/concepts';
import {
  type BiPVLSegConfig,
  type Bundle,
  type TextInputs,
  tokeniseConcepts,
  tokeniseTexts,
} from '@bipvl/segmenter';

/** Other texts for the same trained model, to see what its own do. */
export interface TextVariant {
  readonly key: string;
  readonly label: string;
  readonly explanation: string;
  readonly texts: TextInputs;
}

/** The texts of the classes exchanged, texts about other organs where a shipped set has enough of them, and no text at all. */
export function textVariants(bundle: Bundle): TextVariant[] {
  const { conceptSet, tokenizer, segmenter } = bundle;
  if (conceptSet === null || tokenizer === null || segmenter.config.method !== 'bipvl-seg') return [];
  const config: BiPVLSegConfig = segmenter.config;
  const read = (set: ConceptSet) => tokeniseConcepts(set, config.labels, tokenizer, config.text);
  const classes = conceptSet.classes.length;
  const order = conceptSet.classes.map((_, index) => (index + 1) % classes);
  const blank = tokeniseTexts(blankConceptSet(conceptSet), tokenizer, config.text);
  return [
    {
      key: 'swapped_texts',
      label: 'swapped texts',
      explanation:
        'The same model reads the texts of its classes in another order. Fusion sees the classes as a set without numbers, so this must change nothing: only training ties a text to its class.',
      texts: read(swapConceptSet(conceptSet, order)),
    },
    ...foreignVariant(conceptSet, read),
    {
      key: 'blank_texts',
      label: 'blank texts',
      explanation: 'The same model reads an empty sentence for every class.',
      texts: { ...blank, duplicates: [] },
    },
  ];
}

function foreignVariant(set: ConceptSet, read: (set: ConceptSet) => TextInputs): TextVariant[] {
  const others = shippedConceptSets.filter((name) => name !== set.name).map(loadConceptSet);
  const other = others.find(({ classes }) => classes.length >= set.classes.length);
  if (other === undefined) return [];
  const names = other.classes.slice(0, set.classes.length).map(({ name }) => name);
  return [
    {
      key: 'foreign_texts',
      label: 'texts of other organs',
      explanation: `The same model reads what is said of ${names.join(' and ')}.`,
      texts: read(foreignConceptSet(set, other)),
    },
  ];
}
