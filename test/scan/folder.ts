import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Result, User } from '../support/cli.ts';

/** A user with one profile, and a folder to be scanned. */
export function scannedFolder() {
  const user = new User().withFileVault();
  const keys = user.add('personal');
  const work = join(user.root, 'work');
  const write = (name: string, text: string | Uint8Array): void => {
    mkdirSync(join(work, name, '..'), { recursive: true });
    writeFileSync(join(work, name), text);
  };
  const git = (...args: string[]): void => {
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
      cwd: work,
      env: { PATH: process.env.PATH, HOME: user.root },
      stdio: 'pipe',
    });
  };
  /** Runs a scan in a folder of it, without anything that could unlock the vault. */
  const scanIn = (folder: string, ...args: string[]): Result =>
    user.run(['scan', ...args], { env: { TWVAULT_IDENTITY_FILE: undefined }, cwd: join(work, folder) });
  const scan = (...args: string[]): Result => scanIn('.', ...args);
  return { user, keys, work, write, git, scan, scanIn };
}

export const lines = ({ stdout }: Result): string[] => stdout.split('\n').filter(Boolean);
