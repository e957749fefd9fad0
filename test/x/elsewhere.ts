import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { diverted } from '../standin/divert.mjs';
import type { Client } from '../standin/oauth2.mjs';
import type { Account } from '../standin/server.mjs';
import type { User } from '../support/cli.ts';

interface Setting {
  readonly accounts: readonly Account[];
  /** The app for OAuth 2.0, whose logins are then allowed in the user's browser. */
  readonly client?: Client;
}

/** X in a process of its own, for a test whose own is busy. The user's commands take it for X. */
export async function standElsewhere(user: User, setting: Setting): Promise<void> {
  const opened = setting.client && withBrowser(user);
  const child = spawn(process.execPath, [join(import.meta.dirname, 'elsewhere.mjs')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  child.stdin.end(JSON.stringify({ ...setting, opened }));
  for await (const line of createInterface(child.stdout)) {
    user.env = { ...user.env, ...diverted(JSON.parse(line).port) };
    return;
  }
  throw new Error('the stand-in does not start');
}

/** Gives the user a program that opens links, and the file that it writes them to. */
function withBrowser(user: User): string {
  const [folder, opened] = [join(user.root, 'bin'), join(user.root, 'opened')];
  const opener = join(folder, 'xdg-open');
  mkdirSync(folder);
  writeFileSync(opener, `#!/bin/sh\nprintf '%s' "$1" > "${opened}.new"\nmv "${opened}.new" "${opened}"\n`);
  chmodSync(opener, 0o755);
  user.env = { ...user.env, PATH: `${folder}:${user.env.PATH}`, DISPLAY: ':0' };
  return opened;
}
