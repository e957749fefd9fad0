// What an installed twvault consists of, as CycloneDX: `npm run sbom` prints it for the npm package. npm's own list, less
// what only development needs; what is bundled into the program is a development dependency to npm, and stays.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

if (process.argv[1] && resolve(process.argv[1]) === import.meta.filename) {
  process.stdout.write(bomText({ licences: 'dist/THIRD-PARTY-LICENSES.txt' }));
}

/**
 * @param licences the file that names what is bundled
 * @param without names of packages that npm would install and this build leaves out
 * @param runtime a further component: what the program is compiled into
 */
export function bomText({ licences, without = [], runtime }) {
  const text = execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  const bom = JSON.parse(text);
  bom.metadata.component.name = 'twvault'; // npm takes the folder's
  // The same for the same source.
  delete bom.serialNumber;
  delete bom.metadata.timestamp;
  const bundled = new Set(readFileSync(licences, 'utf8').match(/(?<=^-+\n)\S+(?=: )/gm));
  bom.components = bom.components.filter(
    (component) =>
      bundled.has(`${component.name}@${component.version}`) ||
      !(isDevelopment(component) || without.some((name) => component.name.startsWith(name))),
  );
  const kept = new Set([bom.metadata.component, ...bom.components].map((component) => component['bom-ref']));
  bom.dependencies = bom.dependencies
    .filter(({ ref }) => kept.has(ref))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((other) => kept.has(other)) }));
  if (runtime) bom.components.push(runtime);
  return `${JSON.stringify(bom, null, 2)}\n`;
}

function isDevelopment({ properties = [] }) {
  return properties.some(({ name, value }) => name === 'cdx:npm:package:development' && value === 'true');
}
