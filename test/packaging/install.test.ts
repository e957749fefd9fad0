import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Result, temporaryFolder } from '../support/cli.ts';
import { has } from '../support/tools.ts';
import { publish, type Releases, releases, sha256, standIn } from './release.ts';

const SCRIPT = join(import.meta.dirname, '../../packaging/install.sh');

const SHELLS = [['sh'], ['dash'], ['busybox', 'sh'], ['bash', '--posix']];
const HERE = `twvault-linux-${process.arch}`;

const hasCurl = has('curl', 'install.sh');

/** A person without anything, on a machine that has these programs. */
class Person {
  readonly home = temporaryFolder();
  readonly folder = join(this.home, '.local/bin');
  readonly program = join(this.folder, 'twvault');
  readonly bin = join(temporaryFolder(), 'bin');
  readonly #env: Record<string, string>;

  constructor(releases: Releases | undefined, env: Record<string, string> = {}) {
    mkdirSync(this.bin);
    mkdirSync(join(this.home, 'tmp'));
    const usual = {
      HOME: this.home,
      TMPDIR: join(this.home, 'tmp'),
      PATH: `${this.bin}:${process.env.PATH}`,
    };
    this.#env = { ...usual, ...(releases && { TWVAULT_RELEASE_URL: releases.url }), ...env };
  }

  /** Puts a program in the place of the machine's own. */
  has(name: string, text: string): this {
    writeFileSync(join(this.bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    return this;
  }

  /** Has these programs of the machine, and no others. */
  hasOnly(...names: string[]): this {
    for (const name of names) {
      const path = (process.env.PATH ?? '')
        .split(delimiter)
        .map((folder) => join(folder, name))
        .find(existsSync);
      if (path !== undefined) symlinkSync(path, join(this.bin, name));
    }
    this.#env.PATH = this.bin;
    return this;
  }

  withFolderOnPath(where: 'first' | 'last'): this {
    const { PATH = '' } = this.#env;
    this.#env.PATH = where === 'first' ? `${this.folder}:${PATH}` : `${PATH}:${this.folder}`;
    return this;
  }

  async install(
    args: readonly string[] = [],
    [shell = 'sh', ...options] = SHELLS[0] as string[],
  ): Promise<Result> {
    const file = (process.env.PATH ?? '')
      .split(delimiter)
      .map((folder) => join(folder, shell))
      .find(existsSync);
    const child = spawn(file ?? shell, [...options, SCRIPT, ...args], {
      env: this.#env,
      cwd: this.home,
      argv0: shell,
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (bytes) => {
      stdout += bytes;
    });
    child.stderr.on('data', (bytes) => {
      stderr += bytes;
    });
    const [status, signal] = await once(child, 'close');
    return { status, signal, stdout, stderr };
  }

  /** What is in the home and in the folder for temporary files, which is in it. */
  get left(): string[] {
    return readdirSync(this.home, { recursive: true, encoding: 'utf8' }).sort();
  }

  get version(): string {
    return spawnSync(this.program, ['--version'], { encoding: 'utf8' }).stdout.trim();
  }
}

const NOTHING = ['tmp'];
const INSTALLED = ['.local', '.local/bin', '.local/bin/twvault', 'tmp'];

for (const shell of SHELLS) {
  const name = shell.join(' ');
  describe.skipIf(!hasCurl || !has(shell[0] as string, `install.sh in ${name}`))(
    `install.sh in ${name}`,
    () => {
      it('installs the newest release, then another one over it, and takes it away', async () => {
        const site = await releases();
        publish(site, '1.2.3', [HERE]);
        publish(site, '1.3.0', [HERE, 'twvault-windows-x64.exe']);
        const person = new Person(site);
        const { status, stdout, stderr } = await person.install([], shell);
        expect([status, stdout, stderr]).toEqual([
          0,
          '',
          `twvault: installed twvault 1.3.0 in ${person.folder}\ntwvault: hint: ${person.folder} is not on your PATH: add it, for example in ~/.profile: PATH="${person.folder}:$PATH"\n`,
        ]);
        expect([person.version, person.left]).toEqual(['1.3.0', INSTALLED]);
        expect(statSync(person.program).mode & 0o777).toBe(0o755);
        expect((await person.install(['--version', 'v1.2.3'], shell)).status).toBe(0);
        expect(person.version).toBe('1.2.3');
        expect((await person.install(['--uninstall'], shell)).stderr).toMatch(
          /removed .*\n.*your vault stays/,
        );
        expect(readFileSync(join(person.home, 'asked'), 'utf8')).toBe('lock\n');
        expect(existsSync(person.program)).toBe(false);
        expect((await person.install(['--uninstall'], shell)).status).toBe(1);
      });

      it('refuses a program that is not what the release says, and leaves nothing', async () => {
        const site = await releases();
        publish(site, '1.2.3', [HERE]);
        site.files.set(`/latest/download/${HERE}`, `${standIn('1.2.3')}# more\n`);
        const person = new Person(site);
        const { status, stderr } = await person.install([], shell);
        expect([status, person.left]).toEqual([1, NOTHING]);
        expect(stderr).toMatch(
          /is not what the release says \(SHA-256 [0-9a-f]{64}, expected [0-9a-f]{64}\): nothing was installed\n$/,
        );
      });

      it('refuses a program without a checksum, or with one that is none', async () => {
        const site = await releases();
        publish(site, '1.2.3', [HERE]);
        const sums = String(site.files.get('/latest/download/SHA256SUMS'));
        const person = new Person(site);
        for (const [text, reason] of [
          [sums.replace(HERE, `${HERE}-musl`), /no checksum of/],
          ['', /no checksum of/],
          [sums.replace(/^./, 'x'), /makes no sense/],
          [sums + sums.replace(/^../, '00'), /makes no sense/],
        ] as const) {
          site.files.set('/latest/download/SHA256SUMS', text);
          const { status, stderr } = await person.install([], shell);
          expect([status, person.left]).toEqual([1, NOTHING]);
          expect(stderr).toMatch(reason);
        }
      });

      it('leaves what is there where a download breaks off', async () => {
        const site = await releases();
        publish(site, '1.2.3', [HERE]);
        const person = new Person(site);
        await person.install([], shell);
        site.files.set(`/latest/download/${HERE}`, (response) => {
          response.writeHead(200, { 'content-length': 1_000_000 });
          response.write(standIn('1.3.0'), () => response.destroy());
        });
        const { status, stderr } = await person.install([], shell);
        expect([status, person.version, person.left]).toEqual([1, '1.2.3', INSTALLED]);
        expect(stderr).toMatch(/cannot download http/);
      });

      it('does nothing of a script that broke off', () => {
        const text = readFileSync(SCRIPT, 'utf8');
        const person = new Person(undefined);
        for (let at = 1; at < 8; at++) {
          const part = text.slice(0, Math.floor((text.length * at) / 8));
          const [program = '', ...options] = shell;
          spawnSync(program, options, {
            input: part,
            env: { HOME: person.home, PATH: '/usr/bin:/bin' },
            cwd: person.home,
          });
          expect(person.left).toEqual(NOTHING);
        }
      });
    },
  );
}

describe.skipIf(!hasCurl)('install.sh', () => {
  it('ends an interrupted download without a trace', async () => {
    const site = await releases();
    publish(site, '1.2.3', [HERE]);
    const person = new Person(site);
    let asked = () => {};
    const hangs = new Promise<void>((resolve) => {
      asked = resolve;
    });
    site.files.set(`/latest/download/${HERE}`, (response) => {
      response.writeHead(200, { 'content-length': 1_000_000 });
      response.write(standIn('1.2.3'), asked);
    });
    const env = {
      HOME: person.home,
      TMPDIR: join(person.home, 'tmp'),
      PATH: process.env.PATH,
      TWVAULT_RELEASE_URL: site.url,
    };
    const child = spawn('sh', [SCRIPT], { env, detached: true, stdio: 'ignore' });
    await hangs;
    process.kill(-(child.pid as number), 'SIGINT');
    const [status] = await once(child, 'close');
    expect([status, person.left]).toEqual([130, NOTHING]);
  });

  it('replaces a program that is running, which goes on as it was', async () => {
    const site = await releases();
    publish(site, '1.2.3', [HERE]);
    const person = new Person(site);
    await person.install();
    // An executable, which the kernel lets nobody write to while it runs.
    const sleeper = readFileSync('/bin/sleep');
    writeFileSync(person.program, sleeper);
    const running = spawn(person.program, ['600'], { stdio: 'ignore' });
    await once(running, 'spawn');
    expect((await person.install()).status).toBe(0);
    expect(person.version).toBe('1.2.3');
    expect(running.exitCode).toBeNull();
    running.kill();
  });

  it('says when another twvault comes first, and nothing where all is well', async () => {
    const site = await releases();
    publish(site, '1.2.3', [HERE]);
    const person = new Person(site).has('twvault', ':').withFolderOnPath('last');
    expect((await person.install()).stderr).toMatch(
      /^twvault: installed .*\ntwvault: hint: another twvault comes first on your PATH: .*\/bin\/twvault\n$/,
    );
    person.withFolderOnPath('first');
    expect((await person.install()).stderr).toBe(`twvault: installed twvault 1.2.3 in ${person.folder}\n`);
    // It is the one that a shell finds: the completion goes with it.
    await person.install(['--uninstall']);
    const asked = readFileSync(join(person.home, 'asked'), 'utf8');
    expect(asked).toBe(
      `lock\n${['bash', 'zsh', 'fish'].map((shell) => `completion uninstall ${shell}\n`).join('')}`,
    );
  });

  it('takes the program for the machine: system, processor, C library', async () => {
    const site = await releases();
    const all = [
      'linux-x64',
      'linux-arm64',
      'linux-x64-musl',
      'linux-arm64-musl',
      'darwin-x64',
      'darwin-arm64',
    ];
    publish(
      site,
      '1.2.3',
      all.map((target) => `twvault-${target}`),
    );
    const glibc = 'echo "ldd (Debian GLIBC 2.36-9) 2.36"';
    const musl = 'echo "musl libc (x86_64)" >&2; exit 1';
    const machines: readonly (readonly [system: string, machine: string, ldd: string, target: string])[] = [
      ['Linux', 'x86_64', glibc, 'linux-x64'],
      ['Linux', 'aarch64', glibc, 'linux-arm64'],
      ['Linux', 'x86_64', musl, 'linux-x64-musl'],
      ['Linux', 'aarch64', musl, 'linux-arm64-musl'],
      ['Darwin', 'x86_64', ':', 'darwin-x64'],
      ['Darwin', 'arm64', ':', 'darwin-arm64'],
    ];
    for (const [system, machine, ldd, target] of machines) {
      const person = new Person(site)
        .has('uname', `case $1 in -s) echo ${system} ;; -m) echo ${machine} ;; esac`)
        .has('ldd', ldd)
        .has('sysctl', 'exit 1');
      expect((await person.install()).status).toBe(0);
      expect(site.asked.at(-1)).toBe(`/latest/download/twvault-${target}`);
    }
    const rosetta = new Person(site)
      .has('uname', 'case $1 in -s) echo Darwin ;; -m) echo x86_64 ;; esac')
      .has('sysctl', 'echo 1');
    await rosetta.install();
    expect(site.asked.at(-1)).toBe('/latest/download/twvault-darwin-arm64');
  });

  it('says what else there is where no program fits', async () => {
    for (const [system, machine, words] of [
      ['FreeBSD', 'amd64', /no program for FreeBSD: npm install/],
      ['Linux', 'riscv64', /no program for riscv64: npm install/],
      ['MINGW64_NT-10.0', 'x86_64', /scoop install/],
    ] as const) {
      const person = new Person(await releases()).has(
        'uname',
        `case $1 in -s) echo ${system} ;; -m) echo ${machine} ;; esac`,
      );
      const { status, stderr } = await person.install();
      expect([status, person.left]).toEqual([1, NOTHING]);
      expect(stderr).toMatch(words);
    }
  });

  const TOOLS = [
    'awk',
    'cat',
    'chmod',
    'cp',
    'ldd',
    'mkdir',
    'mktemp',
    'mv',
    'rm',
    'sh',
    'uname',
    'bash',
    'perl',
  ];
  const SETS = [
    ['curl', 'sha256sum'],
    ['curl', 'shasum'],
    ['curl', 'openssl'],
    ['wget', 'sha256sum'],
  ].filter((tools) => tools.every((tool) => has(tool, `install.sh with ${tools.join(' and ')}`)));
  it.each(SETS.map((tools) => [tools.join(' and '), tools] as const))(
    'needs no more than %s',
    async (_, tools) => {
      const site = await releases();
      publish(site, '1.2.3', [HERE]);
      const person = new Person(site).hasOnly(...TOOLS, ...tools);
      expect((await person.install()).status).toBe(0);
      expect(person.version).toBe('1.2.3');
      site.files.set(`/latest/download/${HERE}`, 'changed');
      expect((await person.install()).status).toBe(1);
      expect(person.version).toBe('1.2.3');
    },
  );

  it.skipIf(!has('busybox', 'the wget of BusyBox'))('takes no wget that checks no certificates', async () => {
    const site = await releases();
    publish(site, '1.2.3', [HERE]);
    const far = new Person(site)
      .hasOnly(...TOOLS, 'busybox', 'sha256sum')
      .has('wget', 'exec busybox wget "$@"');
    const { status, stderr } = await far.install();
    expect([status, far.left]).toEqual([1, NOTHING]);
    expect(stderr).toMatch(/may not check certificates: install curl/);
  });

  it.each([
    [['curl'], /needs sha256sum, shasum or openssl/],
    [['sha256sum'], /needs curl or wget/],
  ])('installs nothing unchecked where there is only %s', async (tools, words) => {
    const site = await releases();
    publish(site, '1.2.3', [HERE]);
    const person = new Person(site).hasOnly(...TOOLS, ...tools);
    const { status, stderr } = await person.install();
    expect([status, person.left]).toEqual([1, NOTHING]);
    expect(stderr).toMatch(words);
  });

  it('refuses what does not run here, or is another version than it was to be, and keeps the old one', async () => {
    const site = await releases();
    publish(site, '1.2.3', [HERE]);
    const person = new Person(site);
    await person.install();
    publish(site, '1.3.0', [HERE]);
    for (const file of [HERE, 'SHA256SUMS'])
      site.files.set(`/download/v9.9.9/${file}`, site.files.get(`/download/v1.3.0/${file}`) as string);
    expect((await person.install(['--version', '9.9.9'])).stderr).toMatch(
      /calls itself 1\.3\.0, not 9\.9\.9/,
    );
    const broken = '#!/nonesuch/interpreter\n';
    site.files.set(`/latest/download/${HERE}`, broken);
    site.files.set('/latest/download/SHA256SUMS', `${sha256(broken)} *${HERE}\n`);
    expect((await person.install()).stderr).toMatch(/does not run on this machine: nothing was installed\n$/);
    expect([person.version, person.left]).toEqual(['1.2.3', INSTALLED]);
    expect((await person.install(['--version', '4.0.0'])).stderr).toMatch(/cannot download .*v4\.0\.0/);
  });

  it("leaves npm's link and other folders alone", async () => {
    const site = await releases();
    publish(site, '1.2.3', [HERE]);
    const person = new Person(site);
    mkdirSync(person.folder, { recursive: true });
    symlinkSync('../lib/twvault.js', person.program);
    for (const args of [[], ['--uninstall']]) expect((await person.install(args)).status).toBe(1);
    expect(readdirSync(person.folder)).toEqual(['twvault']);
    expect(site.asked).toEqual([]);
  });

  it('installs where it is told to', async () => {
    const site = await releases();
    publish(site, '1.2.3', [HERE]);
    const person = new Person(site, { TWVAULT_INSTALL_DIR: 'a folder' });
    expect((await person.install()).stderr).toContain(join(person.home, 'a folder'));
    expect(existsSync(join(person.home, 'a folder/twvault'))).toBe(true);
    await person.install(['--prefix', join(person.home, 'opt')]);
    expect(existsSync(join(person.home, 'opt/bin/twvault'))).toBe(true);
  });

  it('takes no release from an address that anyone on the way can change', async () => {
    for (const url of ['http://releases.invalid', 'http://127.0.0.1.invalid', 'ftp://127.0.0.1']) {
      const { status, stderr } = await new Person(undefined, { TWVAULT_RELEASE_URL: url }).install();
      expect([status, stderr]).toEqual([1, `twvault: refused: ${url} is not https\n`]);
    }
    expect((await new Person(undefined).install()).stderr).toMatch(/not filled in: set TWVAULT_RELEASE_URL/);
    expect((await new Person(undefined).install(['--nope'])).stderr).toMatch(/unknown option: --nope/);
    expect((await new Person(undefined).install(['--version'])).stderr).toMatch(/--version needs a value/);
    expect((await new Person(undefined).install(['--help'])).stdout).toMatch(/^Usage: install\.sh/);
  });

  it.skipIf(!has('shellcheck', 'install.sh read by shellcheck'))('is found faultless by shellcheck', () => {
    const { stdout, stderr } = spawnSync('shellcheck', ['--shell=sh', '--severity=style', SCRIPT], {
      encoding: 'utf8',
    });
    expect(stdout + stderr).toBe('');
  });
});
