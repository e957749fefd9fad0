import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { Encrypter } from 'age-encryption';
import { onTestFinished } from 'vitest';
import { X25519Identity } from '../../src/age/x25519.ts';
import { type AgentPlace, agentPlaces } from '../../src/agent/place.ts';
import type { Start } from '../../src/agent/start-message.ts';
import { readTokenFile, type TokenFile } from '../../src/agent/token-file.ts';
import { Secret } from '../../src/profile/secret.ts';
import { replaceFile } from '../../src/system/files.ts';
import { identityText } from '../../src/unlock/identity-text.ts';
import { openWithPassphrase } from '../../src/unlock/sealed-identity.ts';
import { writeConfig } from '../../src/vault/config.ts';
import { initialise } from '../../src/vault/initialise.ts';
import { type Result, User } from '../support/cli.ts';
import { generatedKeys, type Keys, tutorialLines } from '../support/credentials.ts';

export const PASSPHRASE = 'made up for this test';
const WITH_PASSPHRASE = { TWVAULT_PASSPHRASE: PASSPHRASE };
const PATIENCE_MS = 20_000;

/** A user whose vault has a passphrase, which nothing gives any more. What is left running goes with the test. */
export class LockedUser extends User {
  keys: Keys = generatedKeys();
  readonly #pids = new Set<number>();

  /** With a passphrase that is cheap to check, so that unlocking takes no time. */
  static async make(): Promise<LockedUser> {
    const user = new LockedUser();
    user.env.XDG_RUNTIME_DIR = join(user.root, 'no-such-folder'); // not the one of who runs the test
    const identity = X25519Identity.generate();
    const surroundings = { env: {}, home: user.home, terminal: async () => undefined };
    const plan = { store: 'file', identity: { kept: 'elsewhere', identity } } as const;
    const config = await initialise(surroundings, plan);
    writeConfig(user.home, { ...config, identity: 'passphrase' });
    replaceFile(join(user.home, 'identity.age'), await sealed(identityText(identity)));
    const env = { TWVAULT_IDENTITY: identity.encode() };
    user.must(['add', 'personal', '--stdin'], { input: tutorialLines(user.keys), env });
    onTestFinished(() => {
      for (const pid of user.#pids) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    });
    return user;
  }

  unlock(...options: string[]): Result {
    const result = this.run(['unlock', ...options], { env: WITH_PASSPHRASE });
    this.noteAgents();
    return result;
  }

  unlockBesideOthers(): Promise<Result> {
    return this.start(['unlock'], { env: WITH_PASSPHRASE });
  }

  noteAgents(): void {
    for (const { pid } of this.agents()) this.#pids.add(pid);
  }

  /** What the agents of this user have left for clients. */
  agents(): TokenFile[] {
    return agentPlaces(this.env).flatMap(({ token }) => readTokenFile(token) ?? []);
  }

  /** The one agent's place and process. */
  get agent(): { place: AgentPlace; pid: number; token: Buffer } {
    const [place] = agentPlaces(this.env);
    const file = place && readTokenFile(place.token);
    if (!place || !file) throw new Error('there is no agent');
    return { place, pid: file.pid, token: Buffer.from(file.token, 'base64') };
  }

  /** The vault's identity, AGE-SECRET-KEY-1... */
  async identity(): Promise<string> {
    const sealed = readFileSync(join(this.home, 'identity.age'));
    const [identity] = await openWithPassphrase(sealed, new Secret(PASSPHRASE), 'identity.age');
    return identity.encode();
  }

  /** Starts the agent's program by itself, as `unlock` would, with what else Node shall be told. */
  async startAgent(start: Start, nodeOptions: string[], env: Record<string, string>): Promise<number> {
    const agent = join(import.meta.dirname, '../../dist/agent.cjs');
    const child = spawn(process.execPath, [...nodeOptions, agent], {
      env,
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    const pipe = child.stdio[3] as Duplex;
    pipe.end(JSON.stringify(start));
    const said = await new Promise((resolve) => pipe.once('data', (bytes) => resolve(String(bytes))));
    if (said !== 'ready') throw new Error(String(said));
    this.#pids.add(child.pid as number);
    return child.pid as number;
  }
}

/** The work factor is smaller than any that twvault writes. */
async function sealed(text: string): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(PASSPHRASE);
  encrypter.setScryptWorkFactor(2);
  return encrypter.encrypt(text);
}

export function isAlive(pid: number): boolean {
  try {
    // A process that ended, and that nobody has waited for, still has its number.
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** Waits for something that is to happen by itself. */
export async function until(what: () => boolean): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!what()) {
    if (Date.now() > deadline) throw new Error('it did not happen');
    await pause(20);
  }
}

/** Waits for the end of an agent, which takes its files along. */
export async function untilGone(pid: number, { socket, token }: AgentPlace): Promise<void> {
  await until(() => !isAlive(pid));
  if (existsSync(socket) || existsSync(token)) throw new Error('it left its files');
}

/** The processes that have a socket of this path open, by the kernel's own table. */
export function processesWith(path: string): number[] {
  const inodes = readFileSync('/proc/net/unix', 'utf8')
    .split('\n')
    .filter((line) => line.endsWith(` ${path}`))
    .map((line) => `socket:[${line.trim().split(/\s+/)[6]}]`);
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => linksOf(pid).some((link) => inodes.includes(link))).map(Number);
}

function linksOf(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
  } catch {
    return []; // it has ended
  }
}

/** The TCP sockets on which a process listens, by the kernel's own table: `0100007F:240D`. */
export function tcpListeners(pid: number): string[] {
  const rows = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((path) => readFileSync(path, 'utf8').split('\n'));
  const own = linksOf(String(pid));
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode]) => state === '0A' && own.includes(`socket:[${inode}]`))
    .map(([, address]) => String(address));
}
