import { z } from 'zod';

/** A class of a dataset; id 0 is the background. */
export interface DatasetLabel {
  readonly id: number;
  readonly name: string;
}

/** What `dataset.json` says, in one form for the Decathlon's and nnU-Net's spelling. */
export interface Manifest {
  readonly name: string;
  readonly description: string;
  readonly reference: string;
  readonly licence: string;
  readonly release: string;
  readonly tensorImageSize: string;
  /** Name of each input channel, in order. */
  readonly modality: readonly string[];
  /** Classes in the order of their ids, the background included. */
  readonly labels: readonly DatasetLabel[];
  /** Number of training cases as the manifest states it. */
  readonly numTraining?: number;
  /** Ending of the image and label files. */
  readonly fileEnding: string;
  /** Image and label paths relative to the folder; undefined where the manifest leaves them to the folder's listing. */
  readonly training?: readonly ManifestCase[];
  /** The list of AMOS22's validation cases; other datasets have none. */
  readonly validation?: readonly ManifestCase[];
}

/** Paths of one case, relative to the dataset folder. */
export interface ManifestCase {
  readonly image: string;
  readonly label?: string | undefined;
}

const text = z.string().default('');
const LARGEST_ID = 65535;

/** The Decathlon maps id to name, nnU-Net name to id. Lists of ids, nnU-Net's overlapping regions, are refused. */
const labels = z
  .record(z.string(), z.unknown())
  .transform((record, context) => Object.entries(record).map(([key, value]) => toLabel(key, value, context)))
  .transform((list) => list.sort((a, b) => a.id - b.id))
  .refine((list) => list[0]?.id === 0, { message: 'label 0, the background, is missing' })
  .refine((list) => new Set(list.map((label) => label.id)).size === list.length, {
    message: 'two labels share one id',
  })
  .refine((list) => list.length > 1, { message: 'there is no class beside the background' });

const channels = z.record(z.string(), z.string()).transform((record) =>
  Object.keys(record)
    .sort((a, b) => Number(a) - Number(b))
    .map((key) => record[key] ?? ''),
);

const cases = z.array(z.looseObject({ image: z.string(), label: z.string().optional() }));

const raw = z.looseObject({
  name: text,
  description: text,
  reference: text,
  licence: text,
  license: text,
  release: text,
  tensorImageSize: text,
  modality: channels.optional(),
  channel_names: channels.optional(),
  labels,
  numTraining: z.number().optional().catch(undefined),
  file_ending: z.enum(['.nii.gz', '.nii']).default('.nii.gz'),
  training: cases.optional(),
  // Only AMOS22's form counts: other tools keep other things under this name.
  validation: cases.optional().catch(undefined),
});

/** Reads either spelling of `dataset.json`; keys it does not know are left alone, as tools add their own. */
export const manifestSchema: z.ZodType<Manifest> = raw.transform((file) => ({
  name: file.name,
  description: file.description,
  reference: file.reference,
  licence: file.licence || file.license,
  release: file.release,
  tensorImageSize: file.tensorImageSize,
  modality: file.modality ?? file.channel_names ?? [],
  labels: file.labels,
  ...(file.numTraining === undefined ? {} : { numTraining: file.numTraining }),
  fileEnding: file.file_ending,
  ...(file.training === undefined ? {} : { training: file.training }),
  ...(file.validation === undefined ? {} : { validation: file.validation }),
}));

function toLabel(key: string, value: unknown, context: z.RefinementCtx): DatasetLabel {
  const label = typeof value === 'string' ? { id: Number(key), name: value } : { id: value, name: key };
  const { id, name } = label;
  if (typeof id === 'number' && Number.isInteger(id) && id >= 0 && id <= LARGEST_ID) return { id, name };
  const shown = `${JSON.stringify(key)}: ${JSON.stringify(value)}`;
  const message = `${shown} is no class: expected "id": "name" or "name": id, with one whole number from 0 to ${LARGEST_ID}`;
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}
