import { EvaluatorError } from '../errors.js';
import { listMaskFiles } from '../files/mask-files.js';
import { caseNameOf } from '../files/volume-files.js';

/** A predicted mask and the reference of the same name. */
export interface MatchedFiles {
  readonly caseId: string;
  readonly prediction: string;
  readonly reference: string;
}

/** Pairs, and the references that no prediction was made for. */
export interface Matches {
  readonly matched: readonly MatchedFiles[];
  readonly withoutPrediction: readonly string[];
}

/**
 * Pairs the masks of two folders by file name, endings left aside. The predictions decide which cases count.
 * @throws EvaluatorError `no-reference` for a prediction without one, `same-name` for two files of one name in a folder.
 */
export async function matchFiles(predictions: string, references: string): Promise<Matches> {
  const predicted = byName(await listMaskFiles(predictions));
  const known = byName(await listMaskFiles(references));
  const matched = [...predicted].map(([caseId, prediction]) => {
    const reference = known.get(caseId);
    if (reference === undefined) throw withoutReference(prediction, references);
    return { caseId, prediction, reference };
  });
  const withoutPrediction = [...known].flatMap(([caseId, path]) => (predicted.has(caseId) ? [] : [path]));
  return { matched, withoutPrediction };
}

function byName(paths: readonly string[]): Map<string, string> {
  const files = new Map<string, string>();
  for (const path of paths) {
    const name = caseNameOf(path);
    const other = files.get(name);
    if (other !== undefined) {
      throw new EvaluatorError('same-name', `${other} and ${path} are one case`, {
        kind: 'data',
        hint: 'keep one of the two files in the folder',
      });
    }
    files.set(name, path);
  }
  return files;
}

function withoutReference(prediction: string, references: string): EvaluatorError {
  return new EvaluatorError(
    'no-reference',
    `${prediction}: has no reference of the same name in ${references}`,
    {
      kind: 'data',
      hint: 'add the reference, or take the prediction out of its folder',
    },
  );
}
