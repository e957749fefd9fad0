// After a build: runs one exec of a throw-away vault and keeps what V8 compiled for it, so that later runs on the same
// V8 need not compile it again. Without the file everything works as well, a little slower.
const { spawnSync } = require('node:child_process');
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const program = join(__dirname, '../bin/twvault.js');
const kept = join(__dirname, `../dist/main-${process.versions.v8}.cache`);

const root = mkdtempSync(join(tmpdir(), 'twvault-build-'));
const env = { PATH: process.env.PATH, HOME: root, TWVAULT_HOME: join(root, 'vault') };
try {
  rmSync(kept, { force: true });
  run([program, 'init', '--store', 'file', '--identity-out', join(root, 'identity.txt')]);
  env.TWVAULT_IDENTITY_FILE = join(root, 'identity.txt');
  const keys = `CONSUMER_KEY=${'k1K'.repeat(8)}\nCONSUMER_SECRET=${'s2S'.repeat(16)}\n`;
  run([program, 'add', 'personal', '--stdin'], keys);
  env.TWVAULT_KEEP_COMPILED = kept;
  const preload = join(__dirname, 'keep-compiled.cjs');
  run(['--require', preload, program, 'exec', '--', process.execPath, '-e', '0']);
} catch (error) {
  console.warn(`no code cache was made: ${error.message}`);
} finally {
  rmSync(root, { recursive: true, force: true });
}

function run(args, input = '') {
  const { status, stderr } = spawnSync(process.execPath, args, { env, input, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr || `exit status ${status}`);
}
