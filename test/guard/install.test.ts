import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { RUNNER, TWVAULT, User } from '../support/cli.ts';
import { guardedRepository, Repository } from '../support/repository.ts';

const repositoryOf = (...options: string[]) => new Repository(new User(), 'repo', ...options);
const hookOf = ({ path }: Repository): string => join(path, '.git/hooks/pre-commit');

/** What is in a hooks folder: names, modes, links and contents, apart from git's samples. */
function snapshot(folder: string): unknown[] {
  return readdirSync(folder)
    .filter((name) => !name.endsWith('.sample'))
    .map((name) => {
      const path = join(folder, name);
      const stat = lstatSync(path);
      const content = stat.isSymbolicLink() ? readlinkSync(path) : stat.isFile() && readFileSync(path, 'hex');
      return [name, stat.mode, content];
    });
}

const CONFIG = 'repos:\n  - repo: meta\n    hooks: []\n';

/** A repository whose hook was put there by a hook manager. */
const managedBy = (mark: string) => (repository: Repository) =>
  writeFileSync(hookOf(repository), `#!/bin/sh\n${mark}\n`, { mode: 0o755 });

function must({ status, stderr }: { status: number | null; stderr: string }): string {
  expect(status, stderr).toBe(0);
  return stderr;
}

describe('guard install', () => {
  it('does the same again without a change', () => {
    const repository = repositoryOf();
    must(repository.twvault(['guard', 'install']));
    const first = snapshot(join(repository.path, '.git/hooks'));
    expect(must(repository.twvault(['guard', 'install']))).toMatch(/checked already/);
    expect(snapshot(join(repository.path, '.git/hooks'))).toEqual(first);
  });

  it('refuses a bare repository, a folder without one, and hooks that are turned off', () => {
    const bare = repositoryOf('--bare').twvault(['guard', 'install']);
    expect(bare).toMatchObject({ status: 2, stderr: expect.stringMatching(/bare/) });
    const none = new User().run(['guard', 'install']);
    expect(none).toMatchObject({ status: 2, stderr: expect.stringMatching(/not in a git repository/) });
    const repository = repositoryOf();
    repository.must(['config', 'core.hooksPath', '/dev/null']);
    const off = repository.twvault(['guard', 'install']);
    expect(off).toMatchObject({ status: 2, stderr: expect.stringMatching(/turned off/) });
  });

  it('follows core.hooksPath, relative to the top, from a sub-folder', () => {
    const repository = repositoryOf();
    repository.must(['config', 'core.hooksPath', 'my hooks']);
    mkdirSync(join(repository.path, 'sub'));
    must(repository.twvault(['guard', 'install'], { cwd: join(repository.path, 'sub') }));
    expect(existsSync(join(repository.path, 'my hooks/pre-commit'))).toBe(true);
    expect(existsSync(hookOf(repository))).toBe(false);
  });

  it('does not change a folder outside the repository without --yes', () => {
    const repository = repositoryOf();
    const shared = join(repository.user.root, 'shared');
    repository.must(['config', '--global', 'core.hooksPath', shared]);
    const refused = repository.twvault(['guard', 'install']);
    expect(refused).toMatchObject({ status: 2, stderr: expect.stringMatching(/global.*--yes/s) });
    expect(existsSync(shared)).toBe(false);
    must(repository.twvault(['guard', 'install', '--yes']));
    expect(existsSync(join(shared, 'pre-commit'))).toBe(true);
  });

  describe('does not follow a link out of the repository', () => {
    const outside = ({ user }: Repository): string => {
      const path = join(user.root, 'mine');
      writeFileSync(path, CONFIG);
      return path;
    };

    it.each([
      [
        '.husky/pre-commit',
        (repository: Repository) => repository.must(['config', 'core.hooksPath', '.husky']),
      ],
      ['.pre-commit-config.yaml', managedBy('# https://pre-commit.com')],
      ['lefthook.yml', managedBy('lefthook')],
    ])('that is %s', (name, prepare) => {
      const repository = repositoryOf();
      mkdirSync(join(repository.path, '.husky'));
      prepare(repository);
      const file = outside(repository);
      symlinkSync(file, join(repository.path, name));
      expect(repository.twvault(['guard', 'install'])).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/leads out of this repository/),
      });
      expect(readFileSync(file, 'utf8')).toBe(CONFIG);
    });

    it('that is the hooks folder, without --yes', () => {
      const repository = repositoryOf();
      const elsewhere = join(repository.user.root, 'elsewhere');
      mkdirSync(elsewhere);
      symlinkSync(elsewhere, join(repository.path, '.husky'));
      repository.must(['config', 'core.hooksPath', '.husky']);
      expect(repository.twvault(['guard', 'install'])).toMatchObject({
        status: 2,
        stderr: expect.stringMatching(/outside this repository.*--yes/s),
      });
      expect(readdirSync(elsewhere)).toEqual([]);
      must(repository.twvault(['guard', 'install', '--yes']));
      expect(readdirSync(elsewhere)).toEqual(['pre-commit']);
    });

    it('but within it', () => {
      const repository = repositoryOf().write('conf/pre-commit.yaml', CONFIG);
      managedBy('# https://pre-commit.com')(repository);
      symlinkSync('conf/pre-commit.yaml', join(repository.path, '.pre-commit-config.yaml'));
      must(repository.twvault(['guard', 'install']));
      expect(readFileSync(join(repository.path, 'conf/pre-commit.yaml'), 'utf8')).toMatch(/twvault/);
    });
  });

  it('says so where another hook was put in its place', () => {
    const repository = repositoryOf();
    writeFileSync(hookOf(repository), '#!/bin/sh\n', { mode: 0o755 });
    must(repository.twvault(['guard', 'install']));
    writeFileSync(hookOf(repository), '#!/bin/sh\nexit 0\n');
    const { status, stderr } = repository.twvault(['guard', 'install']);
    expect(status).toBe(1);
    expect(stderr).toMatch(/exists already/);
    expect(readFileSync(hookOf(repository), 'utf8')).toBe('#!/bin/sh\nexit 0\n');
  });

  it('status tells', () => {
    const repository = repositoryOf();
    expect(repository.twvault(['guard', 'status']).status).toBe(1);
    must(repository.twvault(['guard', 'install']));
    expect(repository.twvault(['guard', 'status']).stdout).toBe(`git hook: ${hookOf(repository)}\n`);
    expect(JSON.parse(repository.twvault(['guard', 'status', '--json']).stdout)).toEqual({
      active: true,
      guards: [{ kind: 'hook', file: hookOf(repository) }],
    });
  });
});

describe('guard uninstall', () => {
  const before: Record<string, (hook: string) => void> = {
    nothing: () => {},
    'an executable hook': (hook) => writeFileSync(hook, '#!/bin/bash\necho \xff hi', { mode: 0o755 }),
    'a hook that is not executable': (hook) => writeFileSync(hook, 'echo\r\n', { mode: 0o640 }),
    'a link': (hook) => symlinkSync('../../scripts/check', hook),
    'an empty file': (hook) => writeFileSync(hook, ''),
  };
  it.each(Object.entries(before))('puts back %s byte for byte', (_, make) => {
    const repository = repositoryOf();
    const folder = join(repository.path, '.git/hooks');
    make(hookOf(repository));
    const was = snapshot(folder);
    must(repository.twvault(['guard', 'install']));
    expect(snapshot(folder)).not.toEqual(was);
    must(repository.twvault(['guard', 'uninstall']));
    expect(snapshot(folder)).toEqual(was);
  });

  it('takes out only its own part where the hook was changed since', () => {
    const repository = repositoryOf();
    const hook = hookOf(repository);
    writeFileSync(hook, `#!/bin/sh\ntouch ran\n`, { mode: 0o755 });
    must(repository.twvault(['guard', 'install']));
    writeFileSync(hook, `${readFileSync(hook, 'utf8')}touch added\n`);
    expect(must(repository.twvault(['guard', 'uninstall']))).toMatch(/was changed since/);
    expect(readFileSync(hook, 'utf8')).not.toMatch(/twvault guard|scan/);
    repository.write('a', 'a').must(['add', 'a']);
    repository.must(['commit', '-qm', 'x']);
    expect(readdirSync(repository.path)).toEqual(expect.arrayContaining(['ran', 'added']));
  });

  it('fails where there is none', () => {
    const { status, stderr } = repositoryOf().twvault(['guard', 'uninstall']);
    expect(status).toBe(1);
    expect(stderr).toMatch(/no guard/);
  });
});

describe('where husky rules', () => {
  it('adds to the script of version 9, and takes it out again', () => {
    const { repository, keys } = guardedRepository();
    repository.must(['config', 'core.hooksPath', '.husky/_']);
    // What husky 9 generates, in short: the hook runs the script of the same name one folder up.
    repository.write(
      '.husky/_/pre-commit',
      '#!/usr/bin/env sh\nsh -e "$(dirname "$0")/../pre-commit" "$@"\n',
    );
    chmodSync(join(repository.path, '.husky/_/pre-commit'), 0o755);
    repository.write('.husky/pre-commit', 'touch linted');
    repository.must(['commit', '-qm', 'x', '--no-verify', '--allow-empty']);
    expect(must(repository.twvault(['guard', 'install']))).toMatch(/commit it/);
    const bin = join(repository.user.root, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'twvault'), `#!/bin/sh\nexec ${RUNNER} ${TWVAULT} "$@"\n`, {
      mode: 0o755,
    });
    const env = { PATH: `${bin}:${process.env.PATH}` };
    repository.write('a.txt', 'a').must(['add', 'a.txt']);
    repository.must(['commit', '-qm', 'x'], { env });
    expect(existsSync(join(repository.path, 'linted'))).toBe(true);
    repository.write('a.txt', keys.api_secret);
    expect(repository.git(['commit', '-am', 'x'], { env }).stderr).toContain('a.txt:1');
    expect(repository.must(['rev-list', '--count', 'HEAD'])).toBe('2\n');
    must(repository.twvault(['guard', 'uninstall']));
    expect(readFileSync(join(repository.path, '.husky/pre-commit'), 'utf8')).toBe('touch linted');
  });

  it('adds behind the header of version 8, and makes a script where there is none', () => {
    const repository = repositoryOf();
    repository.must(['config', 'core.hooksPath', '.husky']);
    const file = join(repository.path, '.husky/pre-commit');
    const text = '#!/usr/bin/env sh\n. "$(dirname -- "$0")/_/husky.sh"\n\nnpx lint-staged\n';
    repository.write('.husky/pre-commit', text);
    must(repository.twvault(['guard', 'install']));
    const lines = readFileSync(file, 'utf8').split('\n');
    expect(lines[1]).toContain('husky.sh');
    expect(lines.indexOf('npx lint-staged')).toBeGreaterThan(lines.indexOf('# <<< twvault guard'));
    must(repository.twvault(['guard', 'uninstall']));
    expect(readFileSync(file, 'utf8')).toBe(text);
    repository.must(['config', 'core.hooksPath', '.husky/_']);
    repository.must(['clean', '-qfdx']);
    must(repository.twvault(['guard', 'install']));
    expect(existsSync(file)).toBe(true);
    must(repository.twvault(['guard', 'uninstall']));
    expect(existsSync(file)).toBe(false);
  });
});

describe('where lefthook or the pre-commit framework rule', () => {
  const lefthook: Record<string, string> = {
    commands:
      '# ours\npre-commit:\n    parallel: true\n    commands:\n        # first\n        lint:\n            run: "x"\n\npost-merge: {}\n',
    jobs: 'pre-commit:\n  jobs:\n  - run: x\n',
    'another hook only': 'commit-msg:\n  commands:\n    a: {run: x}',
    'neither commands nor jobs': 'pre-commit:\r\n  parallel: true\r\n',
    nothing: '# only a comment\n',
  };
  it.each(Object.entries(lefthook))('adds to a lefthook.yml with %s, and takes it out', (_, text) => {
    const repository = repositoryOf();
    const file = join(repository.path, 'lefthook.yml');
    writeFileSync(file, text);
    writeFileSync(hookOf(repository), '#!/bin/sh\n# LEFTHOOK\nlefthook run pre-commit\n', { mode: 0o755 });
    must(repository.twvault(['guard', 'install']));
    const made = parse(readFileSync(file, 'utf8'));
    const { commands, jobs } = made['pre-commit'];
    expect((commands?.twvault ?? jobs[0]).run).toContain('twvault scan --staged');
    expect({ ...(parse(text) ?? {}), 'pre-commit': 0 }).toEqual({ ...made, 'pre-commit': 0 });
    must(repository.twvault(['guard', 'install']));
    must(repository.twvault(['guard', 'uninstall']));
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('says what to add where the form of the file does not allow it', () => {
    const repository = repositoryOf();
    writeFileSync(hookOf(repository), '#!/bin/sh\nlefthook run pre-commit\n', { mode: 0o755 });
    for (const text of [
      '{pre-commit: {commands: {a: {run: x}}}}\n',
      'pre-commit:\n  commands: {}\n',
      'a: [',
    ]) {
      writeFileSync(join(repository.path, 'lefthook.yml'), text);
      const { status, stderr } = repository.twvault(['guard', 'install']);
      expect(status).toBe(2);
      expect(stderr).toMatch(/by hand/);
      expect(readFileSync(join(repository.path, 'lefthook.yml'), 'utf8')).toBe(text);
    }
  });

  it('adds a local hook to .pre-commit-config.yaml, and takes it out', () => {
    const repository = repositoryOf();
    const file = join(repository.path, '.pre-commit-config.yaml');
    const text =
      "# ours\nrepos:\n-   repo: https://example.com/a # a\n    rev: 'v1'\n    hooks:\n    -   id: x";
    writeFileSync(file, text);
    const hook = '#!/usr/bin/env bash\n# File generated by pre-commit: https://pre-commit.com\n';
    writeFileSync(hookOf(repository), hook, { mode: 0o755 });
    must(repository.twvault(['guard', 'install']));
    const [first, second] = parse(readFileSync(file, 'utf8')).repos;
    expect(first).toMatchObject({ repo: 'local', hooks: [{ id: 'twvault', pass_filenames: false }] });
    expect(second).toEqual(parse(text).repos[0]);
    must(repository.twvault(['guard', 'uninstall']));
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(readFileSync(hookOf(repository), 'utf8')).toBe(hook);
  });

  it('puts its own hook where they are configured but run nothing yet', () => {
    const repository = repositoryOf();
    writeFileSync(join(repository.path, 'lefthook.yml'), 'pre-commit:\n  commands:\n    a:\n      run: x\n');
    expect(must(repository.twvault(['guard', 'install']))).toMatch(/lefthook is configured here but/);
    expect(existsSync(hookOf(repository))).toBe(true);
  });
});
