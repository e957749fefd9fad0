import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Secret } from '../../src/profile/secret.ts';
import { trackingOf } from '../../src/scrub/git.ts';
import { commitsWith } from '../../src/scrub/history.ts';
import { temporaryFolder } from '../support/cli.ts';
import { alphanumeric } from '../support/credentials.ts';
import { repository } from './repository.ts';

const [first, second] = [alphanumeric(25), alphanumeric(50)];
const values = [new Secret(first), new Secret(second)];

test('commits that brought a value in, newest first, with their paths', async () => {
  const { root, commit } = repository();
  const one = commit({ 'a b.py': `x = "${first}"\n`, other: 'nothing\n' });
  commit({ other: 'something\n' });
  const two = commit({ 'sub/ü.py': `\n${second}${second}\n`, 'a b.py': `x = "${first}"\n# more\n` });
  commit({ 'a b.py': 'x = 1\n' });

  expect(await commitsWith(root, values)).toEqual([
    { commit: two, path: 'sub/ü.py' },
    { commit: one, path: 'a b.py' },
  ]);
  expect(await commitsWith(join(root, 'sub'), [new Secret(first)])).toEqual([
    { commit: one, path: 'a b.py' },
  ]);
  expect(await commitsWith(root, [new Secret(alphanumeric(25))])).toEqual([]);
});

test('other branches, binary files and what a merge brought in count too', async () => {
  const { root, git, commit } = repository();
  const binary = commit({ 'blob.bin': Buffer.concat([Buffer.from([0, 1, 2, 0]), Buffer.from(first)]) });
  git('checkout', '-qb', 'side');
  const side = commit({ f: `${second}\n` });
  git('checkout', '-q', 'main');
  commit({ f: 'main\n' });
  expect(() => git('merge', '-q', 'side')).toThrow();
  const merge = commit({ f: `"${first}"\n` });

  const traces = await commitsWith(root, values);

  expect(new Set(traces?.map(({ commit: id, path }) => `${id} ${path}`))).toEqual(
    new Set([`${binary} blob.bin`, `${side} f`, `${merge} f`]),
  );
});

test('of a partial clone nothing is claimed', async () => {
  const { root, git, commit } = repository();
  commit({ f: `${first}\n` });
  commit({ f: 'gone\n' });
  git('config', 'uploadpack.allowFilter', 'true');
  git('clone', '-q', '--filter=blob:none', `file://${root}`, `${root}/clone`);
  expect(await commitsWith(`${root}/clone`, values)).toBeUndefined();
});

test('of a shallow clone only what it has is claimed', async () => {
  const { root, git, commit } = repository();
  commit({ f: `${first}\n` });
  commit({ f: 'gone\n' });
  const last = commit({ g: `${second}\n` });
  git('clone', '-q', '--depth=1', `file://${root}`, `${root}/clone`);
  expect(await commitsWith(`${root}/clone`, [new Secret(first)])).toBeUndefined();
  expect(await commitsWith(`${root}/clone`, values)).toEqual([{ commit: last, path: 'g' }]);
});

test('a value across the pieces of a long line is found', async () => {
  const { root, commit } = repository();
  const long = 'x'.repeat(9_000_000);
  const id = commit({ 'long.js': `${long}${first}${long}`, 'next.js': second });

  expect(await commitsWith(root, values)).toEqual([
    { commit: id, path: 'long.js' },
    { commit: id, path: 'next.js' },
  ]);
});

test('a diff that is shown in other ways is read all the same', async () => {
  const { root, git, commit } = repository();
  for (const setting of ['diff.noprefix', 'diff.mnemonicPrefix', 'log.showSignature'])
    git('config', setting, 'true');
  for (const setting of ['log.showRoot', 'log.follow']) git('config', setting, 'false');
  git('config', 'diff.external', 'false');
  git('config', 'color.ui', 'always');
  const id = commit({ 'k.py': first });

  expect(await commitsWith(root, values)).toEqual([{ commit: id, path: 'k.py' }]);
});

test('values of any kind are found, also encoded; what no search goes across is not answered', async () => {
  const { root, commit } = repository();
  for (const value of [
    'sh0rt',
    'onlyLettersHere',
    '31415926535',
    'WITH_AN_UNDERSCORE_1',
    'pün!ct;{u}a&t1on',
  ]) {
    const id = commit({ [value.length.toString()]: `x = "${value}"\n` });
    expect(await commitsWith(root, [new Secret(value)])).toEqual([
      { commit: id, path: String(value.length) },
    ]);
  }
  const encoded = commit({ b: `Basic ${Buffer.from(`${first}:${second}`).toString('base64')}\n` });
  expect(await commitsWith(root, values)).toEqual([{ commit: encoded, path: 'b' }]);
  expect(await commitsWith(root, [new Secret('two words')])).toBeUndefined();
});

test('what a reset took out of the branch counts', async () => {
  const { root, git, commit } = repository();
  commit({ a: 'a\n' });
  const lost = commit({ k: first });
  git('reset', '-q', '--hard', 'HEAD^');
  expect(await commitsWith(root, values)).toEqual([{ commit: lost, path: 'k' }]);
});

test('no repository: nothing to say', async () => {
  expect(await commitsWith(temporaryFolder(), values)).toBeUndefined();
});

test('what git keeps', () => {
  const { root, commit } = repository();
  commit({ '.gitignore': '.env\n', 'a[1].py': 'x' });
  for (const name of ['.env', 'new.py']) writeFileSync(join(root, name), '');

  expect(['a[1].py', '.env', 'new.py'].map((name) => trackingOf(root, name))).toEqual([
    'tracked',
    'ignored',
    'untracked',
  ]);
  expect(trackingOf(temporaryFolder(), 'x')).toBeUndefined();
});
