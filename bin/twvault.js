#!/usr/bin/env node
'use strict';
// Loads the built program. Where the build left V8's compiled form of it for this very V8 (build/code-cache.cjs), that
// is used and saves about a tenth of the time; V8 checks it and compiles the source if it does not fit.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const main = join(__dirname, '../dist/main.cjs');
const cachedData = readCache();
if (cachedData) runCached();
else require(main);

function readCache() {
  try {
    return readFileSync(join(__dirname, `../dist/main-${process.versions.v8}.cache`));
  } catch {
    return undefined;
  }
}

function runCached() {
  const { Script } = require('node:vm');
  const program = new module.constructor(main, module);
  program.filename = main;
  program.paths = module.paths;
  require.cache[main] = program;
  // The bundle is plain ASCII, so latin1 reads it without decoding; the wrapper is the one of Node's own modules.
  const source = `(function (exports, require, module, __filename, __dirname) {${readFileSync(main, 'latin1')}\n})`;
  const script = new Script(source, { filename: main, cachedData });
  const load = (id) => program.require(id);
  script.runInThisContext().call(program.exports, program.exports, load, program, main, join(main, '..'));
}
