import { describeReview } from '../../review-state.js';
import { list } from '../list.js';

/** The command `list`. */
export async function runList(json: boolean): Promise<void> {
  const sets = await list();
  const lines = sets.map(
    ({ name, modality, classes, review }) =>
      `${name}: ${modality}, ${classes.length} classes, ${describeReview(review)}: ${classes.join(', ')}`,
  );
  process.stdout.write(`${json ? JSON.stringify(sets, null, 2) : lines.join('\n')}\n`);
}
