import { execFileSync } from 'node:child_process';
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readForeign } from '../../src/system/foreign-file.ts';
import { temporaryFolder, User } from '../support/cli.ts';

/** What a clone, or someone in a shared folder, may put in the place of a file; each would never end. */
const TRAPS: Record<string, (path: string) => void> = {
  'a link to /dev/zero': (path) => symlinkSync('/dev/zero', path),
  'a pipe': (path) => void execFileSync('mkfifo', [path]),
  'a link to standard input': (path) => symlinkSync('/proc/self/fd/0', path),
};

/** The commands that read a file of this name by themselves. */
const READERS: Record<string, readonly (readonly string[])[]> = {
  '.twvault.json': [
    ['exec', '--', 'true'],
    ['use', 'personal', '--here'],
  ],
  '.twvault-baseline.json': [['scan'], ['scan', '--staged']],
  '.pre-commit-config.yaml': [['guard', 'status']],
  'lefthook.yml': [['guard', 'status']],
  '.git/hooks/pre-commit': [['guard', 'status']],
  'notes.txt': [['scan', 'notes.txt']],
};

describe.each(Object.keys(TRAPS))('%s', (trap) => {
  it.each(Object.keys(READERS))('in the place of %s is named, and nothing waits for it', (name) => {
    const user = new User().withFileVault();
    user.add('personal');
    const work = join(user.root, 'work');
    execFileSync('git', ['init', '-q'], { cwd: work });
    TRAPS[trap]?.(join(work, name));
    for (const args of READERS[name] ?? []) {
      const { signal, stderr } = user.run(args);
      expect([signal, stderr]).toEqual([null, expect.stringContaining(name)]);
    }
  });
});

it('a file of others is read up to its limit, through a link, and may be missing', () => {
  const folder = temporaryFolder();
  const path = join(folder, 'a');
  writeFileSync(path, 'text');
  symlinkSync('a', join(folder, 'link'));
  expect(readForeign(join(folder, 'link'), 4)?.bytes.toString()).toBe('text');
  expect(() => readForeign(path, 3)).toThrow(/too large/);
  rmSync(path);
  expect(readForeign(path, 4)).toBeUndefined();
  expect(() => readForeign(folder, 4)).toThrow(/not a regular file/);
});
