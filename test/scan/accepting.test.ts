import { existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { secret } from './corpus.ts';
import { lines, scannedFolder } from './folder.ts';

let { keys, work, write, git, scan, scanIn } = {} as ReturnType<typeof scannedFolder>;

beforeEach(() => {
  ({ keys, work, write, git, scan, scanIn } = scannedFolder());
});

describe('accepting a finding', () => {
  it('takes a marker in the same line, for every rule or for one', () => {
    write(
      'a.py',
      `a = "${keys.api_key}" # twvault:allow\nb = "${keys.api_secret}" // twvault:allow stored-value\nc = "${keys.api_key}" # twvault:allow api-key\n`,
    );
    const result = scan();
    expect(lines(result)).toEqual(['a.py:3:6: api_key of profile personal']);
    expect(result.stderr).toContain('2 findings accepted by a marker');
  });

  it('takes a baseline, which holds no value and is the same every time', () => {
    write('a.py', `CONSUMER_SECRET = "${secret()}"\n`);
    write('b.py', `a = "${keys.api_key}"\n`);
    expect(scan('--write-baseline').status).toBe(0);
    const baseline = readFileSync(join(work, '.twvault-baseline.json'), 'utf8');
    expect(JSON.parse(baseline).findings.map(({ path }: { path: string }) => path)).toEqual(['a.py', 'b.py']);
    expect(baseline).not.toContain(keys.api_key);
    const again = scan();
    expect(again).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('2 findings accepted by the baseline'),
    });
    expect(scan('--write-baseline').status).toBe(0);
    expect(readFileSync(join(work, '.twvault-baseline.json'), 'utf8')).toBe(baseline);
    write('c.py', `CONSUMER_SECRET = "${secret()}"\n`);
    expect(lines(scan())).toHaveLength(1);
  });

  it('puts a baseline in place of a link that came with a clone, which may lead anywhere', () => {
    write('a.py', keys.api_key);
    const elsewhere = join(work, '../elsewhere');
    symlinkSync(elsewhere, join(work, '.twvault-baseline.json'));
    expect(scan('--write-baseline').status).toBe(0);
    expect([existsSync(elsewhere), lstatSync(join(work, '.twvault-baseline.json')).isFile()]).toEqual([
      false,
      true,
    ]);
  });

  it('refuses a baseline that is none, or is not there', () => {
    write('bad.json', '{"findings": 1}');
    expect(scan('--baseline', 'bad.json').status).toBe(1);
    expect(scan('--baseline', 'none.json').status).toBe(2);
  });

  it('finds the baseline of the repository from a subfolder, and writes it there with paths from the root', () => {
    git('init', '-q');
    write('top.py', keys.api_key);
    write('deep/er/a.py', keys.api_secret);
    expect(lines(scanIn('deep/er'))).toEqual(['a.py:1:1: api_secret of profile personal']);
    const said = scanIn('deep/er', '--write-baseline');
    expect(said.stderr).toContain(`wrote 1 accepted finding to ${join(work, '.twvault-baseline.json')}`);
    expect(acceptedPaths('.')).toEqual(['deep/er/a.py']);
    for (const folder of ['deep/er', 'deep']) expect(scanIn(folder).status).toBe(0);
    expect(lines(scan())).toEqual(['top.py:1:1: api_key of profile personal']);
  });

  it('keeps what a part of the project does not know of, and drops what a whole scan no longer finds', () => {
    git('init', '-q');
    write('top.py', keys.api_key);
    write('deep/a.py', keys.api_secret);
    expect(scan('--write-baseline').status).toBe(0);
    write('deep/b.py', keys.access_token);
    write('top.py', 'clean');
    for (const [folder, ...args] of [['deep'], ['.', 'deep'], ['deep', '--only-stored']] as [
      string,
      ...string[],
    ][]) {
      expect(scanIn(folder, ...args, '--write-baseline').status).toBe(0);
      expect(acceptedPaths('.')).toEqual(['deep/a.py', 'deep/b.py', 'top.py']);
    }
    expect(scan('--write-baseline').status).toBe(0);
    expect(acceptedPaths('.')).toEqual(['deep/a.py', 'deep/b.py']);
  });

  it('prefers the nearest baseline, looks no further than the repository, and takes one by name', () => {
    write('a.py', keys.api_key);
    mkdirSync(join(work, 'repo/sub'), { recursive: true });
    git('init', '-q', 'repo');
    write('repo/sub/b.py', keys.api_key);
    expect(scan('--write-baseline').status).toBe(0);
    expect(scanIn('repo/sub').status).toBe(5);
    expect(scanIn('repo/sub', '--baseline', '../../.twvault-baseline.json').status).toBe(0);
    write('repo/sub/.twvault-baseline.json', '{"format":"twvault-baseline-1","findings":[]}');
    expect(scanIn('repo', '--write-baseline').status).toBe(0);
    expect(scanIn('repo').status).toBe(0);
    expect(scanIn('repo/sub').status).toBe(5);
  });

  const acceptedPaths = (folder: string): string[] =>
    JSON.parse(readFileSync(join(work, folder, '.twvault-baseline.json'), 'utf8')).findings.map(
      ({ path }: { path: string }) => path,
    );
});
