import { chmodSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BINARY, TWVAULT } from '../support/cli.ts';
import { guardedRepository, type Repository } from '../support/repository.ts';

/** A repository with a guard and one commit. */
function guarded() {
  const made = guardedRepository();
  made.repository.commit('first.txt', 'nothing\n');
  expect(made.repository.twvault(['guard', 'install']).status).toBe(0);
  return made;
}

function expectStopped(
  repository: Repository,
  args: string[],
  { secret, path, cwd = repository.path }: { secret: string; path: string; cwd?: string },
) {
  const head = repository.must(['rev-parse', 'HEAD'], { cwd });
  const { status, stdout, stderr } = repository.git(args, { cwd });
  expect(status, stderr).not.toBe(0);
  expect(repository.must(['rev-parse', 'HEAD'], { cwd })).toBe(head);
  expect(stdout + stderr).toContain(path);
  expect(stdout + stderr).not.toContain(secret);
  return stdout + stderr;
}

describe('a commit with a stored key', () => {
  it('is stopped, says where the key is and what to do, and passes with the override', () => {
    const { repository, keys } = guarded();
    repository.write('bot.py', `import tweepy\nKEY = "${keys.api_secret}"\n`);
    repository.must(['add', '.']);
    const said = expectStopped(repository, ['commit', '-m', 'x'], {
      secret: keys.api_secret,
      path: 'bot.py:2',
    });
    expect(said).toMatch(/--scrub/);
    expect(said).toMatch(/--no-verify/);
    repository.must(['commit', '-q', '--no-verify', '-m', 'x']);
  });

  it('passes where this check alone is turned off', () => {
    const { repository, keys } = guarded();
    repository.write('bot.py', keys.api_secret);
    repository.must(['add', '.']);
    repository.must(['commit', '-q', '-m', 'x'], { env: { TWVAULT_GUARD: 'off' } });
  });

  it('is stopped in a linked work tree and from a sub-folder', () => {
    const { repository, keys, user } = guarded();
    const tree = join(user.root, 'tree');
    repository.must(['worktree', 'add', '-q', tree, '-b', 'side']);
    for (const top of [tree, repository.path]) {
      mkdirSync(join(top, 'deep'));
      writeFileSync(join(top, 'deep', 'keys.txt'), `a\nb\n${keys.access_token}\n`);
      repository.must(['add', '.'], { cwd: join(top, 'deep') });
      const place = { secret: keys.access_token, path: 'deep/keys.txt:3', cwd: join(top, 'deep') };
      expectStopped(repository, ['commit', '-m', 'x'], place);
    }
  });

  it('is stopped with -a, with a path, and with --amend', () => {
    const { repository, keys } = guarded();
    repository.write('first.txt', `${keys.api_secret}\n`);
    const place = { secret: keys.api_secret, path: 'first.txt:1' };
    expectStopped(repository, ['commit', '-am', 'x'], place);
    expectStopped(repository, ['commit', '-m', 'x', 'first.txt'], place);
    expectStopped(repository, ['commit', '-a', '--amend', '-m', 'x'], place);
  });

  it('is stopped in the resolution of a merge', () => {
    const { repository, keys } = guarded();
    repository.must(['checkout', '-q', '-b', 'side']);
    repository.commit('first.txt', 'theirs\n');
    repository.must(['checkout', '-q', 'main']);
    repository.commit('first.txt', 'ours\n');
    expect(repository.git(['merge', 'side']).status).toBe(1);
    repository.write('first.txt', `${keys.api_secret}\n`);
    repository.must(['add', '.']);
    expectStopped(repository, ['commit', '-m', 'x'], { secret: keys.api_secret, path: 'first.txt:1' });
    repository.write('first.txt', 'both\n');
    repository.must(['commit', '-qam', 'x']);
  });

  it('lets the rest of a file with partly staged changes pass', () => {
    const { repository, keys } = guarded();
    repository.write('first.txt', 'something else\n');
    repository.must(['add', '.']);
    repository.write('first.txt', `${keys.api_secret}\n`);
    repository.must(['commit', '-q', '-m', 'x']);
  });
});

describe('the hook', () => {
  it('prefers twvault on PATH, and says so where there is none at all', () => {
    const { repository, user } = guarded();
    const bin = join(user.root, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'twvault'), `#!/bin/sh\necho "from PATH: $*"\nexit 3\n`, { mode: 0o755 });
    repository.write('a.txt', 'a');
    repository.must(['add', '.']);
    const { status, stderr } = repository.git(['commit', '-m', 'x'], {
      env: { PATH: `${bin}:${process.env.PATH}` },
    });
    expect(status).toBe(1);
    expect(stderr).toContain('from PATH: scan --staged');

    const hook = join(repository.path, '.git/hooks/pre-commit');
    writeFileSync(hook, readFileSync(hook, 'utf8').replaceAll(TWVAULT, '/nowhere/twvault.js'));
    const lost = repository.git(['commit', '-m', 'x'], { env: { PATH: '/usr/bin:/bin' } });
    expect(lost.status).toBe(1);
    expect(lost.stderr).toMatch(/cannot find twvault/);
  });

  it('runs from a path with spaces and quotes', () => {
    const { user, repository, keys } = guardedRepository();
    const odd = join(user.root, `it's "odd" $HOME`);
    if (BINARY) cpSync(BINARY, odd);
    else symlinkSync(join(TWVAULT, '../..'), odd);
    const script = BINARY ? odd : join(odd, 'bin/twvault.js');
    const { status } = repository.user.run(['guard', 'install'], { cwd: repository.path, script });
    expect(status).toBe(0);
    repository.write('a.txt', 'a');
    repository.must(['add', '.']);
    repository.must(['commit', '-q', '-m', 'x']);
    repository.write('a.txt', keys.api_secret);
    expectStopped(repository, ['commit', '-am', 'x'], { secret: keys.api_secret, path: 'a.txt:1' });
  });

  it('runs the hook that was there first, with its input and its exit status', () => {
    const { repository, keys, user } = guardedRepository();
    const hook = join(repository.path, '.git/hooks/pre-commit');
    const text = `#!/bin/sh\ncat > "${user.root}/input"\necho "$0 $#" > "${user.root}/ran"\n[ ! -e "${user.root}/fail" ] || exit 9\n`;
    writeFileSync(hook, text);
    chmodSync(hook, 0o755);
    expect(repository.twvault(['guard', 'install']).status).toBe(0);
    repository.write('a.txt', 'a');
    repository.must(['add', '.']);
    repository.must(['commit', '-q', '-m', 'x']);
    expect(readFileSync(join(user.root, 'ran'), 'utf8')).toBe('.git/hooks/pre-commit.before-twvault 0\n');
    repository.write('a.txt', keys.api_secret);
    expectStopped(repository, ['commit', '-am', 'x'], { secret: keys.api_secret, path: 'a.txt:1' });
    writeFileSync(join(user.root, 'fail'), '');
    repository.write('a.txt', 'harmless');
    expect(repository.git(['commit', '-am', 'x']).status).not.toBe(0);
  });
});
