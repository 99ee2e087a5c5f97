import { type ErrorKind, NetworkError } from '@bipvl/nn';

/** What can go wrong between a hub and the disk. */
export type HubFault =
  | 'bad-hub'
  | 'bad-model-id'
  | 'model-not-found'
  | 'gated-model'
  | 'model-file-missing'
  | 'offline'
  | 'hub-unavailable'
  | 'wrong-hash'
  | 'write-failed';

/** Its class, and how to mend it. */
const faults: Readonly<Record<HubFault, readonly [ErrorKind, string]>> = {
  'bad-hub': ['usage', 'give an https URL (HF_ENDPOINT or the option `hub`), and a branch, tag or commit'],
  'bad-model-id': [
    'usage',
    'give the id of a model, such as emilyalsentzer/Bio_ClinicalBERT, or a folder that exists',
  ],
  'model-not-found': [
    'usage',
    'check the id and the revision; a private model can be downloaded by hand and given as a folder',
  ],
  'gated-model': ['usage', "accept the model's terms on the hub, download it there, and give its folder"],
  'model-file-missing': [
    'data',
    'choose a model with config.json, a WordPiece vocabulary, and safetensors or PyTorch weights',
  ],
  offline: ['resource', 'fetch the model once with a connection, or copy its folder here and give that'],
  'hub-unavailable': [
    'resource',
    'try again, what has come is kept; behind a firewall set HF_ENDPOINT to a mirror',
  ],
  'wrong-hash': ['data', 'try again; a proxy or mirror that changes files must be passed by'],
  'write-failed': ['resource', 'choose a cache folder that can be written to and has room (BIPVL_CACHE)'],
};

/** The error of that code; one line. */
export function hubFault(code: HubFault, message: string, cause?: unknown): NetworkError {
  const [kind, hint] = faults[code];
  return new NetworkError(code, message, { kind, hint, cause });
}

/** What a caught value says, with the reason that `fetch` hides in its cause. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
