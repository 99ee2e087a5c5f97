import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = '.github/workflows';
const pinnedAction = /^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;

/** Workflows that cannot be turned against a release: pinned actions, no rights by default, no fork code with our rights. */
export async function workflows(root) {
  return readdirSync(join(root, folder)).flatMap((name) =>
    faultsOf(readFileSync(join(root, folder, name), 'utf8'), name).map(
      (fault) => `${folder}/${name}: ${fault}`,
    ),
  );
}

function faultsOf(text, name) {
  const actions = [...text.matchAll(/\buses:\s*(.+)$/gm)].map(([, action]) => action.trim());
  const checkouts = actions.filter((action) => action.startsWith('actions/checkout@')).length;
  const credentialFree = [...text.matchAll(/persist-credentials: false/g)].length;
  return [
    ...actions
      .filter((action) => !action.startsWith('./') && !pinnedAction.test(action))
      .map((action) => `${action} must be pinned to a commit, with its version as comment`),
    ...(/^permissions: \{\}$/m.test(text) ? [] : ['top-level `permissions: {}` is missing']),
    ...(text.includes('pull_request_target') ? ['pull_request_target is banned'] : []),
    ...(checkouts > credentialFree ? ['every checkout needs `persist-credentials: false`'] : []),
    ...[...text.matchAll(/run:.*\$\{\{\s*github\.(?:event|head_ref)/g)].map(
      ([line]) => `expression in a script: ${line}`,
    ),
    ...(name === 'release.yml' ? releaseFaults(text, actions) : []),
  ];
}

function releaseFaults(text, actions) {
  const jobs = text
    .slice(text.indexOf('\njobs:'))
    .split(/^ {2}(?=[\w-]+:$)/m)
    .slice(1);
  const trusted = jobs.filter((job) => job.includes('id-token: write'));
  const isPublishOnly = trusted.length === 1 && trusted[0].startsWith('publish:');
  return [
    ...(isPublishOnly ? [] : ['the job `publish`, and no other, must have `id-token: write`']),
    ...(trusted.every((job) => /^ {4}environment:/m.test(job))
      ? []
      : ['publish must run in a protected environment']),
    ...(actions.some((action) => action.includes('cache')) ? ['a release uses no cache'] : []),
    ...(text.includes('setup-node@') && !text.includes('package-manager-cache: false')
      ? ['setup-node must not cache']
      : []),
    ...(/npm (?:ci|install)(?!.*--ignore-scripts)/.test(text)
      ? ['npm must install with --ignore-scripts']
      : []),
  ];
}
