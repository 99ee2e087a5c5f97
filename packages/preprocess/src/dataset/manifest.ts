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
  /** Ending of the image and label files. */
  readonly fileEnding: string;
  /** Image and label paths relative to the folder; undefined where the manifest leaves them to the folder's listing. */
  readonly training?: readonly ManifestCase[];
}

/** Paths of one training case, relative to the dataset folder. */
export interface ManifestCase {
  readonly image: string;
  readonly label?: string | undefined;
}

const text = z.string().default('');
const id = z.coerce.number().int().min(0).max(65535);

/** Decathlon: id to name. */
const namesById = z.record(z.string(), z.string()).transform((record, context) => {
  return Object.entries(record).map(([key, name]) => ({ id: toId(key, context), name }));
});

/** nnU-Net: name to id. Lists of ids (overlapping regions) are refused by type. */
const idsByName = z
  .record(
    z.string(),
    z.int({ error: 'a class must be one whole number; overlapping regions are not read' }).min(0),
  )
  .transform((record) => Object.entries(record).map(([name, value]) => ({ id: value, name })));

const labels = z
  .union([idsByName, namesById])
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
  file_ending: z.enum(['.nii.gz', '.nii']).default('.nii.gz'),
  training: z.array(z.looseObject({ image: z.string(), label: z.string().optional() })).optional(),
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
  fileEnding: file.file_ending,
  ...(file.training === undefined ? {} : { training: file.training }),
}));

function toId(key: string, context: z.RefinementCtx): number {
  const parsed = id.safeParse(key);
  if (parsed.success) return parsed.data;
  context.addIssue({
    code: 'custom',
    message: `label id ${JSON.stringify(key)} is not a whole number from 0 to 65535`,
  });
  return z.NEVER;
}
