// Lint: what the compiler cannot see. Layout is Prettier's, layers are dependency-cruiser's, dead code is knip's.
import tseslint from 'typescript-eslint';

/** Code that decides: time and chance reach it as arguments. */
const DECIDING_FOLDERS = ['model', 'common', 'storage/format', 'actors/history', 'actors/replay'];

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'test/**/fixtures/'] },
  // No comment may switch a rule off: a rule that is wrong is changed here, for everyone.
  { linterOptions: { noInlineConfig: true, reportUnusedInlineConfigs: 'error' } },
  {
    files: ['**/*.ts', '**/*.mts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': 'allow-with-description' }],
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      // Naming one side of a contract: `interface Query extends Addressed {}`.
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'all', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // A function whose type is "returns a promise" may have nothing to await.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: DECIDING_FOLDERS.map((folder) => `src/${folder}/**/*.ts`),
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Time is an argument: take `now` from the message.' },
        { object: 'Math', property: 'random', message: "Chance is an argument: use the run's seed." },
      ],
    },
  },
  {
    // Programs for people print, and so may the workflows and activities of a test.
    files: ['src/cli.ts', 'bench/**', 'examples/**', 'test/**'],
    rules: { 'no-console': 'off' },
  },
  {
    // The types of the peers' packages are there only after an install of their own.
    files: ['bench/peers/adapters/**'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: {
      '@typescript-eslint/consistent-type-exports': 'off',
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      '@typescript-eslint/prefer-readonly': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': 'off',
    },
  },
  {
    files: ['**/*.mjs', '**/*.js', '**/*.cjs'],
    extends: [tseslint.configs.recommended],
  },
);
