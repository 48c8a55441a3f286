import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'packages/**/*.test.ts',
      'apps/**/*.test.ts',
      'test/**/*.test.ts',
      'tools/**/*.test.ts',
      'demo/**/*.test.ts',
      'bench/**/*.test.ts',
    ],
    setupFiles: process.env['CI'] === 'true' ? ['./tools/one-seed.ts'] : [],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A second, as by default, is a measurement of the machine.
    expect: { poll: { timeout: 30_000 } },
    maxWorkers: 2,
  },
});
