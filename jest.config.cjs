const os = require("node:os");

/** @type {import("jest").Config} */
module.exports = {
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  testEnvironment: "<rootDir>/test/environment.cjs",
  moduleNameMapper: { "^starlit$": "<rootDir>/lib/src/index.ts" },
  transform: {
    "\\.ts$": [
      "ts-jest",
      {
        tsconfig: {
          isolatedModules: true,
          module: "commonjs",
          moduleResolution: "node10",
          target: "es2022",
          esModuleInterop: true,
        },
        diagnostics: false,
      },
    ],
  },
  // Each of them computes with threads of its own, and takes one or two gigabytes.
  maxWorkers: Math.min(Math.max(2, os.availableParallelism() - 1), 4),
  testSequencer: "<rootDir>/test/sequencer.cjs",
  roots: ["<rootDir>/test", "<rootDir>/lib/src"],
  testTimeout: 180000,
};
