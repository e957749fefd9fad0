import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  cpSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { atNight } from '../support/effort.ts';
import { plantedCorpus, secret } from './corpus.ts';
import { lines, scannedFolder } from './folder.ts';

let { user, keys, work, write, git, scan } = {} as ReturnType<typeof scannedFolder>;

beforeEach(() => {
  ({ user, keys, work, write, git, scan } = scannedFolder());
});

describe('scan', () => {
  it('finds a stored value without unlocking, says whose and where, and exits with 5', () => {
    write('src/a.py', `x = 1\nname = "${keys.api_secret}"\n`);
    const result = scan();
    expect(result.status).toBe(5);
    expect(lines(result)).toEqual(['src/a.py:2:9: api_secret of profile personal']);
    expect(result.stderr).toContain('1 finding in 1 file');
  });

  it('exits with 0 where there is nothing', () => {
    write('a.txt', 'nothing here');
    expect(scan()).toMatchObject({
      status: 0,
      stdout: '',
      stderr: expect.stringContaining('nothing found in 1 file'),
    });
  });

  it('never prints a value, in any form of report', () => {
    const planted = plantedCorpus();
    planted.forEach(({ text }, at) => {
      write(`planted/${at}.txt`, `${text}\n${keys.api_key}`);
    });
    const values = [...planted.flatMap((one) => one.values), ...Object.values(keys)];
    for (const form of [[], ['--json'], ['--sarif']]) {
      const { stdout, stderr, status } = scan(...form);
      expect(status).toBe(5);
      for (const value of values) expect((stdout + stderr).includes(value)).toBe(false);
    }
  });

  it('runs nothing that a clone names, also where a folder of it looks like a repository', () => {
    const ran = join(user.root, 'ran');
    const program = join(user.root, 'program');
    writeFileSync(program, `#!/bin/sh\nenv > '${ran}'\n`);
    chmodSync(program, 0o755);
    write('x/sub/a.txt', `${keys.api_secret}\n`);
    git('init', '-q', '--bare', 'other');
    const lies = Object.entries({
      'core.bare': 'false',
      'core.worktree': '.',
      'core.fsmonitor': program,
      'core.repositoryformatversion': '1',
      'extensions.partialClone': 'origin',
      'remote.origin.url': `ext::${program} %S`,
      'remote.origin.promisor': 'true',
      'protocol.ext.allow': 'always',
    });
    for (const [name, value] of lies) git('config', '-f', 'other/config', name, value);
    cpSync(join(work, 'other'), join(work, 'x'), { recursive: true });
    rmSync(join(work, 'other'), { recursive: true });
    // An index with a file whose tree is missing: listing would fetch it.
    git(
      '-C',
      'x',
      '-c',
      'core.fsmonitor=false',
      'update-index',
      '--add',
      '--cacheinfo',
      `100644,${'1'.repeat(40)},sub/b/c`,
    );
    git('init', '-q');
    git('add', '.');
    rmSync(ran, { force: true });
    for (const folder of ['x', 'x/sub']) expect(scan(folder).status).toBe(5);
    expect(scan().status).toBe(5);
    expect(user.run(['scan', '--staged'], { cwd: join(work, 'x') }).status).toBe(2);
    expect(user.run(['scan', '--history'], { cwd: join(work, 'x') })).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('lies in the work tree of another one'),
    });
    expect(existsSync(ran)).toBe(false);
  });

  it('works without a vault', () => {
    write('a.env', `CONSUMER_SECRET=${secret()}\n`);
    const result = scan('--json', 'a.env');
    const alone = user.run(['scan', '--json', 'a.env'], { env: { TWVAULT_HOME: join(user.root, 'none') } });
    expect(JSON.parse(alone.stdout).findings).toEqual(JSON.parse(result.stdout).findings);
    expect(JSON.parse(alone.stdout).findings[0]).toMatchObject({
      rule: 'api-key-secret',
      path: 'a.env',
      line: 1,
      column: 17,
    });
  });

  it('leaves out what git ignores, unless told otherwise', () => {
    git('init', '-q');
    write('.gitignore', 'ignored/\n');
    write('ignored/a.txt', keys.api_key);
    write('seen.txt', keys.api_key);
    expect(lines(scan())).toHaveLength(1);
    expect(lines(scan('--all'))).toHaveLength(2);
  });

  it('understands nested and negated rules of git, and scans what is tracked although ignored', () => {
    git('init', '-q');
    write('.gitignore', '*.log\n!keep.log\n/build/\n');
    write('deep/.gitignore', 'local.*\n!local.txt\n');
    write('deep/build/a.txt', keys.api_key);
    for (const name of ['a.log', 'keep.log', 'build/a.txt', 'deep/b.log', 'deep/local.env', 'deep/local.txt'])
      write(name, keys.api_key);
    write('tracked.log', keys.api_key);
    git('add', '-f', 'tracked.log');
    const paths = (...args: string[]): string[] =>
      lines(scan(...args)).map((line) => line.split(':')[0] ?? '');
    const seen = ['deep/build/a.txt', 'deep/local.txt', 'keep.log', 'tracked.log'];
    expect(paths()).toEqual(seen);
    expect(paths('deep')).toEqual(['deep/build/a.txt', 'deep/local.txt']);
    expect(paths('a.log')).toEqual(['a.log']);
    const ignored = ['a.log', 'build/a.txt', 'deep/b.log', 'deep/local.env'];
    expect(paths('--all')).toEqual([...seen, ...ignored].sort());
  });

  it('scans repositories inside others', () => {
    git('init', '-q');
    mkdirSync(join(work, 'inner'));
    git('init', '-q', 'inner');
    write('inner/a.txt', keys.api_key);
    write('inner/.gitignore', 'b.txt');
    write('inner/b.txt', keys.api_key);
    expect(lines(scan())).toEqual(['inner/a.txt:1:1: api_key of profile personal']);
  });

  it('follows no links, and never looks into the vault or .git', () => {
    write('real.txt', keys.api_key);
    symlinkSync('real.txt', join(work, 'link.txt'));
    symlinkSync('.', join(work, 'loop'));
    write('.git/config.txt', keys.api_key);
    const inside = user.run(['scan', '--all'], { env: { TWVAULT_HOME: user.home }, cwd: user.root });
    expect(lines(inside)).toEqual(['work/real.txt:1:1: api_key of profile personal']);
  });

  it('goes on after files that cannot be read, and says so', () => {
    write('a/secret.txt', keys.api_key);
    write('locked.txt', 'x');
    chmodSync(join(work, 'locked.txt'), 0);
    execFileSync('mkfifo', [join(work, 'pipe')]);
    const result = scan();
    expect(lines(result)).toHaveLength(1);
    if (process.getuid?.() !== 0) expect(result.stderr).toContain('cannot read locked.txt');
  });

  it('reads names that are no UTF-8 or hold line feeds', () => {
    const odd = Buffer.concat([Buffer.from(`${work}/od`), Buffer.from([0xff, 0x0a]), Buffer.from('d')]);
    writeFileSync(odd, keys.api_key);
    expect(lines(scan())).toEqual(['od\\xff\\nd:1:1: api_key of profile personal']);
    git('init', '-q');
    expect(lines(scan())).toEqual(['od\\xff\\nd:1:1: api_key of profile personal']);
  });

  it('finds a value of several lines by the longest of them', () => {
    const line = `aB1${secret()}`;
    user.must(['set', 'personal', 'SIGNING_KEY'], { input: `BEGIN KEY\n${line}\nEND KEY\n` });
    write('copy.txt', `it was ${line}.\n`);
    expect(lines(scan())).toEqual(['copy.txt:1:8: SIGNING_KEY of profile personal']);
  });

  it('shows a name that would steer a terminal as what it is', () => {
    write('a\x1b[31m\r\nb\u202e.txt', keys.api_key);
    expect(lines(scan())).toEqual(['a\\u001b[31m\\r\\nb\\u{202e}.txt:1:1: api_key of profile personal']);
  });

  it('reads UTF-16 and binary files', () => {
    const text = `first line\nCONSUMER_SECRET="${secret()}"\nkey ${keys.api_key}\n`;
    const little = Buffer.from(`\ufeff${text}`, 'utf16le');
    write('little.txt', little);
    write('big.txt', Buffer.from(little).swap16());
    write('a.bin', Buffer.concat([Buffer.from([0, 1, 2, 3, 0xff]), Buffer.from(text)]));
    expect(
      lines(scan()).map((line) =>
        line.replace(/:\d+: .*of profile/, ' stored').replace(/:\d+: .*/, ' shaped'),
      ),
    ).toEqual([
      'a.bin:3 stored personal',
      'big.txt:2 shaped',
      'big.txt:3 stored personal',
      'little.txt:2 shaped',
      'little.txt:3 stored personal',
    ]);
  });

  it.each([
    'Ключи приложения, никому не давать.\n',
    'アプリの鍵です。誰にも見せないでください。\n',
    'Ünïcödé ☂ 🙂\n',
  ])('reads UTF-16 among text that is not Latin: %s', (line) => {
    const other = line.repeat(40);
    const text = `${other}CONSUMER_SECRET="${secret()}"\nkey ${keys.api_key}\nkey ${keys.api_secret} twvault:allow\n${other}`;
    const little = Buffer.from(`\ufeff${text}`, 'utf16le');
    write('little.txt', little);
    write('big.txt', Buffer.from(little).swap16());
    expect(lines(scan()).map((found) => found.replace(/: .*/, ''))).toEqual([
      'big.txt:41:18',
      'big.txt:42:5',
      'little.txt:41:18',
      'little.txt:42:5',
    ]);
  });

  it('knows UTF-16 without a byte order mark by its spaces and names', () => {
    const text = `${'Ключи приложения = никому не давать.\n'.repeat(9)}CONSUMER_SECRET="${secret()}"\nkey ${keys.api_key}\n`;
    const little = Buffer.from(text, 'utf16le');
    write('little.txt', little);
    write('big.txt', Buffer.from(little).swap16());
    expect(lines(scan())).toHaveLength(4);
  });

  it('finds a value with letters of any language in UTF-16, in small files and in large ones', () => {
    const value = `ß${secret()}é日🙂`;
    user.must(['set', 'personal', 'OTHER_TOKEN'], { input: value });
    const line = 'Ключ 🙂, никому не давать: ';
    const text = `\ufeff${'なにもない 🙂\n'.repeat(150_000)}${line}${value}\n${line}"${value}"\n`;
    for (const [name, content] of Object.entries({ small: `${line}${value}\n`.repeat(2), large: text })) {
      const little = Buffer.from(content, 'utf16le');
      write(`${name}.little`, little);
      write(`${name}.big`, Buffer.from(little).swap16());
    }
    write('near.little', Buffer.from(`${line}${value.replace('é', 'è')}\n`.repeat(2), 'utf16le'));
    expect(lines(scan()).map((found) => found.replace(': OTHER_TOKEN of profile personal', ''))).toEqual([
      'large.big:150001:28',
      'large.big:150002:29',
      'large.little:150001:28',
      'large.little:150002:29',
      'small.big:1:28',
      'small.big:2:28',
      'small.little:1:28',
      'small.little:2:28',
    ]);
  });

  it('finds values at every place of large files, also across the parts in which they are read', () => {
    const chunk = 1024 * 1024;
    const text = Buffer.alloc(3 * chunk, 'some words and\n');
    const places = [
      0,
      chunk - 4096 - 40,
      chunk - 4096,
      chunk - 12,
      chunk + 40,
      chunk + 4090,
      2 * chunk - 8192,
      text.length - 25,
    ];
    for (const place of places) text.write(`${keys.api_key}`, place, 'latin1');
    write('large.txt', text);
    const { findings } = JSON.parse(scan('--json').stdout);
    const starts = [0];
    for (let at = text.indexOf(10); at !== -1; at = text.indexOf(10, at + 1)) starts.push(at + 1);
    const found = findings.map(
      ({ line, column }: { line: number; column: number }) => (starts[line - 1] ?? 0) + column - 1,
    );
    expect(found).toEqual([...places].sort((a, b) => a - b));
  });

  it('reads a sparse file of gigabytes to its end', () => {
    const fd = openSync(join(work, 'sparse'), 'w');
    const size = atNight(5, 3) * 1024 ** 3; // more than 32 bits, or 31, can count
    ftruncateSync(fd, size);
    writeSync(fd, keys.api_key, size - 25, 'latin1');
    closeSync(fd);
    expect(lines(scan('sparse'))).toEqual([`sparse:1:${size - 24}: api_key of profile personal`]);
  }, 120_000);

  it('finds the same with several threads', () => {
    for (let at = 0; at < 1500; at += 1)
      write(`many/${at % 40}/${at}.txt`, at % 100 === 7 ? `a\n ${keys.api_key}` : 'nothing');
    const found = lines(scan());
    expect(found).toHaveLength(15);
    expect(found).toEqual([...found].sort());
  });

  it('names what is wrong with a path', () => {
    expect(scan('nowhere')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('there is no file or folder nowhere'),
    });
  });
});
