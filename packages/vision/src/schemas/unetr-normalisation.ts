import { normalisation } from './parts.js';

/** The normalisation of Swin UNETR's and UNETR's convolutions. */
export const unetrNormalisation: typeof normalisation = normalisation.default('instance');
