import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { RUNNER, TWVAULT } from '../support/cli.ts';
import { guardedRepository, type Repository } from '../support/repository.ts';

/** A PATH without twvault, as a program with windows has it. */
const SHORT = { PATH: '/usr/bin:/bin' };

/** Stages the secret and commits; gives what was said and whether there is a commit. */
function commit(repository: Repository, secret: string, env: Record<string, string>) {
  repository.write('a.txt', `${secret}\n`).must(['add', 'a.txt']);
  const { status, stdout, stderr } = repository.git(['commit', '-qm', 'x'], { env });
  expect(stdout + stderr).not.toContain(secret);
  return { status, said: stdout + stderr };
}

/** A repository whose hooks husky runs, as version 9 sets it up. */
function withHusky() {
  const made = guardedRepository();
  made.repository.must(['config', 'core.hooksPath', '.husky/_']);
  made.repository.write(
    '.husky/_/pre-commit',
    '#!/usr/bin/env sh\nsh -e "$(dirname "$0")/../pre-commit" "$@"\n',
  );
  chmodSync(join(made.repository.path, '.husky/_/pre-commit'), 0o755);
  return made;
}

describe("the project's hook", () => {
  it('finds twvault where PATH does not, for whoever installed the guard', () => {
    const { repository, keys } = withHusky();
    const config = join(repository.path, '.git/config');
    const before = readFileSync(config, 'utf8');
    expect(repository.twvault(['guard', 'install']).status).toBe(0);

    const { status, said } = commit(repository, keys.api_secret, SHORT);

    expect(said).toContain('a.txt:1');
    expect(status).not.toBe(0);
    expect(repository.twvault(['guard', 'uninstall']).status).toBe(0);
    expect(readFileSync(config, 'utf8')).toBe(before);
  });

  it('says that nothing is checked, and stops nobody who has no twvault', () => {
    const { repository, keys } = withHusky();
    expect(repository.twvault(['guard', 'install']).status).toBe(0);
    repository.must(['config', '--remove-section', 'twvault']); // as in another person's clone

    const { status, said } = commit(repository, keys.api_secret, SHORT);

    expect(said).toContain('not installed here, so this commit is not checked for credentials');
    expect(status).toBe(0);
  });
});

describe('a hook of our own', () => {
  it('finds twvault where PATH does not', () => {
    const { repository, keys } = guardedRepository();
    expect(repository.twvault(['guard', 'install']).status).toBe(0);
    const { status, said } = commit(repository, keys.api_secret, SHORT);
    expect(said).toContain('a.txt:1');
    expect(status).not.toBe(0);
  });

  it.each<[string, (root: string) => string]>([
    ['an absolute path with a space', (root) => join(root, 'my hooks')],
    ['a path below the home directory', () => '~/hooks'],
  ])('is put where core.hooksPath says: %s', (_, pathIn) => {
    const { repository, keys, user } = guardedRepository();
    repository.must(['config', 'core.hooksPath', pathIn(user.root)]);
    mkdirSync(join(repository.path, 'deep'));

    const { status } = repository.twvault(['guard', 'install', '--yes'], {
      cwd: join(repository.path, 'deep'),
    });

    expect(status).toBe(0);
    expect(existsSync(join(pathIn(user.root).replace('~', user.root), 'pre-commit'))).toBe(true);
    expect(commit(repository, keys.api_secret, SHORT).said).toContain('a.txt:1');
  });

  it('does not run one that was there and is not executable, as git did not, and says so', () => {
    const { repository, user } = guardedRepository();
    const ran = join(user.root, 'ran');
    writeFileSync(join(repository.path, '.git/hooks/pre-commit'), `#!/bin/sh\ntouch ${ran}\n`, {
      mode: 0o644,
    });

    const { stderr } = repository.twvault(['guard', 'install']);

    expect(stderr).toContain('it is not executable, so it is not run');
    expect(commit(repository, 'harmless', SHORT).status).toBe(0);
    expect(existsSync(ran)).toBe(false);
  });
});

describe('.pre-commit-hooks.yaml', () => {
  /** The hook as the pre-commit framework runs it: the words of its entry, in the repository. */
  function entry(): string {
    const [hook] = parse(readFileSync(join(import.meta.dirname, '../../.pre-commit-hooks.yaml'), 'utf8'));
    expect(hook).toMatchObject({ id: 'twvault', language: 'system', pass_filenames: false });
    return hook.entry;
  }

  it('stops a stored key, fails without twvault, and knows the override', () => {
    const { repository, keys, user } = guardedRepository();
    const bin = join(user.root, 'bin');
    mkdirSync(bin);
    const program = `#!/bin/sh\nexec ${RUNNER} ${TWVAULT} "$@"\n`;
    writeFileSync(join(bin, 'twvault'), program, { mode: 0o755 });
    repository.write('.git/hooks/pre-commit', `#!/bin/sh\n${entry()}\n`);
    chmodSync(join(repository.path, '.git/hooks/pre-commit'), 0o755);
    const env = { PATH: `${bin}:${SHORT.PATH}` };

    expect(commit(repository, keys.api_secret, env).said).toContain('a.txt:1');
    expect(commit(repository, keys.api_secret, SHORT).said).toMatch(/twvault: .*not found/);
    expect(repository.git(['log']).status).not.toBe(0); // no commit yet
    expect(commit(repository, 'harmless', env).status).toBe(0);
    expect(commit(repository, keys.api_secret, { ...env, TWVAULT_GUARD: 'off' }).status).toBe(0);
  });
});
