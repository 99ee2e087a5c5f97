import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { repositoryFiles } from './repository-files.mjs';

const isSource = (path) =>
  /^(packages|apps)\/[^/]+\/src\/.*\.ts$/.test(path) && !path.includes('/__fixtures__/');
const isTest = (path) => /\.test(-d|-support)?\.ts$/.test(path);
const isLibrary = (path) => path.startsWith('packages/');

const silencers = /@ts-(?:ignore|nocheck|expect-error)|biome-ignore-all|eslint-disable/;
const silencedBans =
  /biome-ignore lint\/(?:suspicious\/noExplicitAny|suspicious\/noTsIgnore|style\/noNonNullAssertion)/;
const plainErrors = new Set(['Error', 'TypeError', 'RangeError', 'SyntaxError']);

/** Rules a linter does not know: no `any`, nothing silenced, typed errors only, and no hidden randomness or clock in a library. */
export async function conventions(root) {
  return repositoryFiles(root)
    .filter(isSource)
    .flatMap((path) => faultsOfSource(path, readFileSync(join(root, path), 'utf8')));
}

function faultsOfSource(path, text) {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const faults = commentFaults(path, text);
  const report = (node, message) => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
    faults.push(`${path}:${line + 1}: ${message}`);
  };
  const visit = (node) => {
    judge(node, path, report);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return faults;
}

function commentFaults(path, text) {
  return text.split('\n').flatMap((line, index) => {
    const silencer = silencers.exec(line) ?? silencedBans.exec(line);
    return silencer ? [`${path}:${index + 1}: ${silencer[0]} is banned`] : [];
  });
}

function judge(node, path, report) {
  if (node.kind === ts.SyntaxKind.AnyKeyword) report(node, 'the type `any` is banned');
  if (isTest(path)) return;
  if (isPlainError(node)) report(node, `throw one of the package's own errors, not ${node.expression.text}`);
  if (!isLibrary(path) || !ts.isPropertyAccessExpression(node)) return;
  const name = node.getText();
  if (name === 'Math.random') report(node, 'Math.random is banned: take the randomness as an argument');
  if (name === 'Date.now' && !path.startsWith('packages/engine/')) {
    report(node, 'Date.now is banned in libraries: take the time as an argument');
  }
}

function isPlainError(node) {
  return (
    ts.isNewExpression(node) && ts.isIdentifier(node.expression) && plainErrors.has(node.expression.text)
  );
}
