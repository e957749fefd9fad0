// npm run bench [GROUP...]: how long people wait, beside a bare `node -e 0` of the same Node in the same rounds.
//   ROUNDS=40              more rounds than 25
//   NODES=/a/node:/b/node  other Node binaries beside this one, for the groups that tell them apart
// Results go to bench/results.json, beside those of groups measured earlier, and from there to docs/bench.svg.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { must } from './place.mjs';
import { plot } from './plot.mjs';
import { print } from './print.mjs';

/** `isEachNode`: measured with every Node of NODES. */
const GROUPS = {
  exec: { isEachNode: true },
  memory: { isEachNode: true },
  binary: {},
  peers: { isEachNode: true },
  commands: {},
  scale: {},
  scan: {},
  mask: {},
};
const ROUNDS = Number(process.env.ROUNDS ?? 25);
const NODES = [process.execPath, ...(process.env.NODES?.split(':') ?? [])];
const RESULTS = join(import.meta.dirname, 'results.json');

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !GROUPS[name]);
if (unknown) throw new Error(`no group ${unknown}: there are ${Object.keys(GROUPS).join(', ')}`);

for (const name of wanted.length > 0 ? wanted : Object.keys(GROUPS)) {
  const { about, measure } = await import(`./groups/${name}.mjs`);
  for (const file of GROUPS[name].isEachNode ? NODES : NODES.slice(0, 1)) {
    const node = describe(file);
    const load = loadavg()[0];
    const rows = await measure({ ...node, rounds: ROUNDS });
    const table = {
      group: name,
      about,
      node: node.version,
      cpu: cpus()[0].model,
      cores: cpus().length,
      load,
      rows,
    };
    print(table);
    keep(table);
  }
}
plot(RESULTS, join(import.meta.dirname, '../docs/bench.svg'));

function describe(file) {
  const script = 'console.log(JSON.stringify([process.versions.node, !!process.execve]))';
  const [version, hasExecve] = JSON.parse(must(file, ['-e', script]));
  return { node: file, version, hasExecve };
}

/** In place of the same group's earlier table for the same Node. */
function keep(table) {
  const kept = existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, 'utf8')) : [];
  const at = kept.findIndex(({ group, node }) => group === table.group && node === table.node);
  kept.splice(at < 0 ? kept.length : at, 1, table);
  writeFileSync(RESULTS, `${JSON.stringify(kept, null, 1)}\n`);
}
