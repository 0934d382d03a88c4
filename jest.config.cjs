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
  maxWorkers: 2,
  roots: ["<rootDir>/test", "<rootDir>/lib/src"],
  testTimeout: 180000,
};
