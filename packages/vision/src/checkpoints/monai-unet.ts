import type { StateRule, StateTable } from '@bipvl/nn';

/** The names of `monai.networks.nets.UNet` (MONAI 1.6) for a network of this many levels. */
export function monaiUNetTable(levels: number, residualUnits: number): StateTable {
  const down = Array.from({ length: levels }, (_, level) => downRules(level, levels, residualUnits > 0));
  const up = Array.from({ length: levels - 1 }, (_, level) => upRules(level, levels, residualUnits > 0));
  return {
    rules: [...down, ...up].flat(),
    ignored: levelPrefixes(levels).map((prefix) => `${prefix}.num_batches_tracked`),
  };
}

/** MONAI nests each level in the one above it: a level's block is [down, submodule, up], and the bottom is a block by itself. */
function nested(level: number): string {
  return `model${'.1.submodule'.repeat(level)}`;
}

function downRules(level: number, levels: number, isResidual: boolean): StateRule[] {
  const theirs = level === levels - 1 ? nested(level) : `${nested(level)}.0`;
  const ours = `encoder.levels.${level}`;
  if (!isResidual) return normalisedConvolution(theirs, ours, 'conv3d');
  return [
    ...normalisedConvolution(`${theirs}.conv.unit{unit}`, `${ours}.units.{unit}`, 'conv3d'),
    ...convolution(`${theirs}.residual`, `${ours}.shortcut`, 'conv3d'),
  ];
}

function upRules(level: number, levels: number, isResidual: boolean): StateRule[] {
  const theirs = `${nested(level)}.2`;
  const ours = `decoder.levels.${levels - 2 - level}`;
  const isTop = level === 0;
  if (!isResidual) {
    return isTop
      ? convolution(`${theirs}.conv`, `${ours}.upsample`, 'conv3dTransposed')
      : normalisedConvolution(theirs, `${ours}.upsample`, 'conv3dTransposed');
  }
  return [
    ...normalisedConvolution(`${theirs}.0`, `${ours}.upsample`, 'conv3dTransposed'),
    ...(isTop
      ? convolution(`${theirs}.1.conv.unit0.conv`, `${ours}.refine.last`, 'conv3d')
      : normalisedConvolution(`${theirs}.1.conv.unit{unit}`, `${ours}.refine.units.{unit}`, 'conv3d')),
  ];
}

function normalisedConvolution(
  theirs: string,
  ours: string,
  layout: 'conv3d' | 'conv3dTransposed',
): StateRule[] {
  const same = (pattern: string, name: string): StateRule => ({
    pattern: `${theirs}.${pattern}`,
    name: `${ours}.${name}`,
    layout: 'same',
  });
  return [
    ...convolution(`${theirs}.conv`, `${ours}.convolution`, layout),
    same('adn.A.weight', 'activation.slope'),
    same('adn.N.weight', 'normalisation.scale'),
    same('adn.N.bias', 'normalisation.shift'),
    same('adn.N.running_mean', 'normalisation.runningMean'),
    same('adn.N.running_var', 'normalisation.runningVariance'),
  ];
}

function convolution(theirs: string, ours: string, layout: 'conv3d' | 'conv3dTransposed'): StateRule[] {
  return [
    { pattern: `${theirs}.weight`, name: `${ours}.weight`, layout },
    { pattern: `${theirs}.bias`, name: `${ours}.bias`, layout: 'same' },
  ];
}

/** Where batch norms keep a counter that we have no use for. */
function levelPrefixes(levels: number): string[] {
  const blocks = Array.from({ length: levels }, (_, level) => [
    nested(level),
    `${nested(level)}.0`,
    `${nested(level)}.2`,
  ]).flat();
  return blocks.flatMap((block) => [
    `${block}.adn.N`,
    `${block}.conv.unit{unit}.adn.N`,
    `${block}.0.adn.N`,
    `${block}.1.conv.unit{unit}.adn.N`,
  ]);
}
