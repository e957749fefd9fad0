import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** Licences that let others use, change and sell the code where its text goes along. */
const ALLOWED = new Set(['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'Apache-2.0']);

interface Locked {
  readonly name?: string;
  readonly version: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
}

const locked = new Map(
  Object.entries(JSON.parse(read('package-lock.json')).packages as Record<string, Locked>)
    .filter(([path]) => path !== '')
    .map(([path, entry]) => [path.slice(path.lastIndexOf('node_modules/') + 13), entry]),
);
/** What npm installs beside twvault. */
const installed = [...locked].filter(([, { dev }]) => !dev);

/** The packages with code in the program, by the file that the build writes, with their licences and texts. */
function bundled(): Map<string, { version: string; licence: string; text: string }> {
  const [, ...parts] = read('dist/THIRD-PARTY-LICENSES.txt').split(/^-{80}\n/m);
  return new Map(
    parts.map((part) => {
      const [, name = '', version = '', licence = ''] = /^(\S+)@(\S+): (.+)/.exec(part) ?? [];
      const text = part.slice(part.indexOf('\n\n') + 2);
      return [name, { version, licence, text }];
    }),
  );
}

/** The first two columns of a table of docs/dependencies.md. */
function tableUnder(heading: string): [string, string][] {
  const section =
    read('docs/dependencies.md')
      .split(/^## /m)
      .find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const rows = section.match(/^\|.*\|$/gm)?.slice(2) ?? [];
  return rows.map((row) => {
    const [, first = '', second = ''] = row.split('|').map((cell) => cell.trim());
    return [first.replaceAll('`', ''), second];
  });
}

const sorted = <Row extends readonly string[]>(rows: readonly Row[]): Row[] =>
  [...rows].sort(([a = ''], [b = '']) => (a < b ? -1 : 1));

describe('what is bundled into the program', () => {
  const packages = bundled();

  it('has a licence that allows it, and its text in the package', () => {
    expect(packages.size).toBeGreaterThan(0);
    for (const [name, { licence, text }] of packages) {
      expect(ALLOWED, name).toContain(licence);
      // The same terms stand in the file once.
      const owner = /^The terms are those of (.+)@\S+, word for word\.$/m.exec(text)?.[1];
      if (owner !== undefined) expect(text, name).toMatch(/copyright/i);
      expect(owner === undefined ? text : packages.get(owner)?.text, name).toMatch(
        /permission|redistribution|apache license|by /i,
      );
    }
    expect(JSON.parse(read('package.json')).files).toContain('dist');
  });

  it('is what the lock file names, with all that the sources import', () => {
    for (const [name, { version, licence }] of packages) {
      expect(locked.get(name), name).toMatchObject({ version, license: licence });
    }
    const notBundled = new Set(['@lydell/node-pty', 'keytar']);
    const imported = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .flatMap((path) => [
        ...read(join('src', path)).matchAll(/(?:from |import\()'((?:@[\w-]+\/)?[\w-]+)['/]/g),
      ])
      .map(([, name = '']) => name)
      .filter((name) => !notBundled.has(name));
    expect(imported).toContain('commander');
    for (const name of imported) expect([...packages.keys()]).toContain(name);
  });

  it('stands in docs/dependencies.md', () => {
    const rows = [...packages].map(([name, { licence }]) => [name, licence] as [string, string]);
    expect(sorted(tableUnder('Bundled'))).toEqual(sorted(rows));
  });
});

describe('what is installed beside it', () => {
  it('has a licence that allows it, and stands in docs/dependencies.md', () => {
    const rows = installed.map(([name, { license = '' }]) => [name, license] as [string, string]);
    for (const [name, licence] of rows) expect(ALLOWED, name).toContain(licence);
    expect(sorted(tableUnder('Installed'))).toEqual(sorted(rows));
  });
});

describe('the lock file', () => {
  it('holds a SHA-512 of every package', () => {
    for (const [name, { integrity }] of locked) expect(integrity, name).toMatch(/^sha512-/);
  });

  it('has no package that runs a script when it is installed but those in docs/dependencies.md', () => {
    const withScript = [...locked]
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([name]) => name);
    expect(tableUnder('Install scripts').map(([name]) => name)).toEqual(withScript);
  });
});

describe('npm run sbom', () => {
  let components: { 'bom-ref': string; name: string; licenses: unknown[]; hashes: unknown[] }[];
  beforeAll(() => {
    const text = execFileSync(process.execPath, ['build/sbom.mjs'], { cwd: ROOT, encoding: 'utf8' });
    const bom = JSON.parse(text);
    expect(bom).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { name: 'twvault' } } });
    components = bom.components;
  });

  it('lists what is bundled or installed, and nothing else', () => {
    const expected = [...bundled().keys(), ...installed.map(([name]) => name)].map((name) => {
      const entry = locked.get(name);
      return `${entry?.name ?? name}@${entry?.version}`;
    });
    expect(components.map((component) => component['bom-ref']).sort()).toEqual(expected.sort());
  });

  it('has the licence and the hash of each', () => {
    for (const { name, licenses, hashes } of components) {
      expect(licenses, name).not.toHaveLength(0);
      expect(hashes, name).not.toHaveLength(0);
    }
  });
});
