#!/usr/bin/env node
'use strict';

// This file alone is read by any Node from 10 on, so that an old one says what it needs instead of a syntax error.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) refuseOldNode();
else if (process.argv[2] === '__complete') require('../dist/complete.cjs');
else start();

function refuseOldNode() {
  const [, , command] = process.argv;
  process.exitCode = command === 'exec' ? 125 : 1;
  if (command === '__complete') return; // someone is typing
  console.error(`twvault: Node ${process.versions.node} is too old: twvault needs 20.19 or later`);
  console.error(
    'twvault: hint: install a newer one (https://nodejs.org), and see that `node --version` says it',
  );
}

// Loads the built program as Node would load a module, and hands V8 what it compiled of it when it was built
// (build/code-cache.cjs): about a tenth of the time of an exec. V8 compiles the source where that is absent or does not
// fit.
function start() {
  const { readFileSync } = require('node:fs');
  const { join } = require('node:path');
  const { Script } = require('node:vm');
  const dist = join(__dirname, '../dist');
  const main = join(dist, 'main.cjs');
  const program = new module.constructor(main, module);
  program.filename = main;
  program.paths = module.paths;
  require.cache[main] = program;

  let cachedData;
  try {
    cachedData = readFileSync(join(dist, `main-${process.versions.v8}.cache`));
  } catch {}

  // The bundle is one function expression.
  const source = readFileSync(main, 'utf8');
  const run = new Script(source, { filename: main, cachedData }).runInThisContext();
  run.call(program.exports, program.exports, (id) => program.require(id), program, main, dist);
}
