import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openVault } from '../../src/vault/open.ts';
import type { Vault } from '../../src/vault/vault.ts';
import { RUNNER, TWVAULT, type User } from '../support/cli.ts';

export const lockOf = (user: User): string => join(user.home, 'lock');
export const isLocked = (user: User): boolean => existsSync(lockOf(user));

/** Takes away a lock that a killed process left, so that nobody has to wait until it goes stale. */
export function breakLock(user: User): void {
  rmSync(lockOf(user), { recursive: true, force: true });
}

/** What killed or failed writers left behind: the temporary files anywhere under the home. */
export function strays(user: User): string[] {
  return readdirSync(user.home, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.tmp'),
  );
}

/** The vault as this process sees it: reading through it is much quicker than starting a command. */
export async function vaultIn(user: User): Promise<Vault> {
  const vault = await openVault({ env: user.env, home: user.home, terminal: async () => undefined });
  if (!vault) throw new Error(`there is no vault in ${user.home}`);
  return vault;
}

/** The extras of a profile in plain. */
export async function extrasOf(user: User, profile = 'personal'): Promise<Record<string, string>> {
  const { extras } = await (await vaultIn(user)).read(profile);
  return Object.fromEntries([...extras].map(([name, { secret }]) => [name, secret.reveal()]));
}

/** Starts a command whose process the test has in hand. */
export function launch(user: User, args: readonly string[], input = ''): ChildProcess {
  const child = spawn(RUNNER, [TWVAULT, ...args], {
    env: user.env as NodeJS.ProcessEnv,
    cwd: join(user.root, 'work'),
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  child.stdin?.on('error', () => {});
  child.stdin?.end(input);
  return child;
}

/** How a launched process ended: its exit code or signal, and what it said. */
export function ended(
  child: ChildProcess,
): Promise<{ code: number | null; signal: string | null; said: string }> {
  let said = '';
  child.stderr?.on('data', (bytes) => {
    said += bytes;
  });
  return new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal, said })));
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
