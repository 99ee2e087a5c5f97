import { existsSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { readWorkspaces } from './workspaces.mjs';

/**
 * Every symbol a public package exports has a doc comment, in the declarations a user's editor reads. An interface named `...Options`
 * may leave it to its fields.
 */
export async function documentation(root) {
  const entries = readWorkspaces(root)
    .filter(({ isPublic }) => isPublic)
    .flatMap(({ folder, manifest }) => declarationFiles(root, folder, manifest));
  const missing = entries.filter((path) => !existsSync(path));
  if (missing.length > 0) return missing.map((path) => `${path} is not built`);
  const program = ts.createProgram(entries, {
    noEmit: true,
    skipLibCheck: true,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
  });
  const checker = program.getTypeChecker();
  return entries.flatMap((path) =>
    undocumented(checker, program.getSourceFile(path), path.slice(root.length)),
  );
}

function declarationFiles(root, folder, manifest) {
  return Object.values(manifest.exports ?? {})
    .map((entry) => entry.types)
    .filter(Boolean)
    .map((types) => join(root, folder, types));
}

function undocumented(checker, file, path) {
  const module = checker.getSymbolAtLocation(file);
  if (module === undefined) return [`${path} exports nothing`];
  return checker
    .getExportsOfModule(module)
    .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol))
    .filter(
      (symbol) => !symbol.name.endsWith('Options') && symbol.getDocumentationComment(checker).length === 0,
    )
    .map((symbol) => `${path}: ${symbol.name} (${place(symbol)}) has no doc comment`);
}

function place(symbol) {
  const file = symbol.declarations?.[0]?.getSourceFile().fileName ?? 'unknown';
  return file.replace(/^.*\/dist\//, '').replace(/\.d\.ts$/, '.ts');
}
