import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FLOOR, rowsOf, timeTogether } from '../measure.mjs';
import { bareEnvironment, must } from '../place.mjs';
import { BenchVault, madeUpKeys, TWVAULT } from '../vault.mjs';

export const about = 'the other commands that people wait for';

const ONE_REQUEST = 'one request, bare Node';
const TARGETS = { list: { atMost: 1.8 }, 'a tab': { atMost: 1.5 }, 'scan --staged': { atMost: 2.5 } };
const PRELOAD = join(import.meta.dirname, '../../test/standin/preload.cjs');
const REQUEST = "require('https').get('https://api.x.com/2/users/me', (answer) => answer.resume())";

export async function measure({ node, rounds }) {
  const vault = BenchVault.withIdentity();
  const keys = madeUpKeys(100_000_000);
  const dotenv = Object.entries(keys)
    .map(([name, value]) => `${name.toUpperCase()}=${value}\n`)
    .join('');
  vault.run(['add', 'personal', '--stdin'], { input: dotenv });
  const { env } = vault;
  const twvault = (...args) => ({ file: node, args: [TWVAULT, ...args], env });
  const x = { ...env, X_STANDIN_PORT: await standIn(keys) };
  const commands = {
    [FLOOR]: { file: node, args: ['-e', '0'], env },
    list: twvault('list'),
    show: twvault('show'),
    'show --json': twvault('show', '--json'),
    'a tab': twvault('__complete', '--', '4', 'exec', '-p', 'personal', '--only', ''),
    'scan --staged': { ...twvault('scan', '--staged'), cwd: stagedRepository(vault) },
    [ONE_REQUEST]: { file: node, args: ['--require', PRELOAD, '-e', REQUEST], env: x },
    verify: { file: node, args: ['--require', PRELOAD, TWVAULT, 'verify'], env: x },
    add: writing(vault, node, (file) => ['add', 'new', '--from', file], dotenv),
    import: writing(vault, node, (file) => ['import', file, '--yes', '--profile', 'new'], dotenv),
  };
  return rowsOf(timeTogether(commands, rounds), TARGETS);
}

/** A command that writes, each time to the same vault as before. */
function writing({ root, env }, node, args, text) {
  const home = join(root, `written-${args('')[0]}`);
  const file = join(root, 'keys.env');
  writeFileSync(file, text);
  const before = () => {
    rmSync(home, { recursive: true, force: true });
    cpSync(env.TWVAULT_HOME, home, { recursive: true });
  };
  return { file: node, args: [TWVAULT, ...args(file)], env: { ...env, TWVAULT_HOME: home }, before };
}

/** A repository with an ordinary commit about to be made: three files changed among a hundred. */
function stagedRepository({ root }) {
  const folder = join(root, 'repository');
  mkdirSync(folder);
  const git = (...args) => must('git', ['-C', folder, ...args], { env: bareEnvironment(root) });
  const write = (at, text) => writeFileSync(join(folder, `file${at}.js`), text.repeat(200));
  git('init', '-q');
  for (let at = 0; at < 100; at += 1) write(at, `export const value${at} = compute(${at});\n`);
  git('add', '.');
  git('-c', 'user.name=bench', '-c', 'user.email=bench@example.org', 'commit', '-qm', 'first');
  for (let at = 0; at < 3; at += 1) write(at, `export const value${at} = computeAgain(${at});\n`);
  git('add', '.');
  return folder;
}

/** X's stand-in in a process of its own, since timing keeps this one busy. @returns its port */
async function standIn({ consumer_key, consumer_secret, access_token, access_token_secret }) {
  const account = {
    id: '100000000',
    username: 'bench',
    api_key: consumer_key,
    api_secret: consumer_secret,
    access_token,
    access_token_secret,
  };
  const server = spawn(
    process.execPath,
    [join(import.meta.dirname, '../standin.mjs'), JSON.stringify([account])],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  server.unref();
  const [port] = await once(server.stdout, 'data');
  server.stdout.destroy();
  return String(port).trim();
}
