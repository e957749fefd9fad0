import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { alphanumeric } from '../support/credentials.ts';
import { scannedFolder } from './folder.ts';

let { keys, work, write, scan } = {} as ReturnType<typeof scannedFolder>;

beforeEach(() => {
  ({ keys, work, write, scan } = scannedFolder());
});

describe('JSON', () => {
  it('says all that the text says, and what was accepted or could not be read', () => {
    write('a.py', `x\n  ${keys.api_key}\n${keys.api_secret} # twvault:allow\n`);
    write('b.py', 'clean\n');
    const { status, stdout, stderr } = scan('--json');
    expect(status).toBe(5);
    expect(stderr).toContain('1 finding in 2 files');
    const report = JSON.parse(stdout);
    expect(Object.keys(report).sort()).toEqual(['bytes', 'files', 'findings', 'notes', 'suppressed']);
    expect(report).toMatchObject({ files: 2, notes: [], suppressed: { marker: 1, baseline: 0 } });
    expect(report.findings).toEqual([
      {
        rule: 'stored-value',
        path: 'a.py',
        line: 2,
        column: 3,
        length: 25,
        profile: 'personal',
        field: 'api_key',
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
      },
    ]);
  });

  it('is an empty list where nothing is found', () => {
    write('b.py', 'clean\n');
    const { status, stdout } = scan('--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout).findings).toEqual([]);
  });

  it('is not given beside SARIF', () => {
    expect(scan('--json', '--sarif')).toMatchObject({ status: 2, stdout: '' });
  });
});

describe('SARIF', () => {
  it('has what code scanning needs', () => {
    write('a b/c.py', `\n  key = "${keys.access_token}"; CONSUMER_KEY = "${alphanumeric(25)}"\n`);
    const log = JSON.parse(scan('--sarif').stdout);
    const [run] = log.runs;
    expect(log.version).toBe('2.1.0');
    const rules: string[] = run.tool.driver.rules.map(({ id }: { id: string }) => id);
    expect(new Set(rules).size).toBe(rules.length);
    expect(run.results).toHaveLength(2);
    for (const result of run.results) {
      expect(rules[result.ruleIndex]).toBe(result.ruleId);
      expect(result.partialFingerprints['twvaultFinding/v1']).toMatch(/^[0-9a-f]{32}$/);
      const { artifactLocation, region } = result.locations[0].physicalLocation;
      expect(artifactLocation).toEqual({ uri: 'a%20b/c.py', uriBaseId: '%SRCROOT%' });
      expect(region.startLine).toBe(2);
    }
    expect(run.results[0].locations[0].physicalLocation.region.startColumn).toBe(10);
  });

  it('counts columns as it says, in UTF-16 code units, also behind emoji and accents', () => {
    const line = `/* 🙂é日 */ key = "${keys.api_key}"; // ü`;
    write('wide.js', Buffer.from(`\ufeffëa\n${line}\n`, 'utf16le'));
    write('a.js', `é🙂\n${line}\n`);
    write('long.js', `${'é🙂 and more\n'.repeat(90_000)}${line}\n${'🙂é '.repeat(160_000)}${keys.api_key}\n`);
    const { results } = JSON.parse(scan('--sarif').stdout).runs[0];
    const at = line.indexOf(keys.api_key as string) + 1;
    const regions = results.map(
      (result: { locations: [{ physicalLocation: unknown }] }) => result.locations[0].physicalLocation,
    );
    const region = (startLine: number, startColumn: number) => ({
      startLine,
      startColumn,
      endColumn: startColumn + 25,
    });
    expect(regions.map(({ region: each }: { region: unknown }) => each)).toEqual([
      region(2, at),
      region(90_001, at),
      region(90_002, 160_000 * 4 + 1),
      region(2, at),
    ]);
  });

  it('has every property that the standard requires, with or without findings', () => {
    for (const text of ['clean', `${keys.api_key}\nCONSUMER_KEY="${alphanumeric(25)}"`]) {
      write('(a) ü%#?.py', text);
      const { stdout, status } = scan('--sarif');
      const log = JSON.parse(stdout);
      expect(status).toBe(text === 'clean' ? 0 : 5);
      expect(new URL(log.$schema).pathname).toContain('sarif-2.1.0');
      expect(log).toMatchObject({ version: '2.1.0', runs: [expect.anything()] });
      const [{ tool, results, columnKind, originalUriBaseIds }] = log.runs;
      expect(tool.driver).toMatchObject({
        name: 'twvault',
        version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      });
      expect(['utf16CodeUnits', 'unicodeCodePoints']).toContain(columnKind);
      for (const { id, shortDescription, defaultConfiguration } of tool.driver.rules) {
        expect(id).toMatch(/^[a-z0-9-]+$/);
        expect(shortDescription.text).not.toBe('');
        expect(['none', 'note', 'warning', 'error']).toContain(defaultConfiguration.level);
      }
      expect(results).toHaveLength(text === 'clean' ? 0 : 2);
      for (const { message, level, locations, ruleIndex, ruleId } of results) {
        expect(message.text).not.toBe('');
        expect(['none', 'note', 'warning', 'error']).toContain(level);
        expect(tool.driver.rules[ruleIndex].id).toBe(ruleId);
        const { region, artifactLocation } = locations[0].physicalLocation;
        expect(Object.keys(originalUriBaseIds)).toContain(artifactLocation.uriBaseId);
        expect(decodeURIComponent(new URL(artifactLocation.uri, 'file:///').pathname)).toBe('/(a) ü%#?.py');
        for (const place of [region.startLine, region.startColumn, region.endColumn]) {
          expect(Number.isInteger(place) && place >= 1).toBe(true);
        }
        expect(region.endColumn).toBeGreaterThan(region.startColumn);
      }
    }
  });
});

describe('a file that is called by a value', () => {
  it.each(['', '--json', '--sarif', '--write-baseline'])('is named without it (%s)', (option) => {
    write(`of ${keys.api_secret}/${keys.api_key}.py`, `a = "${keys.api_key}"\n`);
    const { stdout, stderr } = scan(...(option === '' ? [] : [option]));
    const report =
      option === '--write-baseline' ? readFileSync(join(work, '.twvault-baseline.json'), 'utf8') : stdout;
    for (const value of [keys.api_secret, keys.api_key])
      expect([report, stderr].join().includes(value)).toBe(false);
    const plain = report.replace(/%[0-9A-F]{2}/g, decodeURIComponent);
    expect(plain).toContain('of [personal/api_secret]/[personal/api_key].py');
  });
});
