import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { User } from '../support/cli.ts';

const READER = join(import.meta.dirname, 'twvault_reader.py');

/** A Python that has what the reader needs. */
function interpreter(): string | undefined {
  const works = (python: string) => spawnSync(python, ['-c', 'import cryptography']).status === 0;
  const found = ['python3', '/usr/bin/python3'].find(works);
  if (found === undefined && process.env.CI) {
    throw new Error('python3 with cryptography is missing, and in CI nothing may be skipped');
  }
  if (found === undefined) console.log('skipped: the second reader (needs python3 with cryptography)');
  return found;
}

/** Undefined where the reader cannot run here. */
export const python = interpreter();

/** Runs the reader on a profile, with the user's environment. */
export function reads(user: User, profile: string) {
  const { status, stdout, stderr } = spawnSync(python ?? '', [READER, user.home, profile], {
    env: { ...user.env } as NodeJS.ProcessEnv,
    encoding: 'utf8',
    timeout: 20_000,
  });
  return { status, stdout, stderr };
}
