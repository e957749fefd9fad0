import { spawnSync } from 'node:child_process';

const said = new Set<string>();

/**
 * Whether a program that a test needs is on this machine. Where it is not, one line says what is skipped; in CI
 * nothing may be skipped, so there it is an error.
 */
export function has(program: string, what: string, probe: readonly string[] = ['--version']): boolean {
  const { error } = spawnSync(program, probe, { stdio: 'ignore' });
  if (!error) return true;
  if (process.env.CI) throw new Error(`${program} is missing, and in CI nothing may be skipped (${what})`);
  if (!said.has(program + what)) console.log(`skipped: ${what} (needs ${program})`);
  said.add(program + what);
  return false;
}
