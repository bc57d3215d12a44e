import { configDefaults, defineConfig } from 'vitest/config';

/** Workspace packages resolve to their TypeScript sources: tests need no build. */
const conditions = ['@refit/source'];
const onKafka = '**/*.kafka.spec.ts';

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    testTimeout: 20_000,
    hookTimeout: 20_000,
    projects: [
      { extends: true, test: { name: 'plain', include: ['{apps,libs}/*/src/**/*.spec.ts', 'test/**/*.spec.ts'], exclude: [...configDefaults.exclude, onKafka] } },
      // Its set-up starts a broker, and runs only if one of these specs does.
      { extends: true, test: { name: 'kafka', include: [onKafka], testTimeout: 120_000, hookTimeout: 240_000, globalSetup: 'test/support/kafka/shared-broker.ts' } },
    ],
  },
});
