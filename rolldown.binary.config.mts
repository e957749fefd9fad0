import { join } from 'node:path';
import { defineConfig } from 'rolldown';
import { commandTable } from './build/command-table.mts';
import { lazyBuiltins } from './build/lazy-builtins.mts';
import { licences } from './build/licences.mts';
import { shellTexts } from './build/shell-texts.mts';
import { webAssembly } from './build/web-assembly.mts';
import { wordList } from './build/word-list.mts';
import { RESOLVE } from './rolldown.config.mts';

// What build/binary.mjs compiles into one executable. TWVAULT_BINARY_KEYTAR is the native module of the platform it is for.
const keytar = process.env.TWVAULT_BINARY_KEYTAR ?? '';

export default defineConfig({
  input: {
    twvault: 'src/binary.ts',
    'scan-worker': 'src/scan/scan-worker.ts',
    'history-worker': 'src/scan/git/history-worker.ts',
  },
  platform: 'node',
  plugins: [
    lazyBuiltins('node:crypto'),
    wordList(),
    webAssembly(),
    shellTexts(),
    commandTable({ resolve: RESOLVE }),
    licences(),
  ],
  external: [/\.node$/, /^bun:/, /^bun$/],
  resolve: {
    ...RESOLVE,
    alias: { ...RESOLVE.alias, 'virtual:keytar': keytar },
    conditionNames: ['binary', 'node', 'import', 'default'],
  },
  output: {
    dir: join(import.meta.dirname, '.cache/binary'),
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
    minify: true,
    cleanDir: true,
    codeSplitting: {
      groups: [
        {
          name: 'exec',
          test: /src[\\/]main\.ts$|rolldown[\\/]runtime/,
          includeDependenciesRecursively: true,
        },
      ],
    },
  },
});
