import { faultsOfTool } from './tool.mjs';

const compiler = 'typescript/bin/tsc';

/** Every package and app compiles; this also builds what the later gates look at. */
export function types(root) {
  return faultsOfTool(root, compiler, ['-b']);
}

/** The tests compile too; they are no part of the build. */
export function testTypes(root) {
  return faultsOfTool(root, compiler, ['-p', 'tsconfig.test.json']);
}
