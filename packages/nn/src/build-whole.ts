import * as tf from '@tensorflow/tfjs-core';

/** Runs `build`, which makes modules; should it throw half-way, the variables it has made are freed. */
export function buildWhole<T>(build: () => T): T {
  const before = new Set(variables());
  try {
    return build();
  } catch (error) {
    for (const variable of variables()) {
      if (!before.has(variable)) variable.dispose();
    }
    throw error;
  }
}

function variables(): tf.Variable[] {
  return Object.values(tf.engine().registeredVariables);
}
