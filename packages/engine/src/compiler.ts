import { EngineError } from './errors.js';
import { runCommand } from './run-command.js';

/** The first C++ compiler that answers: `$CXX`, `g++`, `clang++`, `c++`. Throws `compiler-missing`. */
export async function findCompiler(): Promise<string> {
  const own = process.env['CXX'];
  for (const compiler of own ? [own] : ['g++', 'clang++', 'c++']) {
    const answer = await runCommand(compiler, ['--version']);
    if (answer?.status === 0) return compiler;
  }
  throw new EngineError(
    'compiler-missing',
    `no C++ compiler found (${own ? `CXX=${own}` : 'g++, clang++, c++'})`,
    {
      kind: 'resource',
      hint: `${compilerRemedy()}, then run \`npx bipvl-engine install\` again`,
    },
  );
}

function compilerRemedy(): string {
  if (process.platform === 'darwin') return 'run `xcode-select --install`';
  return 'run `sudo apt-get install g++` (Fedora: `sudo dnf install gcc-c++`)';
}
