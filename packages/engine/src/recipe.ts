import { EngineError } from './errors.js';
import { cpuWheels, cudaLibraryWheels, cudaWheel, tensorflowVersion, type Wheel } from './wheels.js';

/** N-API level the addon is compiled for; Node 20 and everything later runs it. */
export const napiVersion = 8;

// Raise it when what an engine folder holds changes, so that engines made before are not taken for complete.
const revision = 1;

/** What to fetch and what to call the result: the whole identity of a native engine. */
export interface Recipe {
  readonly key: string;
  readonly tensorflow: string;
  readonly device: 'cpu' | 'gpu';
  readonly wheels: readonly Wheel[];
}

/** The machine an engine is made for, as Node names it, and the C library it has. */
export interface Target {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  readonly musl: boolean;
}

/** The pinned recipe for a target. Throws `unsupported-platform` where no wheel holds the library. */
export function recipeFor(device: 'cpu' | 'gpu', target: Target = thisMachine()): Recipe {
  const system = `${target.platform}-${target.arch}${target.musl ? '-musl' : ''}`;
  const wheels = device === 'cpu' ? cpuRecipe(system) : gpuRecipe(system);
  const key = `tensorflow-${tensorflowVersion}-${device}-napi${napiVersion}-${system}-r${revision}`;
  return { key, tensorflow: tensorflowVersion, device, wheels };
}

function thisMachine(): Target {
  const { platform, arch } = process;
  return { platform, arch, musl: platform === 'linux' && usesMusl() };
}

// Node names its C library only in its report, and glibc alone has a version there.
function usesMusl(): boolean {
  const report = process.report?.getReport() as { header?: { glibcVersionRuntime?: string } } | undefined;
  return report?.header?.glibcVersionRuntime === undefined;
}

function cpuRecipe(system: string): readonly Wheel[] {
  const wheel = cpuWheels[system];
  if (wheel) return [wheel];
  throw new EngineError('unsupported-platform', `no TensorFlow ${tensorflowVersion} library for ${system}`, {
    kind: 'resource',
    hint: `the pinned wheels cover ${Object.keys(cpuWheels).join(', ')}; run on one of these with glibc (Debian, Ubuntu, Fedora; not Alpine), or in WSL 2 on Windows`,
  });
}

function gpuRecipe(system: string): readonly Wheel[] {
  if (system === 'linux-x64') return [cudaWheel, ...cudaLibraryWheels];
  throw new EngineError(
    'unsupported-platform',
    `no CUDA build of TensorFlow ${tensorflowVersion} for ${system}`,
    {
      kind: 'resource',
      hint: 'the CUDA engine is for Linux x64; run `npx bipvl-engine install` without --gpu',
    },
  );
}
