import { type ObservedFile, observeVolume, type VolumeFacts } from '../dataset/volume-facts.js';
import { voxelHash } from './content-hash.js';
import { hasScaling } from './header-scaling.js';
import { readVolume } from './read-volume.js';

/** Reads one file and keeps what the check needs to know of it. Throws as `readVolume`. */
export async function observeFile(path: string, kind: ObservedFile['kind']): Promise<VolumeFacts> {
  const remarks: string[] = [];
  const onWarning = (message: string) => remarks.push(message.replace(`${path}: `, ''));
  const volume = await readVolume(path, { onWarning });
  const scaled = kind === 'label' && (await hasScaling(path));
  return observeVolume(volume, { kind, scaled, remarks, digest: voxelHash(volume) });
}
