import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

// A repository in small: the real scripts, one package, and stand-ins for npm, the compiler and the engine.
let root: string;

const lockFile = { packages: { '': {}, 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' } } };
const npm = `const fs = require('node:fs'); const [verb, ...rest] = process.argv.slice(2);
  if (fs.existsSync('offline')) { console.error('npm warn noise\\nnpm error network request failed'); process.exit(1); }
  fs.mkdirSync('node_modules', { recursive: true });
  fs.copyFileSync('package-lock.json', 'node_modules/.package-lock.json');
  fs.mkdirSync('node_modules/typescript/bin', { recursive: true });
  fs.copyFileSync('fake-tsc.js', 'node_modules/typescript/bin/tsc');
  fs.appendFileSync('npm.log', [verb, ...rest].join(' ') + '\\n');`;
const compiler = `const fs = require('node:fs');
  const source = fs.readFileSync('packages/engine/src/index.ts', 'utf8');
  if (source.includes('wrong')) { console.log('src/index.ts(1,1): error TS1: wrong'); process.exit(2); }
  fs.mkdirSync('packages/engine/dist', { recursive: true });
  fs.writeFileSync('packages/engine/dist/.tsbuildinfo', '{}');
  fs.copyFileSync('fake-install.mjs', 'packages/engine/dist/install.js');
  fs.appendFileSync('tsc.log', 'built\\n');`;
const install = `import { existsSync, writeFileSync } from 'node:fs';
  export async function install() {
    if (existsSync('no-compiler')) throw Object.assign(new Error('no C++ compiler found'), { hint: 'run \`sudo apt-get install g++\`' });
    const status = existsSync('linked') ? 'ready' : 'installed';
    writeFileSync('linked', '');
    return { status, tensorflow: '1.0' };
  }`;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'bipvl set up '));
  const scripts = fileURLToPath(new URL('.', import.meta.url));
  cpSync(join(scripts, 'setup.mjs'), join(root, 'scripts/setup.mjs'));
  cpSync(join(scripts, 'setup'), join(root, 'scripts/setup'), { recursive: true });
  write('package.json', '{ "type": "commonjs" }');
  write('package-lock.json', JSON.stringify(lockFile));
  write('tsconfig.json', JSON.stringify({ references: [{ path: 'packages/engine' }] }));
  write('tsconfig.base.json', '{}');
  write('packages/engine/package.json', '{ "type": "module" }');
  write('packages/engine/tsconfig.json', '{}');
  write('packages/engine/src/index.ts', 'export {};');
  write('tools/npm-cli.js', npm);
  write('fake-tsc.js', compiler);
  write('fake-install.mjs', install);
});

afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function setUp(): { status: number | null; outcomes: string[]; stderr: string } {
  const environment = { ...process.env, npm_execpath: join(root, 'tools/npm-cli.js') };
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/setup.mjs'], {
    cwd: root,
    env: environment,
    encoding: 'utf8',
  });
  const outcomes = [...stdout.matchAll(/^ {2}(.{15})(.*) \(\d+\.\d s\)$/gm)].map(
    ([, , outcome]) => outcome ?? '',
  );
  return { status, outcomes: outcomes.slice(1), stderr };
}

test('does every step once, and then says that it is done', () => {
  expect(setUp()).toEqual({
    status: 0,
    outcomes: ['installed', 'built', 'TensorFlow 1.0 installed'],
    stderr: '',
  });
  expect(setUp()).toEqual({
    status: 0,
    outcomes: ['already installed', 'already built', 'TensorFlow 1.0 already in place'],
    stderr: '',
  });
  expect(readFileSync(join(root, 'npm.log'), 'utf8')).toMatch(/^ci --ignore-scripts .*\n$/);
  expect(readFileSync(join(root, 'tsc.log'), 'utf8')).toBe('built\n');
});

test('builds again after a change of a source, installs again after a change of the lock file', () => {
  setUp();
  write('packages/engine/src/more/part.ts', 'export const part = 1;');
  expect(setUp().outcomes.slice(0, 2)).toEqual(['already installed', 'built']);
  write('package-lock.json', JSON.stringify(lockFile).replaceAll('1.0.0', '1.0.1'));
  expect(setUp().outcomes.slice(0, 2)).toEqual(['installed', 'built']);
});

test('stops at a failed download, with what npm said and the mend', () => {
  write('offline', '');
  const { status, outcomes, stderr } = setUp();
  expect([status, outcomes]).toEqual([5, ['failed']]);
  expect(stderr).toBe(
    '    npm error network request failed\nerror: npm ci failed\n' +
      'mend: check the connection and `npm config get registry`, then run the same command again\n',
  );
});

test('stops at a wrong source, and builds once it is mended', () => {
  write('packages/engine/src/index.ts', 'wrong');
  const { status, outcomes, stderr } = setUp();
  expect([status, outcomes]).toEqual([1, ['installed', 'failed']]);
  expect(stderr).toContain('error TS1: wrong\nerror: tsc -b failed\nmend: ');
  write('packages/engine/src/index.ts', 'export {};');
  expect(setUp().outcomes).toEqual(['already installed', 'built', 'TensorFlow 1.0 installed']);
});

test("passes the engine's own mend on", () => {
  write('no-compiler', '');
  const { status, stderr } = setUp();
  expect([status, stderr]).toEqual([
    5,
    'error: no C++ compiler found\nmend: run `sudo apt-get install g++`\n',
  ]);
});
