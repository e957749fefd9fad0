import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { alphanumeric, type Keys } from '../support/credentials.ts';
import { guardedRepository, type Repository } from '../support/repository.ts';

let repository: Repository;
let keys: Keys;

beforeEach(() => {
  ({ repository, keys } = guardedRepository());
});

const scan = (args: string[] = [], cwd = repository.path) =>
  repository.twvault(['scan', '--staged', ...args], { cwd, env: { TWVAULT_IDENTITY_FILE: '' } });

interface Report {
  readonly findings: { path: string; line: number; rule: string; field?: string; profile?: string }[];
  readonly files: number;
}

function report(cwd?: string): Report {
  const { status, stdout, stderr } = scan(['--json'], cwd);
  if (stdout === '') throw new Error(stderr);
  const parsed = JSON.parse(stdout) as Report;
  expect(status, stderr).toBe(parsed.findings.length > 0 ? 5 : 0);
  return parsed;
}
const places = (cwd?: string) => report(cwd).findings.map(({ path, line }) => [path, line]);
const stage = (path: string, text: string | Uint8Array): void => {
  repository.write(path, text);
  repository.must(['add', '-A']);
};
const shaped = (value = alphanumeric(50)): string => `CONSUMER_SECRET = "${value}"\n`;

describe('scan --staged', () => {
  it('reads the index, and not the work tree', () => {
    repository.commit('a.py', 'a\n');
    stage('a.py', `a\nkey = "${keys.api_key}"\n`);
    repository.write('a.py', `a\nclean\n`);
    expect(places()).toEqual([['a.py', 2]]);
    stage('a.py', 'a\nclean\n');
    repository.write('a.py', `a\nkey = "${keys.api_key}"\n`);
    repository.write('untracked.py', keys.api_key);
    expect(report()).toMatchObject({ findings: [], files: 1 });
  });

  it('works before the first commit, and where nothing is staged', () => {
    expect(report()).toMatchObject({ findings: [], files: 0 });
    stage('a.py', `\n\n${keys.api_secret}`);
    expect(places()).toEqual([['a.py', 3]]);
    const { stdout, stderr } = scan();
    expect(stdout).toBe('a.py:3:1: api_secret of profile brand\n');
    expect(stderr).toContain('twvault import FILE --scrub');
  });

  it('reports what looks like a credential only where the file did not have it before', () => {
    const old = shaped();
    repository.commit('a.py', old);
    stage('a.py', `x = 1\n${old}`);
    expect(places()).toEqual([]);
    stage('a.py', `x = 1\n${old}${shaped()}`);
    expect(places()).toEqual([['a.py', 3]]);
    stage('b.py', old);
    expect(places()).toEqual([
      ['a.py', 3],
      ['b.py', 1],
    ]);
  });

  it('reports a stored value although the file had it before', () => {
    repository.commit('a.py', `${keys.api_key}\n`);
    stage('a.py', `${keys.api_key}\nmore\n`);
    expect(places()).toEqual([['a.py', 1]]);
  });

  it('lets a file with a value be deleted', () => {
    repository.commit('a.py', `${keys.api_key}\n`);
    repository.must(['rm', '-q', 'a.py']);
    expect(report()).toMatchObject({ findings: [], files: 0 });
  });

  it('knows a renamed file by what it was', () => {
    const text = `${shaped()}${'line\n'.repeat(30)}`;
    repository.commit('old.py', text);
    repository.must(['mv', 'old.py', 'new name.py']);
    expect(report()).toMatchObject({ findings: [], files: 0 });
    stage('new name.py', `${text}${keys.api_key}\n`);
    expect(places()).toEqual([['new name.py', 32]]);
  });

  it('reads links, and files that became links', () => {
    repository.commit('a', 'b\n');
    rmSync(join(repository.path, 'a'));
    symlinkSync(`/${keys.api_key}`, join(repository.path, 'a'));
    repository.must(['add', '-A']);
    expect(places()).toEqual([['a', 1]]);
  });

  it('passes over submodules', () => {
    repository.commit('a', 'b\n');
    repository.must(['update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},module`]);
    expect(report()).toMatchObject({ findings: [], files: 0 });
  });

  it('passes over what is only intended to be added', () => {
    repository.write('later.py', keys.api_key);
    repository.must(['add', '-N', 'later.py']);
    expect(places()).toEqual([]);
    repository.must(['add', 'later.py']);
    expect(places()).toEqual([['later.py', 1]]);
  });

  it('reads the whole index from a subfolder, whatever the user has configured', () => {
    mkdirSync(join(repository.path, 'deep/er'), { recursive: true });
    repository.must(['config', 'diff.relative', 'true']);
    repository.must(['config', 'diff.renames', 'false']);
    repository.must(['config', 'diff.external', 'false']);
    repository.must(['config', 'color.ui', 'always']);
    stage('top.py', keys.api_key);
    stage('deep/er/b.py', keys.api_secret);
    expect(places(join(repository.path, 'deep/er'))).toEqual([
      ['deep/er/b.py', 1],
      ['top.py', 1],
    ]);
  });

  it('reads what a merge in progress would commit, and knows what the other branch has', () => {
    const theirs = shaped();
    repository.commit('f', 'base\n');
    repository.must(['checkout', '-q', '-b', 'side']);
    repository.commit('f', `side\n${theirs}`);
    repository.commit('g', theirs);
    repository.must(['checkout', '-q', 'main']);
    repository.commit('f', 'main\n');
    expect(repository.git(['merge', '-q', 'side']).status).toBe(1);
    expect(places(), 'a conflict').toEqual([]);
    stage('f', `both\n${theirs}`);
    expect(places(), 'resolved with what they had').toEqual([]);
    stage('f', `both\n${theirs}${keys.api_key}\n`);
    expect(places(), 'resolved with more').toEqual([['f', 3]]);
  });

  it('reads binary files, and shows odd names on one line', () => {
    const odd = Buffer.concat([Buffer.from(`${repository.path}/o\n`), Buffer.from([0xff])]);
    writeFileSync(odd, Buffer.concat([Buffer.from([0, 1, 2]), Buffer.from(keys.api_key)]));
    repository.must(['add', '-A']);
    expect(places()).toEqual([['o\n\\xff', 1]]);
    expect(scan().stdout).toBe('o\\n\\xff:1:4: api_key of profile brand\n');
  });

  it('reads an index of a linked work tree', () => {
    repository.commit('a', 'b\n');
    const tree = join(repository.user.root, 'tree');
    repository.must(['worktree', 'add', '-q', '--detach', tree]);
    writeFileSync(join(tree, 'c'), keys.api_key);
    repository.must(['add', '.'], { cwd: tree });
    expect(places(tree)).toEqual([['c', 1]]);
    expect(places()).toEqual([]);
  });

  it('accepts by marker and baseline', () => {
    stage('a.py', `${keys.api_key} # twvault:allow\n`);
    expect(scan()).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('1 finding accepted by a marker'),
    });
    stage('a.py', keys.api_key);
    expect(scan(['--write-baseline']).status).toBe(0);
    expect(scan()).toMatchObject({ status: 0, stderr: expect.stringContaining('accepted by the baseline') });
  });

  it('says what is wrong outside a repository, and takes no path', () => {
    const outside = join(repository.user.root, 'work');
    expect(scan([], outside)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(`${outside} is not in a git repository`),
    });
    expect(scan(['a.py']).status).toBe(2);
  });
});
