import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// In memory where there is such a place: what is measured is twvault, not this machine's disk.
const MEMORY = '/dev/shm';

/** A folder that goes with this process. */
export function temporaryFolder(parent = existsSync(MEMORY) ? MEMORY : tmpdir()) {
  const folder = mkdtempSync(join(parent, 'twvault-bench-'));
  folders.push(folder);
  return folder;
}

const folders = [];
process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** The command's file, or nothing where the machine lacks it. */
export function which(name, path = process.env.PATH) {
  return path
    .split(':')
    .map((folder) => join(folder, name))
    .find(existsSync);
}

/** A bare environment: NODE_EXTRA_CA_CERTS alone costs Node 20 some 30 ms at start-up. */
export function bareEnvironment(home) {
  return { PATH: process.env.PATH, HOME: home, LANG: 'C.UTF-8' };
}

/** Runs what has to succeed, and gives its output. */
export function must(file, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(file, args, {
    encoding: 'utf8',
    maxBuffer: 1e9,
    ...options,
  });
  if (status !== 0) throw new Error(`${file} ${args.slice(0, 3).join(' ')}: ${error ?? stderr}`);
  return stdout;
}

/** A child that says when its first instruction ran, where there is a C compiler; else one that does nothing. */
export function firstInstruction() {
  if (!which('cc')) {
    console.log('skipped: the time to the first instruction (no cc)');
    return 'true';
  }
  const file = join(temporaryFolder(), 'first');
  must('cc', ['-O2', '-o', file, join(import.meta.dirname, 'first.c')]);
  return file;
}
