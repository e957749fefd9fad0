// For a release, when its programs and SHA256SUMS are in release/: `node packaging/fill.mjs VERSION RELEASES [FOLDER]` fills the
// install script, the Homebrew formula and the Scoop manifest, and puts them beside the programs. RELEASES is where releases
// are (https://github.com/OWNER/twvault/releases); it stands nowhere else. FOLDER is release/, if not given.
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const TEMPLATES = ['install.sh', 'homebrew/twvault.rb', 'scoop/twvault.json'];

const [version, releases, folder = join(import.meta.dirname, '../release')] = process.argv.slice(2);
try {
  if (!/^\d+\.\d+\.\d+(-[0-9A-Za-z.]+)?$/.test(version ?? '')) throw new Error(`no version: ${version}`);
  if (!/^https:\/\/\S+\/releases$/.test(releases ?? ''))
    throw new Error(`no address of releases (https://.../releases): ${releases}`);
  const sums = checksums(readFileSync(join(folder, 'SHA256SUMS'), 'utf8'));
  const texts = TEMPLATES.map((name) => [name, fill(name, sums)]);
  for (const [name, text] of texts) write(name, text);
} catch (error) {
  console.error(`fill: ${error.message}`);
  process.exitCode = 1;
}

/** By file names. */
function checksums(text) {
  const lines = text.match(/^.+$/gm) ?? [];
  return new Map(
    lines.map((line) => {
      const [, sum, name] = /^([0-9a-f]{64}) [ *](\S+)$/.exec(line) ?? [];
      if (name === undefined) throw new Error(`SHA256SUMS has a line that makes no sense: ${line}`);
      return [name, sum];
    }),
  );
}

function fill(name, sums) {
  const template = readFileSync(join(import.meta.dirname, name), 'utf8');
  return template.replace(/@([A-Z0-9]+)(?: ([\w.-]+))?@/g, (place, kind, file) => {
    const value = {
      VERSION: version,
      RELEASES: releases,
      HOMEPAGE: releases.replace(/\/releases$/, ''),
      SHA256: sums.get(file),
    }[kind];
    if (value === undefined) throw new Error(`there is nothing for ${place} in ${name}`);
    return value;
  });
}

function write(name, text) {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  if (name.endsWith('.sh')) chmodSync(path, 0o755);
  console.log(path);
}
