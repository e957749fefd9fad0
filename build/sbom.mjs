// `npm run sbom`: what an installed twvault consists of, as CycloneDX. npm's own list, less what only development needs;
// what is bundled into the program is a development dependency to npm, and stays.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const BUNDLED = 'dist/THIRD-PARTY-LICENSES.txt';

const text = execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'], {
  encoding: 'utf8',
  maxBuffer: 2 ** 26,
});
const bundled = new Set(readFileSync(BUNDLED, 'utf8').match(/(?<=^-+\n)\S+(?=: )/gm));
const isDevelopment = ({ properties = [] }) =>
  properties.some(({ name, value }) => name === 'cdx:npm:package:development' && value === 'true');
const reference = (name, version) => `${name}@${version}`;

const bom = JSON.parse(text);
bom.metadata.component.name = 'twvault'; // npm takes the folder's
bom.components = bom.components.filter(
  (component) => bundled.has(reference(component.name, component.version)) || !isDevelopment(component),
);
const kept = new Set([bom.metadata.component, ...bom.components].map((component) => component['bom-ref']));
bom.dependencies = bom.dependencies
  .filter(({ ref }) => kept.has(ref))
  .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((other) => kept.has(other)) }));
process.stdout.write(`${JSON.stringify(bom, null, 2)}\n`);
