// After a build: runs one exec of a throw-away vault and keeps what V8 compiled for it, so that later runs on the same
// V8 need not compile it again. Without the file everything works as well, a little slower.
const { spawnSync } = require('node:child_process');
const { mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { Script } = require('node:vm');

const dist = join(__dirname, '../dist');
const main = join(dist, 'main.cjs');

if (process.env.TWVAULT_CODE_CACHE_RUN) runAndKeep();
else prepareVault();

/** Makes a vault with the fresh build, and starts this file again to run exec in it. */
function prepareVault() {
  const root = mkdtempSync(join(tmpdir(), 'twvault-build-'));
  const env = { PATH: process.env.PATH, HOME: root, TWVAULT_HOME: join(root, 'vault') };
  const step = (args, input = '', file = join(__dirname, '../bin/twvault.js')) => {
    const { status, stderr } = spawnSync(process.execPath, [file, ...args], { env, input, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr || `exit status ${status}`);
  };
  try {
    step(['init', '--store', 'file', '--identity-out', join(root, 'identity.txt')]);
    env.TWVAULT_IDENTITY_FILE = join(root, 'identity.txt');
    step(
      ['add', 'personal', '--stdin'],
      `CONSUMER_KEY=${'k1K'.repeat(8)}\nCONSUMER_SECRET=${'s2S'.repeat(16)}\n`,
    );
    env.TWVAULT_CODE_CACHE_RUN = '1';
    step(['exec', '--', process.execPath, '-e', '0'], '', __filename);
  } catch (error) {
    console.warn(`no code cache was made: ${error.message}`);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function runAndKeep() {
  // The process has to live on to keep what it compiled.
  process.execve = undefined;
  const text = readFileSync(main, 'latin1');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what is asked for
  if (/[^\x00-\x7f]/.test(text)) throw new Error('dist/main.cjs is not plain ASCII');
  const source = `(function (exports, require, module, __filename, __dirname) {${text}\n})`;
  const script = new Script(source, { filename: main });
  const program = new module.constructor(main, module);
  program.filename = main;
  program.paths = module.paths;
  require.cache[main] = program;
  process.on('exit', (code) => {
    if (code === 0) writeFileSync(join(dist, `main-${process.versions.v8}.cache`), script.createCachedData());
  });
  const load = (id) => program.require(id);
  script.runInThisContext().call(program.exports, program.exports, load, program, main, dist);
}
