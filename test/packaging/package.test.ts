import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { version } from '../../package.json';
import { temporaryFolder, User } from '../support/cli.ts';
import { generatedKeys, tutorialLines } from '../support/credentials.ts';

const ROOT = join(import.meta.dirname, '../..');

/** What a run, a shell, `man` or a compiler reads; npm adds its own three. */
const SHIPPED = [
  /^bin\/twvault\.js$/,
  /^dist\/[a-z0-9-]+\.cjs$/,
  /^dist\/THIRD-PARTY-LICENSES\.txt$/,
  /^man\/twvault(-[a-z]+)?\.1\.gz$/,
  /^shell\/completion\/twvault\.(bash|zsh|fish|ps1)$/,
  /^shell\/start\/(bash\.sh|fish\.fish|sh\.sh|zsh\/\.zsh(env|rc))$/,
  /^types\/index\.d\.ts$/,
  /^(package\.json|README\.md|LICENSE)$/,
];

/** Started by their names, or required by the package's users. */
const ENTRIES = ['main', 'complete', 'keychain-helper', 'scan-worker', 'history-worker', 'agent', 'index'];

interface Pack {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string; readonly mode: number }[];
}

function pack(...options: string[]): Pack {
  const args = ['pack', '--json', '--ignore-scripts', ...options];
  const [result] = JSON.parse(execFileSync('npm', args, { cwd: ROOT, encoding: 'utf8' }));
  return result;
}

describe('the npm package', () => {
  const { files, size, unpackedSize } = pack('--dry-run');
  const paths = files.map(({ path }) => path);

  it('holds what runs, and nothing else', () => {
    expect(paths.filter((path) => !SHIPPED.some((pattern) => pattern.test(path)))).toEqual([]);
    for (const pattern of SHIPPED)
      expect(
        paths.some((path) => pattern.test(path)),
        String(pattern),
      ).toBe(true);
    expect(files.find(({ path }) => path === 'bin/twvault.js')?.mode).toBe(0o755);
  });

  it('holds every part that another one asks for, and no part that none asks for', () => {
    const bundles = paths.filter((path) => path.endsWith('.cjs'));
    const asked = bundles.flatMap((path) =>
      [...readFileSync(join(ROOT, path), 'utf8').matchAll(/require\([`'"]\.\/([\w-]+\.cjs)[`'"]\)/g)].map(
        ([, file]) => `dist/${file}`,
      ),
    );
    const entries = ENTRIES.map((name) => `dist/${name}.cjs`);
    expect([...new Set([...asked, ...entries])].sort()).toEqual(bundles.sort());
  });

  it('stays small (docs/decisions.md says what is in it)', () => {
    expect(size).toBeLessThan(450_000);
    expect(unpackedSize).toBeLessThan(1_300_000);
  });

  it('names its manual pages, which npm links only then', () => {
    const { man } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(man).toEqual(paths.filter((path) => path.startsWith('man/')).sort());
  });
});

describe('an installation by npm', () => {
  const environment = (user: User) => ({
    ...process.env,
    HOME: user.root,
    npm_config_cache: join(user.root, 'cache'),
  });

  /** From the packed file and nothing else, so that no registry is asked. */
  function installed(): { user: User; bin: string; prefix: string; npm: (...args: string[]) => string } {
    const user = new User();
    const prefix = join(user.root, 'global');
    const npm = (...args: string[]) =>
      execFileSync('npm', [...args, '--prefix', prefix, '--offline', '--no-audit', '--no-fund'], {
        env: environment(user),
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
    const folder = temporaryFolder();
    const { filename } = pack('--pack-destination', folder);
    npm('install', '--global', '--omit=optional', join(folder, filename));
    return { user, bin: join(prefix, 'bin/twvault'), prefix, npm };
  }

  it('runs without the optional packages, has its manual, and goes without a trace but the vault', () => {
    const { user, bin, prefix, npm } = installed();
    const env = { PATH: process.env.PATH, HOME: user.root };
    const run = (args: string[], input = '') => {
      const { status, stdout, stderr } = spawnSync(bin, args, {
        env: { ...env, ...user.env },
        input,
        encoding: 'utf8',
      });
      return { status, stdout, stderr };
    };
    expect(run(['--version'])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
    const pages = readdirSync(join(prefix, 'share/man/man1'));
    expect(pages).toContain('twvault-exec.1.gz');
    expect(run(['init', '--store', 'file', '--identity-out', user.identityFile]).status).toBe(0);
    user.env = { ...user.env, TWVAULT_IDENTITY_FILE: user.identityFile };
    const keys = generatedKeys();
    expect(run(['add', 'personal', '--stdin'], tutorialLines(keys)).status).toBe(0);
    expect(run(['exec', '--', 'printenv', 'TWITTER_API_KEY']).stdout).toBe(`${keys.api_key}\n`);
    expect(run(['completion', 'bash']).stdout).toContain('complete -F _twvault twvault');
    expect(run(['__complete', '--', '0', 'ex']).stdout).toMatch(/^exec\t/);

    npm('uninstall', '--global', 'twvault');
    expect([existsSync(bin), readdirSync(join(prefix, 'share/man/man1'))]).toEqual([false, []]);
    expect(existsSync(join(user.home, 'profiles/personal.age'))).toBe(true);
  });
});
