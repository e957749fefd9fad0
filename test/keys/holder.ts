import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { X25519Identity } from '../../src/age/x25519.ts';
import type { User } from '../support/cli.ts';
import { has } from '../support/tools.ts';

export const hasAge = has('age', 'what the age command opens');

export const profilePath = (user: User, name = 'personal') => join(user.home, 'profiles', `${name}.age`);
export const configOf = (user: User) => JSON.parse(readFileSync(join(user.home, 'vault.json'), 'utf8'));
/** The identities in a text, as age-keygen writes them. */
export const keysIn = (text: string): string[] => text.match(/^AGE-SECRET-KEY-1\w+$/gm) ?? [];

/** Someone with an age key in a file. */
export class Holder {
  readonly identity: X25519Identity;
  readonly file: string;

  constructor(user: User, name: string, identity = X25519Identity.generate()) {
    this.identity = identity;
    this.file = join(user.root, `${name}.txt`);
    writeFileSync(this.file, `# made for a test\n${identity.encode()}\n`, { mode: 0o600 });
  }

  get recipient(): string {
    return this.identity.recipient().encode();
  }
}

/** What the age command prints of a file with the keys in another, or null where they do not open it. */
export function ageOpens(keyFile: string, path: string): string | null {
  const { status, stdout, stderr } = spawnSync('age', ['-d', '-i', keyFile, path], { encoding: 'utf8' });
  if (status === 0) return stdout;
  if (!/no identity matched/.test(stderr)) throw new Error(stderr);
  return null;
}
