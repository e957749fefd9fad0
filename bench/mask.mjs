// node bench/mask.mjs: 1 GB of text with 50,000 planted secrets through `exec --mask -- cat`, beside the same text
// through as many pipes of plain cat. Rounds in pairs, in turn.
//   ROUNDS=5  MEGABYTES=1000
import { spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { summarise } from './measure.mjs';
import { BenchVault, TWVAULT } from './vault.mjs';

const ROUNDS = Number(process.env.ROUNDS ?? 5);
const SIZE = Number(process.env.MEGABYTES ?? 1000) * 1e6;
const SECRETS = 50_000;

const vault = new BenchVault();
const secrets = vault.addProfile('personal');
const path = join(tmpdir(), `twvault-bench-${process.pid}.txt`);
process.on('exit', () => rmSync(path, { force: true }));
writeText(path);
await checkNothingIsLeft();

const runs = {
  cat: () => pipeline('cat "$TEXT" | cat'),
  mask: () => pipeline('"$NODE" "$TWVAULT" exec --mask -- cat "$TEXT"'),
  start: () => pipeline('"$NODE" "$TWVAULT" exec --mask -- true'),
};
const times = { cat: [], mask: [], start: [] };
let memory = 0;
for (let round = -1; round < ROUNDS; round += 1) {
  const order = round % 2 === 0 ? ['cat', 'mask', 'start'] : ['start', 'mask', 'cat'];
  for (const name of order) {
    const { elapsed, peak } = await runs[name]();
    if (round >= 0) times[name].push(elapsed);
    memory = Math.max(memory, peak);
  }
}
const { median, ratio, ratioLow, ratioHigh } = summarise(times.cat, times.mask);
console.log(`${SIZE / 1e6} MB, ${SECRETS} secrets, ${ROUNDS} pairs of runs, Node ${process.version}`);
console.log(`cat | cat       ${rate(median)} MB/s`);
console.log(`exec --mask     ${rate(summarise(times.mask, times.cat).median)} MB/s`);
console.log(`of cat's speed  ${ratio.toFixed(2)} (${ratioLow.toFixed(2)} to ${ratioHigh.toFixed(2)})`);
console.log(`of that, start and end  ${summarise(times.start, times.start).median.toFixed(0)} ms`);
console.log(`memory of twvault at its peak  ${(memory / 1024).toFixed(0)} MB`);

function rate(milliseconds) {
  return (SIZE / 1e3 / milliseconds).toFixed(0);
}

/** Lines of this project's own source, over and over, with a secret in every so many bytes. */
function writeText(to) {
  const source = join(import.meta.dirname, '../src');
  const files = readdirSync(source, { recursive: true }).filter((name) => name.endsWith('.ts'));
  const text = Buffer.from(files.map((name) => readFileSync(join(source, name), 'utf8')).join('\n'));
  const fd = openSync(to, 'w');
  const step = Math.floor(SIZE / SECRETS);
  let at = 0;
  for (let planted = 0; planted < SECRETS; planted += 1) {
    const secret = secrets[planted % secrets.length];
    const parts = [];
    for (let rest = step - secret.length; rest > 0; ) {
      const part = text.subarray(at, at + rest);
      parts.push(part);
      rest -= part.length;
      at = (at + part.length) % text.length;
    }
    writeSync(fd, Buffer.concat([...parts, Buffer.from(secret)]));
  }
  closeSync(fd);
}

function start(line, stdio) {
  const env = { ...vault.env, TEXT: path, NODE: process.execPath, TWVAULT };
  return spawn('sh', ['-c', line], { env, stdio });
}

/** Into a reader that does as little as can be. The peak of memory is asked of twvault while it runs. */
async function pipeline(line) {
  const begin = process.hrtime.bigint();
  const child = start(`${line} | cat > /dev/null`, ['ignore', 'ignore', 'inherit']);
  let peak = 0;
  const look = setInterval(() => {
    peak = Math.max(peak, peakOf(child.pid));
  }, 100);
  const status = await new Promise((resolve) => child.on('exit', resolve));
  clearInterval(look);
  if (status !== 0) throw new Error(`${line}: ${status}`);
  return { elapsed: Number(process.hrtime.bigint() - begin) / 1e6, peak };
}

/** VmHWM, in kB, of the Node process below a shell; 0 where there is none. */
function peakOf(shell) {
  try {
    const children = readFileSync(`/proc/${shell}/task/${shell}/children`, 'utf8').trim().split(' ');
    const node = children.find((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim() !== 'cat');
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${node}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Every secret became its mark, and nothing else changed in length. */
async function checkNothingIsLeft() {
  const child = start('"$NODE" "$TWVAULT" exec --mask -- cat "$TEXT"', ['ignore', 'pipe', 'inherit']);
  let [left, marks, length] = [0, 0, 0];
  let tail = Buffer.alloc(0);
  for await (const chunk of child.stdout) {
    length += chunk.length;
    const seen = Buffer.concat([tail, chunk]);
    const end = Math.max(0, seen.length - 60);
    for (const secret of secrets) left += count(seen, secret, end);
    marks += count(seen, '[personal/', end);
    tail = seen.subarray(end);
  }
  for (const secret of secrets) left += count(tail, secret, tail.length);
  marks += count(tail, '[personal/', tail.length);
  const names = ['api_key', 'api_secret', 'access_token', 'access_token_secret'];
  const change = secrets.reduce(
    (sum, secret, at) => sum + (`[personal/${names[at]}]`.length - secret.length),
    0,
  );
  const expected = statSync(path).size + (change * SECRETS) / secrets.length;
  if (left > 0 || marks !== SECRETS || length !== expected)
    throw new Error(`${left} secrets are left, ${marks} marks, ${length} bytes for ${expected}`);
  console.log(`none of ${SECRETS} secrets is left`);
}

/** Occurrences that begin before a place. */
function count(bytes, word, end) {
  let found = 0;
  for (let at = bytes.indexOf(word); at >= 0 && at < end; at = bytes.indexOf(word, at + 1)) found += 1;
  return found;
}
