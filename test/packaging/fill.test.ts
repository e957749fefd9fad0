import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/cli.ts';
import { has } from '../support/tools.ts';
import { sha256 } from './release.ts';

const FILL = join(import.meta.dirname, '../../packaging/fill.mjs');
const RELEASES = 'https://forge.example/someone/twvault/releases';
const NAMES = [
  ...['linux', 'darwin'].flatMap((system) => [`twvault-${system}-x64`, `twvault-${system}-arm64`]),
  ...['twvault-linux-x64-musl', 'twvault-windows-x64.exe', 'twvault-windows-arm64.exe'],
];

/** Each program's checksum stands for it: that of its name. */
function release(names: readonly string[] = NAMES): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'SHA256SUMS'), names.map((name) => `${sha256(name)}  ${name}\n`).join(''));
  return folder;
}

const fill = (...args: string[]) => spawnSync(process.execPath, [FILL, ...args], { encoding: 'utf8' });

function filled(): string {
  const folder = release();
  expect(fill('1.2.3', RELEASES, folder)).toMatchObject({ status: 0, stderr: '' });
  return folder;
}

describe('the files of a release', () => {
  it('have its version, its addresses and its checksums, each beside the program that it is of', () => {
    const folder = filled();
    const formula = readFileSync(join(folder, 'homebrew/twvault.rb'), 'utf8');
    const pairs = [...formula.matchAll(/url "(.+)"\n\s+sha256 "(.+)"/g)].map(([, url = '', sum]) => [
      url,
      sum,
    ]);
    expect(pairs.length).toBe(4);
    for (const [url = '', sum] of pairs) {
      const name = url.replace(`${RELEASES}/download/v1.2.3/`, '');
      expect([NAMES.includes(name), sum]).toEqual([true, sha256(name)]);
    }
    // on_macos before on_linux, on_arm before on_intel.
    expect(pairs.map(([url = '']) => url.replace(/.*twvault-/, ''))).toEqual([
      'darwin-arm64',
      'darwin-x64',
      'linux-arm64',
      'linux-x64',
    ]);
    for (const file of ['install.sh', 'homebrew/twvault.rb', 'scoop/twvault.json'])
      expect(readFileSync(join(folder, file), 'utf8')).not.toMatch(/@[A-Z]/);
  });

  it.skipIf(!has('ruby', "the formula's syntax"))('have a formula that Ruby can read', () => {
    const { status, stdout } = spawnSync('ruby', ['-wc', join(filled(), 'homebrew/twvault.rb')], {
      encoding: 'utf8',
    });
    expect([status, stdout]).toEqual([0, 'Syntax OK\n']);
  });

  it('have a manifest with what Scoop asks for', () => {
    const manifest = JSON.parse(readFileSync(join(filled(), 'scoop/twvault.json'), 'utf8'));
    // Required by Scoop's schema: version, homepage, license; what it installs is a url with a hash for each architecture.
    expect(manifest).toMatchObject({
      version: '1.2.3',
      homepage: 'https://forge.example/someone/twvault',
      license: 'MIT',
      bin: 'twvault.exe',
    });
    expect(Object.keys(manifest.architecture)).toEqual(['64bit', 'arm64']);
    for (const [architecture, { url, hash }] of Object.entries<{ url: string; hash: string }>(
      manifest.architecture,
    )) {
      const name = `twvault-windows-${architecture === '64bit' ? 'x64' : 'arm64'}.exe`;
      expect([url, hash]).toEqual([`${RELEASES}/download/v1.2.3/${name}#/twvault.exe`, sha256(name)]);
      expect(manifest.autoupdate.architecture[architecture].url).toBe(url.replace('1.2.3', '$version'));
    }
  });

  it('have an install script that knows where the releases are', () => {
    const folder = filled();
    const script = join(folder, 'install.sh');
    expect(readFileSync(script, 'utf8')).toContain(`\nRELEASES='${RELEASES}'\n`);
    // It gets as far as the network: the address is taken for one.
    const { status, stderr } = spawnSync(script, [], {
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        https_proxy: 'http://127.0.0.1:9',
        http_proxy: 'http://127.0.0.1:9',
      },
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /cannot download https:\/\/forge\.example\/someone\/twvault\/releases\/latest\/download\/SHA256SUMS/,
    );
  });

  it('are not made of half a release', () => {
    for (const [args, folder, words] of [
      [['1.2.3', RELEASES], release(NAMES.slice(1)), /nothing for @SHA256 twvault-linux-x64@/],
      [['1.2', RELEASES], release(), /no version: 1\.2/],
      [['1.2.3', 'http://forge.example/releases'], release(), /no address of releases/],
      [['1.2.3', RELEASES], temporaryFolder(), /SHA256SUMS/],
    ] as const) {
      const { status, stderr } = fill(...args, folder);
      expect([status, existsSync(join(folder, 'install.sh'))]).toEqual([1, false]);
      expect(stderr).toMatch(words);
    }
  });
});
