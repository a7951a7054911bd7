// The AWS SDK announces the end of Node 20 in every process; see bin/nlbmc.js.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

// A bundle of certificates for the machine's own registries slows every Node process that a test starts.
delete process.env.NODE_EXTRA_CA_CERTS;

export default {
  rootDir: '.',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  // Files share the modules of their worker: docs/decisions/test-modules.md. What is below is for the
  // files that do not, and for --watch and --coverage.
  testRunner: '<rootDir>/scripts/jest/shared-modules.js',
  globalSetup: '<rootDir>/scripts/jest/temporary-folders.js',
  globalTeardown: '<rootDir>/scripts/jest/the-end.js',
  testSequencer: '<rootDir>/scripts/jest/longest-first.js',
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  reporters: ['default', '<rootDir>/scripts/jest-summary.js'],
  // A machine with two cores: more workers only wait for one another.
  maxWorkers: 2,
  // A program with replaced modules stays loaded, and so do the worlds of its time: a worker that has grown
  // is replaced, since with gigabytes in it a file takes five times as long.
  workerIdleMemoryLimit: '900MB',
  // Only to end a test that hangs: a slow machine fails no test.
  testTimeout: 900_000,
};
