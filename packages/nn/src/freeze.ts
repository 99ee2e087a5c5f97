import type { Module } from './module.js';

/** Makes every parameter of a module a buffer: saved and loaded as before, never trained. */
export function freeze(module: Module): void {
  for (const variable of module.state().values()) variable.trainable = false;
}
