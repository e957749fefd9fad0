import { defineConfig, type OutputOptions } from 'rolldown';
import { commandTable } from './build/command-table.mts';
import { lazyBuiltins } from './build/lazy-builtins.mts';
import { licences } from './build/licences.mts';
import { manual } from './build/man.mts';
import { webAssembly } from './build/web-assembly.mts';
import { wordList } from './build/word-list.mts';

// What Node puts around a CommonJS module. main.cjs has it already, so that bin/twvault.js need not copy the whole text
// to add it.
const OPENING = '(function (exports, require, module, __filename, __dirname) {';
const CLOSING = '})';

// CommonJS, because Node 20 starts it about 4 ms sooner than the same code as ES modules.
const OUTPUT: OutputOptions = {
  dir: 'dist',
  format: 'cjs',
  entryFileNames: '[name].cjs',
  minify: true,
  comments: { legal: true },
  // A native module by require: import() would start Node's loader of ES modules first, which takes some 8 ms.
  dynamicImportInCjs: false,
};

// Its other form asks for its parts in a way that no bundler can follow.
export const RESOLVE = { alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' } };

const LICENCES = licences();

const program = defineConfig({
  input: { main: 'src/main.ts' },
  platform: 'node',
  plugins: [lazyBuiltins('node:crypto'), wordList(), webAssembly(), LICENCES],
  external: ['keytar', '@lydell/node-pty'],
  resolve: RESOLVE,
  output: {
    ...OUTPUT,
    chunkFileNames: '[name].cjs',
    // All that exec needs lies in one file; what is behind a dynamic import stays in lazy ones.
    codeSplitting: {
      groups: [
        { name: 'exec', test: /src[\\/]main\.ts$|rolldown[\\/]runtime/ },
        // One file for each other way that exec may take: to a keychain, and to the agent of a vault with a passphrase.
        {
          name: 'keychain',
          test: /src[\\/](store|system)[\\/]keychain\.ts$/,
          includeDependenciesRecursively: true,
        },
        { name: 'agent-client', test: /src[\\/]agent[\\/]key\.ts$/, includeDependenciesRecursively: true },
      ],
    },
    postBanner: ({ name }) => (name === 'main' ? OPENING : ''),
    postFooter: ({ name }) => (name === 'main' ? CLOSING : ''),
    cleanDir: true,
  },
});

// What loads its file by itself: threads, a process, and what a program imports from the package. They share nothing
// with main.cjs, which only bin/twvault.js can load. The library brings its own twitter-api-v2.
const apart = defineConfig({
  input: {
    'scan-worker': 'src/scan/scan-worker.ts',
    'history-worker': 'src/scan/git/history-worker.ts',
    agent: 'src/agent/agent.ts',
    'keychain-helper': 'src/system/keychain-helper.ts',
    index: 'src/api/index.ts',
  },
  platform: 'node',
  plugins: [webAssembly(), LICENCES],
  external: ['keytar', 'twitter-api-v2'],
  output: { ...OUTPUT, chunkFileNames: 'apart-[name].cjs' },
});

// What answers completion scripts: without node:crypto and all else that it does not need, since someone is typing.
const completion = defineConfig({
  input: 'src/complete.ts',
  platform: 'node',
  plugins: [commandTable({ resolve: RESOLVE }), manual({ resolve: RESOLVE }), LICENCES],
  treeshake: { moduleSideEffects: [{ external: true, sideEffects: false }] },
  output: { ...OUTPUT, chunkFileNames: 'complete-[name].cjs' },
});

export default [program, completion, apart];
