import { defineConfig } from 'rolldown';

// What Node puts around a CommonJS module. main.cjs has it already, so that bin/twvault.js need not copy the whole text
// to add it.
const OPENING = '(function (exports, require, module, __filename, __dirname) {';
const CLOSING = '})';

// CommonJS, because Node 20 starts it about 4 ms sooner than the same code as ES modules.
const OUTPUT = {
  dir: 'dist',
  format: 'cjs',
  entryFileNames: '[name].cjs',
  chunkFileNames: '[name].cjs',
  minify: true,
  comments: { legal: true },
} as const;

export default defineConfig([
  {
    input: { main: 'src/main.ts', 'keychain-helper': 'src/system/keychain-helper.ts' },
    platform: 'node',
    external: ['keytar'],
    // Its other form asks for its parts in a way that no bundler can follow.
    resolve: { alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' } },
    output: {
      ...OUTPUT,
      // All that exec needs lies in one file; what is behind a dynamic import stays in lazy ones.
      codeSplitting: { groups: [{ name: 'exec', test: /src[\\/]main\.ts$|rolldown[\\/]runtime/ }] },
      postBanner: ({ name }) => (name === 'main' ? OPENING : ''),
      postFooter: ({ name }) => (name === 'main' ? CLOSING : ''),
      cleanDir: true,
    },
  },
  // A thread loads its file by itself: it shares nothing with main.cjs, which only bin/twvault.js can load.
  ...['src/scan/scan-worker.ts', 'src/scan/git/history-worker.ts'].map((input) => ({
    input,
    platform: 'node' as const,
    output: OUTPUT,
  })),
]);
