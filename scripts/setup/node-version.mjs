import { StepFailure } from './step-failure.mjs';

const oldest = 20;

/** Refuses a Node that the packages do not run on. */
export async function nodeVersion() {
  const version = process.versions.node;
  if (Number.parseInt(version, 10) >= oldest) return version;
  throw new StepFailure(`Node ${version} is too old, expected ${oldest} or later`, {
    mend: `install Node ${oldest} or later (with nvm: \`nvm install\` in the repository)`,
  });
}
