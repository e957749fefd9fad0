import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const said = new Set<string>();

/**
 * Whether a program that a test needs is on this machine. Where it is not, one line says what is skipped; in CI
 * nothing may be skipped, so there it is an error.
 */
export function has(program: string, what: string, probe: readonly string[] = ['--version']): boolean {
  return isThere(!spawnSync(program, probe, { stdio: 'ignore' }).error, program, what);
}

/** The same for a file that a test needs. */
export function hasFile(path: string, what: string): boolean {
  return isThere(existsSync(path), path, what);
}

/** The system's: where distributions put tweepy. */
export const PYTHON = '/usr/bin/python3';

export function hasTweepy(what: string): boolean {
  const { status } = spawnSync(PYTHON, ['-c', 'import tweepy'], { stdio: 'ignore' });
  return isThere(status === 0, `${PYTHON} with tweepy`, what);
}

function isThere(found: boolean, needed: string, what: string): boolean {
  if (found) return true;
  if (process.env.CI) throw new Error(`${needed} is missing, and in CI nothing may be skipped (${what})`);
  if (!said.has(needed + what)) console.log(`skipped: ${what} (needs ${needed})`);
  said.add(needed + what);
  return false;
}
