import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runCaptured } from './run-captured.mjs';
import { StepFailure } from './step-failure.mjs';

/** Compiles all packages and apps, unless no source has changed since the last time. */
export async function build(root) {
  const stamp = join(root, 'node_modules', '.cache', 'bipvl', 'build');
  const projects = projectFolders(root);
  const sources = hashSources(root, projects);
  if (isBuilt(root, projects) && existsSync(stamp) && readFileSync(stamp, 'utf8') === sources)
    return 'already built';
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status, output } = await runCaptured(process.execPath, [compiler, '-b'], { cwd: root });
  if (status !== 0) {
    throw new StepFailure('tsc -b failed', {
      output,
      exitCode: 1,
      mend: 'mend the first error above, then run again',
    });
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, sources);
  return 'built';
}

function projectFolders(root) {
  const { references } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'));
  return references.map(({ path }) => path);
}

function isBuilt(root, projects) {
  return projects.every((project) => existsSync(join(root, project, 'dist', '.tsbuildinfo')));
}

/** One hash of everything that decides what the compiler writes. */
function hashSources(root, projects) {
  const hash = createHash('sha256');
  const settings = ['tsconfig.json', 'tsconfig.base.json', 'package-lock.json'];
  const own = projects.flatMap((project) => [
    join(project, 'package.json'),
    join(project, 'tsconfig.json'),
    ...sourceFiles(root, join(project, 'src')),
  ]);
  for (const file of [...settings, ...own])
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  return hash.digest('hex');
}

function sourceFiles(root, folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|json)$/.test(entry.name) && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length))
    .sort();
}
