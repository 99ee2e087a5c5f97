import { defineConfig } from 'vitest/config';

// One fork per file: the native engine keeps its state per process, and two of them at once would share two cores.
export default defineConfig({
  test: {
    include: ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.ts', 'scripts/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
