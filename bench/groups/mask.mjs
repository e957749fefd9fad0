import { spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { plainRow, row } from '../measure.mjs';
import { temporaryFolder } from '../place.mjs';
import { BenchVault, TWVAULT } from '../vault.mjs';

export const about =
  'a text with planted secrets (MEGABYTES=) through exec --mask, beside as many pipes of plain cat';

const SIZE = Number(process.env.MEGABYTES ?? 300) * 1e6;
const SECRETS = 50_000;
const CAT = 'cat | cat';
const COPY = 'cat | node, which only copies';
const MASK = 'exec --mask';

export async function measure({ node, rounds }) {
  const text = plantedText();
  await checkNothingIsLeft(text, node);
  const lines = {
    [CAT]: 'cat "$TEXT" | cat',
    [COPY]: `cat "$TEXT" | "$NODE" "${join(import.meta.dirname, '../copy.cjs')}"`,
    [MASK]: '"$NODE" "$TWVAULT" exec --mask -- cat "$TEXT"',
  };
  const names = Object.keys(lines);
  const taken = { [CAT]: [], [COPY]: [], [MASK]: [] };
  const peaks = [];
  for (let round = -1; round < rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const { elapsed, peak } = await pipeline(lines[name], text, node);
      if (round < 0) continue;
      taken[name].push(SIZE / 1e3 / elapsed);
      if (name === MASK && peak > 0) peaks.push(peak / 1024);
    }
  }
  const cat = { name: CAT, taken: taken[CAT] };
  return [
    row(CAT, taken[CAT], cat, { unit: 'MB/s' }),
    row(COPY, taken[COPY], cat, { unit: 'MB/s' }),
    row(MASK, taken[MASK], cat, { unit: 'MB/s', ...(SIZE >= 1e9 && { atLeast: 0.85 }) }),
    plainRow('peak of memory', peaks, { unit: 'MB' }),
  ];
}

function plantedText() {
  const vault = BenchVault.withIdentity();
  const secrets = vault.addProfile('personal');
  const path = join(temporaryFolder(), 'text');
  writeText(path, secrets);
  return { path, secrets, env: vault.env };
}

/** Lines of this project's own source, over and over, with a secret in every so many bytes. */
function writeText(to, secrets) {
  const source = join(import.meta.dirname, '../../src');
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

function start(line, { path, env }, node, stdio) {
  return spawn('sh', ['-c', line], { env: { ...env, TEXT: path, NODE: node, TWVAULT }, stdio });
}

/** Into a reader that does as little as can be. The peak of memory is asked of twvault while it runs. */
async function pipeline(line, text, node) {
  const begin = process.hrtime.bigint();
  const child = start(`${line} | cat > /dev/null`, text, node, ['ignore', 'ignore', 'inherit']);
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
async function checkNothingIsLeft(text, node) {
  const { path, secrets } = text;
  const child = start('"$NODE" "$TWVAULT" exec --mask -- cat "$TEXT"', text, node, [
    'ignore',
    'pipe',
    'inherit',
  ]);
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
}

/** Occurrences that begin before a place. */
function count(bytes, word, end) {
  let found = 0;
  for (let at = bytes.indexOf(word); at >= 0 && at < end; at = bytes.indexOf(word, at + 1)) found += 1;
  return found;
}
