import { defineConfig } from 'vitest/config';

/** Workspace packages resolve to their TypeScript sources: tests need no build. */
const conditions = ['@refit/source'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['{apps,libs}/*/src/**/*.spec.ts', 'test/**/*.spec.ts'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
