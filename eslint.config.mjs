import tseslint from "typescript-eslint";

/** @type {Record<string, "error" | "off" | ["error", object]>} */
const rules = {
  "@typescript-eslint/no-floating-promises": "error",
  "@typescript-eslint/no-misused-promises": "error",
  "@typescript-eslint/await-thenable": "error",
  // Heavy modules are loaded where they are first needed.
  "@typescript-eslint/no-require-imports": "off",
  "@typescript-eslint/no-unused-vars": [
    "error",
    { argsIgnorePattern: "^_", ignoreRestSiblings: true },
  ],
};

/** @param {string[]} project */
const typed = (project) => ({
  parserOptions: { project, tsconfigRootDir: import.meta.dirname },
});

export default tseslint.config(
  {
    ignores: [
      "**/node_modules",
      ".venv",
      "**/dist",
      "site",
      ".setup",
      "bench/.venv",
      "data",
      "notebooks",
      "work",
      // A browser's, in pages.
      "scripts/notebooks/template",
    ],
  },
  {
    files: ["lib/src/**/*.{ts,cjs}", "test/**/*.ts"],
    extends: [tseslint.configs.recommended],
    languageOptions: typed(["./tsconfig.json", "./lib/tsconfig.json"]),
    rules,
  },
  {
    files: ["**/*.mjs", "**/*.cjs"],
    ignores: ["lib/src/**"],
    extends: [tseslint.configs.recommended],
    languageOptions: typed(["./tsconfig.scripts.json"]),
    rules,
  },
);
