import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { alphanumeric, type Keys } from '../support/credentials.ts';
import { guardedRepository, type Repository } from '../support/repository.ts';

let repository: Repository;
let keys: Keys;

const start = (...options: string[]): void => {
  ({ repository, keys } = guardedRepository(...options));
};
beforeEach(() => start());

interface Found {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly rule: string;
  readonly field?: string;
  readonly commit?: string;
  readonly blob?: string;
}

const LOCKED = { TWVAULT_IDENTITY_FILE: '' };
const history = (cwd = repository.path, env: Record<string, string> = {}, args: string[] = []) =>
  repository.twvault(['scan', '--history', ...args], { cwd, env: { ...LOCKED, ...env } });

function findings(cwd?: string, env?: Record<string, string>): Found[] {
  const { stdout, stderr, status } = history(cwd, env, ['--json']);
  const { findings: all } = JSON.parse(stdout || '{}') as { findings?: Found[] };
  if (!all) throw new Error(stderr);
  expect(status, stderr).toBe(all.length > 0 ? 5 : 0);
  return all;
}

/** Where a scan of the history finds something: path, line, and the commit if there is one. */
const places = (cwd?: string, env?: Record<string, string>) =>
  findings(cwd, env).map(({ path, line, commit }) => [path, line, commit]);

const head = (): string => repository.must(['rev-parse', 'HEAD']).trim();
const forgetReflogs = (): void => {
  repository.must(['reflog', 'expire', '--expire=all', '--expire-unreachable=all', '--all']);
};
const shaped = (): string => `CONSUMER_SECRET = "${alphanumeric(50)}"\n`;
/** A commit that is in no branch's future: the next one begins from its parent. */
function sideCommit(path: string, text: string): string {
  repository.must(['checkout', '-q', '-b', 'side']);
  const commit = repository.commit(path, text);
  repository.must(['checkout', '-q', 'main']);
  return commit;
}

describe('scan --history', () => {
  it('names the commit that brought a value in, with path, line and column, once for all later versions', () => {
    repository.commit('readme', 'nothing\n');
    const first = repository.commit('src/bot.py', `import x\nkey = "${keys.api_key}"\n`);
    repository.commit('src/bot.py', `import x\nimport y\nkey = "${keys.api_key}"\n`);
    repository.commit('src/bot.py', 'import x\n');
    const second = repository.commit('src/other.py', `\n\n${shaped()}`);
    repository.must(['rm', '-q', 'src/other.py']);
    repository.must(['commit', '-qm', 'gone']);

    const text = history();
    expect(text.status).toBe(5);
    expect(text.stdout.split('\n').filter(Boolean)).toEqual([
      `src/bot.py:2:8: api_key of profile brand (commit ${first.slice(0, 12)})`,
      `src/other.py:3:20: looks like an X ${'API Key Secret'} (commit ${second.slice(0, 12)})`,
    ]);
    expect(text.stdout + text.stderr).not.toContain(keys.api_key);
    expect(places()).toEqual([
      ['src/bot.py', 2, first],
      ['src/other.py', 3, second],
    ]);
    expect(places(join(repository.path, 'src/..'))).toHaveLength(2);
  });

  it('has exit 0 where nothing is found, in an empty repository too', () => {
    expect(history()).toMatchObject({ status: 0, stdout: '' });
    repository.commit('a', 'b\n');
    expect(history().status).toBe(0);
  });

  it('finds the same in packs as in loose objects', () => {
    const first = repository.commit('a.txt', `${'words\n'.repeat(500)}${keys.api_key}\n`);
    for (let at = 1; at < 8; at += 1) {
      repository.commit('a.txt', `${'words\n'.repeat(500)}${keys.api_key}\n${'more\n'.repeat(at)}`);
    }
    const loose = places();
    expect(loose).toEqual([['a.txt', 501, first]]);
    repository.must(['gc', '-q']);
    expect(places()).toEqual(loose);
  });

  it('takes a large file for what its beginning says it is, also far behind it', () => {
    // Nothing in the middle shows that this is UTF-16.
    const wide = Buffer.from(`\ufeff${'\u6f22\u5b57'.repeat(3_000_000)}\n${keys.api_key}\n`, 'utf16le');
    const first = repository.commit('large.txt', wide);
    expect(places()).toEqual([['large.txt', 2, first]]);
  });

  it('names every path of a file that was renamed or copied', () => {
    const first = repository.commit('old name.py', `x\n${keys.api_secret}\n`);
    repository.must(['mv', 'old name.py', 'new name.py']);
    repository.must(['commit', '-qm', 'moved']);
    expect(places()).toEqual([
      ['new name.py', 2, head()],
      ['old name.py', 2, first],
    ]);
  });

  it('reads messages of commits and tags, and notes', () => {
    const commit = repository.commit('a', 'b\n', `Subject\n\nthe key is ${keys.api_key}`);
    repository.must(['tag', '-a', 'v1', '-m', `release\n${keys.api_secret}`]);
    repository.must(['notes', 'add', '-m', `note\n${keys.access_token}`]);
    const note = repository.must(['rev-parse', 'refs/notes/commits']).trim();
    expect(places()).toEqual([
      ['(commit message)', 3, commit],
      [`(note on ${commit})`, 2, note],
      ['(tag message)', 2, commit],
    ]);
  });

  it('reads what was stashed, staged and untracked files too', () => {
    repository.commit('a.txt', 'a\n');
    repository.write('a.txt', `a\n${keys.api_key}\n`);
    repository.write('new.txt', `${keys.api_secret}\n`);
    repository.must(['stash', '-q', '-u']);
    repository.write('a.txt', `${keys.access_token}\n`);
    repository.must(['add', '.']);
    repository.must(['stash', '-q']);
    const stash = repository
      .must(['rev-parse', 'stash@{1}', 'stash@{1}^3', 'stash@{0}^2'])
      .trim()
      .split('\n');
    const [older, untracked, index] = stash;
    expect(places()).toEqual([
      ['a.txt', 1, index],
      ['a.txt', 2, older],
      ['new.txt', 1, untracked],
    ]);
  });

  it('reads what only a reflog reaches', () => {
    repository.commit('a', 'b\n');
    const lost = repository.commit('keys.txt', `\n${keys.api_key}`);
    repository.must(['reset', '-q', '--hard', 'HEAD^']);
    expect(places()).toEqual([['keys.txt', 2, lost]]);
  });

  it('reads a deleted branch that nothing reaches any more, and names its commit', () => {
    repository.commit('a', 'b\n');
    const lost = sideCommit('deep/keys.txt', `1\n2\n${keys.api_key}\n`);
    repository.must(['branch', '-qD', 'side']);
    forgetReflogs();
    expect(places()).toEqual([['deep/keys.txt', 3, lost]]);
    expect(history().stdout).toContain('deep/keys.txt:3:1: api_key');
  });

  it('names the message of a lost commit and of a lost tag', () => {
    repository.commit('a', 'b\n');
    repository.must(['checkout', '-q', '-b', 'side']);
    const lost = repository.commit('c', 'd\n', keys.api_key);
    repository.must(['tag', '-a', 'gone', '-m', keys.api_secret]);
    repository.must(['checkout', '-q', 'main']);
    repository.must(['branch', '-qD', 'side']);
    repository.must(['tag', '-d', 'gone']);
    forgetReflogs();
    expect(places()).toEqual([
      ['(commit message)', 1, lost],
      ['(tag message)', 1, undefined],
    ]);
  });

  it('names the path of what is only staged, and the blob of what is nowhere', () => {
    repository.write('staged.txt', `\n${keys.api_key}\n`);
    repository.must(['add', '.']);
    expect(places()).toEqual([['staged.txt', 2, undefined]]);
    repository.write('staged.txt', 'harmless\n');
    repository.must(['add', '.']);
    const [lost] = findings();
    expect(lost).toMatchObject({ path: '(unreachable)', line: 2 });
    expect(lost).not.toHaveProperty('commit');
    expect(repository.must(['cat-file', 'blob', lost?.blob ?? ''])).toBe(`\n${keys.api_key}\n`);
    expect(history().stdout).toContain(`(object ${lost?.blob?.slice(0, 12)})`);
  });

  it('names the path of a blob that a reference names', () => {
    repository.write('x', keys.api_key);
    const blob = repository.must(['hash-object', '-w', 'x']).trim();
    repository.must(['tag', 'my-key', blob]);
    expect(places()).toEqual([['(refs/tags/my-key)', 1, undefined]]);
  });

  it('reads what a merge brought in, and what its sides had', () => {
    repository.commit('f', 'base\n');
    const side = sideCommit('f', `${keys.api_secret}\n`);
    repository.commit('f', 'ours\n');
    expect(repository.git(['merge', '-q', 'side']).status).toBe(1);
    const merge = repository.commit('f', `x\n${keys.api_key}\n`);
    const conflict = ['(unreachable)', 4, undefined]; // what git wrote between its markers
    expect(places()).toEqual([conflict, ['f', 1, side], ['f', 2, merge]]);
  });

  it('names the older commit whatever their clocks say', () => {
    const dated = (date: string): Record<string, string> => ({ GIT_COMMITTER_DATE: date });
    repository.commit('z', 'z\n');
    const commits = ['2030-01-01T00:00:00Z', '2001-01-01T00:00:00Z', '2020-01-01T00:00:00Z'].map(
      (date, at) => {
        repository.write('a', `${keys.api_key}\n${'x\n'.repeat(at)}`);
        repository.must(['add', '.']);
        repository.must(['commit', '-qm', 'x'], { env: dated(date) });
        return head();
      },
    );
    expect(places()).toEqual([['a', 1, commits[0]]]);
  });

  it('reads the whole repository from a linked work tree', () => {
    const first = repository.commit('a', `${keys.api_key}\n`);
    const tree = join(repository.user.root, 'tree');
    repository.must(['worktree', 'add', '-q', '--detach', tree]);
    writeFileSync(join(tree, 'b'), keys.api_secret);
    repository.must(['add', '.'], { cwd: tree });
    repository.must(['commit', '-qm', 'x'], { cwd: tree });
    const second = repository.must(['rev-parse', 'HEAD'], { cwd: tree }).trim();
    const both = [
      ['a', 1, first],
      ['b', 1, second],
    ];
    expect(places(tree)).toEqual(both);
    expect(places()).toEqual(both);
  });

  it('reads repositories with SHA-256', () => {
    start('--object-format=sha256');
    const first = repository.commit('a', `\n${keys.api_key}\n`);
    expect(first).toHaveLength(64);
    repository.must(['notes', 'add', '-m', keys.api_secret]);
    expect(places().slice(1)).toEqual([['a', 2, first]]);
    expect(places()[0]?.[0]).toBe(`(note on ${first})`);
  });

  it('reads a shallow clone', () => {
    repository.commit('a', `${keys.api_key}\n`);
    const second = repository.commit('b', 'b\n');
    const clone = join(repository.user.root, 'clone');
    repository.must(['clone', '-q', '--depth=1', `file://${repository.path}`, clone]);
    expect(places(clone)).toEqual([['a', 1, second]]);
  });

  it('finds stored values in binary files', () => {
    const bytes = Buffer.concat([
      Buffer.from([0, 1, 2, 0xff, 10]),
      Buffer.from(keys.api_key),
      Buffer.alloc(9),
    ]);
    const commit = repository.commit('a.bin', bytes);
    expect(places()).toEqual([['a.bin', 2, commit]]);
  });

  it('counts lines through large files', () => {
    const line = `${'x'.repeat(99)}\n`;
    const commit = repository.commit('large.txt', `${line.repeat(200_000)}${keys.api_key}\n${line}`);
    expect(places()).toEqual([['large.txt', 200_001, commit]]);
  });

  it('shows names with spaces, line feeds and bytes that are no UTF-8', () => {
    const names = ['a b.txt', 'line\nfeed', ':colon', 'tab\there', 'ü.txt'];
    for (const name of names) writeFileSync(join(repository.path, name), `${name}\0${keys.api_key}`);
    const odd = Buffer.concat([Buffer.from(`${repository.path}/odd`), Buffer.from([0xff])]);
    writeFileSync(odd, keys.api_key);
    repository.must(['add', '-A']);
    const expected = [...names, 'odd\\xff'].sort();
    expect(places()).toEqual(expected.map((name) => [name, name === 'line\nfeed' ? 2 : 1, undefined]));
    repository.must(['commit', '-qm', 'x']);
    expect(places()).toEqual(expected.map((name) => [name, name === 'line\nfeed' ? 2 : 1, head()]));
    const { stdout } = history();
    expect(stdout).toContain('line\\nfeed:2:6:');
    expect(stdout.trim().split('\n')).toHaveLength(expected.length);
  });

  it('reads links, and is not stopped by a submodule that is not there', () => {
    symlinkSync(`/${keys.api_key}`, join(repository.path, 'link'));
    const inner = repository.commit('a', 'b\n');
    repository.must(['update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},module`]);
    repository.must(['commit', '-qm', 'module']);
    expect(places()).toEqual([['link', 1, inner]]);
  });

  it('reads a bare repository, and the one that GIT_DIR names', () => {
    const first = repository.commit('a', `${keys.api_key}\n`);
    const bare = join(repository.user.root, 'bare.git');
    repository.must(['clone', '-q', '--bare', repository.path, bare]);
    repository.must(['--git-dir', bare, 'hash-object', '-w', '--stdin']);
    expect(places(bare)).toEqual([['a', 1, first]]);
    const elsewhere = join(repository.user.root, 'elsewhere');
    mkdirSync(elsewhere);
    expect(places(elsewhere, { GIT_DIR: bare })).toEqual([['a', 1, first]]);
    expect(places(repository.path, { GIT_DIR: '../bare.git', GIT_WORK_TREE: '.' })).toEqual([
      ['a', 1, first],
    ]);
  });

  it('does not call a partial clone clean whose objects were never fetched', () => {
    const first = repository.commit('a', `${keys.api_key}\n`);
    repository.commit('a', 'gone\n');
    repository.must(['config', 'uploadpack.allowFilter', 'true']);
    const clone = join(repository.user.root, 'clone');
    const source = `file://${repository.path}`;
    repository.must(['clone', '-q', '--filter=blob:none', source, clone]);
    expect(history(clone)).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(/1 object of its history not fetched.*\n.*not the whole history/),
    });
    repository.must(['fetch', '-q', '--refetch', '--no-filter'], { cwd: clone });
    expect(places(clone)).toEqual([['a', 1, first]]);
  });

  it('does not call a shallow clone clean whose older commits were never fetched', () => {
    const first = repository.commit('a', `${keys.api_key}\n`);
    repository.commit('a', 'gone\n');
    const clone = join(repository.user.root, 'clone');
    repository.must(['clone', '-q', '--depth=1', `file://${repository.path}`, clone]);
    expect(history(clone)).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(/shallow clone.*\n.*not the whole history\n.*git fetch --unshallow/),
    });
    repository.must(['fetch', '-q', '--unshallow'], { cwd: clone });
    expect(places(clone)).toEqual([['a', 1, first]]);
    expect(history(clone).stderr).not.toContain('shallow');
  });

  it('says what is wrong outside a repository', () => {
    const outside = join(repository.user.root, 'work');
    const { status, stderr } = history(outside);
    expect(status).toBe(2);
    expect(stderr).toContain(`${outside} is not in a git repository`);
  });

  it('reports what it finds although the history is damaged', () => {
    const first = repository.commit('a', `${keys.api_key}\n`);
    repository.commit('b', 'b\n');
    rmSync(join(repository.path, '.git/objects', first.slice(0, 2), first.slice(2)));
    expect(places()).toEqual([['a', 1, undefined]]);
    expect(history().stderr).toContain('git could not say which commits hold what was found');
  });

  it('takes no path, and accepts by marker and baseline', () => {
    expect(history(undefined, {}, ['src']).status).toBe(2);
    repository.commit('a', `${keys.api_key} # twvault:allow\n${keys.api_secret}\n`);
    const { stdout, stderr } = history();
    expect(stdout).toContain('a:2:1: api_secret');
    expect(stdout).not.toContain('a:1:');
    expect(stderr).toContain('1 finding accepted by a marker');
    expect(history(undefined, {}, ['--write-baseline']).status).toBe(0);
    expect(history().status).toBe(0);
  });

  it('reads a large repository with every reader', () => {
    const lines = Array.from({ length: 9000 }, (_, at) => {
      const text = at % 1000 === 7 ? `${at}\n${keys.api_key}\n` : `${at}\n`;
      return `M 644 inline f${at}\ndata ${text.length}\n${text}`;
    });
    const input = [
      'commit refs/heads/main',
      'committer A <a@example.com> 0 +0000',
      'data 0',
      ...lines,
      '',
    ].join('\n');
    const { status } = spawnSync('git', ['fast-import', '--quiet'], { cwd: repository.path, input });
    expect(status).toBe(0);
    const held = [1007, 2007, 3007, 4007, 5007, 6007, 7, 7007, 8007];
    expect(places()).toEqual(held.map((at) => [`f${at}`, 2, head()]));
  });
});
