import { NetworkError } from '@bipvl/nn';
import { checkRefusals, checkShapes } from './check-shapes.js';
import { checkInfluence, checkSites } from './check-sites.js';
import { checkDeterminism, checkMeetingGradients, checkMemory, checkParameters } from './check-training.js';
import { checkBatches, checkRoundTrip, checkWeights } from './check-weights.js';
import { type BackboneClaim, type CreateBackbone, Subject } from './subject.js';

/** One thing that was proved. */
export interface ProofResult {
  readonly name: string;
  /** What was found wrong; empty where it holds. */
  readonly problems: readonly string[];
}

const checks: readonly (readonly [name: string, check: (subject: Subject) => Promise<string[]>])[] = [
  ['logits have the size of the image', checkShapes],
  ['what does not fit is refused by a typed error', checkRefusals],
  ['sites are met as published', checkSites],
  ['a change at any site reaches the logits', checkInfluence],
  ['gradients flow through every site', checkMeetingGradients],
  ['every parameter is reachable and gets a gradient', checkParameters],
  ['no tensor is left behind', checkMemory],
  ['the same input gives the same output', checkDeterminism],
  ['a batch of two is two single runs', checkBatches],
  ['weights come from the random stream alone', checkWeights],
  ['saved and loaded it is the same network', checkRoundTrip],
];

/**
 * Proves that a backbone keeps the promises of `Backbone` and `Encoder`, on the TensorFlow.js backend in use; needs no test framework.
 * Give a small form of it and small sides: some passes take gradients.
 * @returns what was proved, a result a promise
 * @throws NetworkError `backbone-unproven` listing everything that does not hold, or `backbone-claim` for a claim that says nothing
 */
export async function proveBackbone(create: CreateBackbone, claim: BackboneClaim): Promise<ProofResult[]> {
  const subject = new Subject(create, claim);
  const results: ProofResult[] = [];
  for (const [name, check] of checks) results.push({ name, problems: await attempt(check, subject) });
  const failed = results.filter(({ problems }) => problems.length > 0);
  if (failed.length > 0) throw unproven(failed);
  return results;
}

/** What a check throws is one more thing that does not hold. */
async function attempt(check: (subject: Subject) => Promise<string[]>, subject: Subject): Promise<string[]> {
  try {
    return await check(subject);
  } catch (error) {
    return [String(error).replaceAll(/\s+/g, ' ')];
  }
}

function unproven(failed: readonly ProofResult[]): NetworkError {
  const listed = failed.map(({ name, problems }) => `not so: ${name} (${shortened(problems).join('; ')})`);
  return new NetworkError(
    'backbone-unproven',
    `${failed.length} of ${checks.length} promises of the backbone do not hold: ${listed.join('. ')}`,
    {
      kind: 'internal',
      hint: 'see the interfaces Encoder, Decoder and Head, and the example in CONTRIBUTING.md',
    },
  );
}

function shortened(problems: readonly string[]): readonly string[] {
  return problems.length <= 5 ? problems : [...problems.slice(0, 5), `and ${problems.length - 5} more`];
}
