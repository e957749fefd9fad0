// Makes the standalone binary: `npm run build:binary [-- TARGET...]`. A target is `linux-x64`, ...; without one it is this
// machine's. The runtime of each target comes from the npm registry, so other platforms' need no machine of theirs.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bomText } from './sbom.mjs';

const ROOT = join(import.meta.dirname, '..');
const RELEASE = join(ROOT, 'release');
const BUNDLE = join(ROOT, '.cache/binary');
const BUN = '1.4.5';
const BUNDLED_LICENCES = join(BUNDLE, 'THIRD-PARTY-LICENSES.txt');

const BOM = {
  licences: BUNDLED_LICENCES,
  without: ['@lydell/'],
  runtime: {
    type: 'platform',
    name: 'bun',
    version: BUN,
    purl: `pkg:npm/bun@${BUN}`,
    licenses: [{ license: { id: 'MIT' } }],
  },
};

/** Each target: what Bun calls it, its package of the runtime, and the folder of keytar's module. */
const TARGETS = {
  'linux-x64': { bun: 'linux-x64', keytar: 'linux-x64' },
  'linux-x64-musl': { bun: 'linux-x64-musl', keytar: 'linuxmusl-x64' },
  'linux-arm64': { bun: 'linux-aarch64', keytar: 'linux-arm64' },
  'linux-arm64-musl': { bun: 'linux-aarch64-musl', keytar: 'linuxmusl-arm64' },
  'darwin-x64': { bun: 'darwin-x64', keytar: 'darwin-x64' },
  'darwin-arm64': { bun: 'darwin-aarch64', keytar: 'darwin-arm64' },
  'windows-x64': { bun: 'windows-x64', keytar: 'win32-x64' },
  'windows-arm64': { bun: 'windows-aarch64', keytar: 'win32-arm64' },
};

const FLAGS = [
  // Nothing in the folder where someone runs twvault has a say in how it runs.
  ...['dotenv', 'bunfig', 'tsconfig', 'package-json'].map((file) => `--no-compile-autoload-${file}`),
  ...['--compile', '--minify', '--bytecode', '--format=esm', '--splitting'],
];

const named = process.argv.slice(2);
const targets = named.length === 0 ? [here()] : named[0] === 'all' ? Object.keys(TARGETS) : named;
for (const target of targets) {
  if (!Object.hasOwn(TARGETS, target)) {
    console.error(`no such target: ${target}; there are ${Object.keys(TARGETS).join(', ')}`);
    process.exit(2);
  }
}
for (const target of targets) build(target);
writeFileSync(join(RELEASE, 'twvault.cdx.json'), bomText(BOM));
writeFileSync(join(RELEASE, 'THIRD-PARTY-LICENSES.txt'), licences());
writeFileSync(join(RELEASE, 'SHA256SUMS'), checksums());

function here() {
  const platform = { win32: 'windows' }[process.platform] ?? process.platform;
  const isMusl = platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime;
  return `${platform}-${process.arch}${isMusl ? '-musl' : ''}`;
}

function build(target) {
  const { bun, keytar } = TARGETS[target];
  const module = join(ROOT, 'node_modules/keytar/prebuilds', keytar, 'keytar.node');
  run(
    process.execPath,
    ['node_modules/rolldown/bin/cli.mjs', '-c', 'rolldown.binary.config.mts', '--logLevel', 'warn'],
    {
      env: { ...process.env, TWVAULT_BINARY_KEYTAR: module },
    },
  );
  mkdirSync(RELEASE, { recursive: true });
  const ending = target.startsWith('windows') ? '.exe' : '';
  const file = join(RELEASE, `twvault-${target}${ending}`);
  const next = join(RELEASE, `.next${ending}`);
  const compiler = runtime(TARGETS[here()].bun);
  run(
    compiler,
    [
      'build',
      ...FLAGS,
      `--target=bun-${bun.replace('aarch64', 'arm64')}`,
      `--compile-executable-path=${runtime(bun)}`,
      `--outfile=${next}`,
      'twvault.js',
      'scan-worker.js',
      'history-worker.js',
    ],
    { cwd: BUNDLE },
  );
  renameSync(next, file);
  console.log(file.slice(ROOT.length + 1));
}

/** The path of a platform's runtime, fetched once. */
function runtime(bun) {
  const folder = join(ROOT, '.cache', `bun-${BUN}-${bun}`);
  const file = join(
    folder,
    'node_modules/@oven',
    `bun-${bun}`,
    'bin',
    bun.startsWith('windows') ? 'bun.exe' : 'bun',
  );
  if (existsSync(file)) return file;
  rmSync(folder, { recursive: true, force: true });
  run('npm', [
    'install',
    '--prefix',
    folder,
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--force',
    '--ignore-scripts',
    `@oven/bun-${bun}@${BUN}`,
  ]);
  return file;
}

/** Of what is bundled, and where those of the runtime stand. */
function licences() {
  const bundled = readFileSync(BUNDLED_LICENCES, 'utf8');
  const runtime = `The executables also contain Bun ${BUN} (MIT), and with it JavaScriptCore (LGPL 2) and other libraries, whose licences
are listed at https://bun.com/docs/project/licensing, and keytar (MIT).`;
  return `${bundled}\n${'-'.repeat(80)}\n${runtime}\n`;
}

/** As sha256sum writes and reads them. */
function checksums() {
  return readdirSync(RELEASE)
    .filter((name) => name !== 'SHA256SUMS' && !name.startsWith('.'))
    .sort()
    .map(
      (name) =>
        `${createHash('sha256')
          .update(readFileSync(join(RELEASE, name)))
          .digest('hex')}  ${name}\n`,
    )
    .join('');
}

function run(file, args, options = {}) {
  execFileSync(file, args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'], ...options });
}
