import { faultsOfTool } from './tool.mjs';

const compiler = 'typescript/bin/tsc';

/** Every package and app compiles; this also builds what the later gates look at. */
export function types(root) {
  return compile(root, ['-b']);
}

/** The tests compile too; they are no part of the build. */
export function testTypes(root) {
  return compile(root, ['-p', 'tsconfig.test.json']);
}

async function compile(root, parameters) {
  const [output = ''] = await faultsOfTool(root, compiler, parameters);
  return output === '' ? [] : output.split(/\n(?=\S)/);
}
