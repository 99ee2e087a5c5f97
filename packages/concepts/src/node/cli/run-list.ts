import { list } from '../list.js';
import { reviewWords } from './wording.js';

/** The command `list`. */
export async function runList(json: boolean): Promise<void> {
  const sets = await list();
  const lines = sets.map(
    ({ name, modality, classes, review }) =>
      `${name}: ${modality}, ${classes.length} classes, ${reviewWords[review]}: ${classes.join(', ')}`,
  );
  process.stdout.write(`${json ? JSON.stringify(sets, null, 2) : lines.join('\n')}\n`);
}
