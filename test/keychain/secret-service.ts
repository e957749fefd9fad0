import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { has } from '../support/tools.ts';

export const hasSecretService =
  has('dbus-daemon', 'tests with a real keychain') &&
  has('gnome-keyring-daemon', 'tests with a real keychain');

type KeytarMethod = 'getPassword' | 'setPassword' | 'deletePassword' | 'findCredentials';

/** What is on the bus: a keyring that is open, one that nobody has opened, or nothing. */
export type Keyring = 'unlocked' | 'locked' | 'none';

/**
 * A private D-Bus with gnome-keyring on it, or without. The keyring's files stay in the folder, so a second service
 * over the same folder is the same user after the next login.
 */
export class SecretService {
  readonly env: Record<string, string>;
  readonly #bus: ChildProcess;
  readonly #daemon: ChildProcess | undefined;

  private constructor(env: Record<string, string>, bus: ChildProcess, daemon: ChildProcess | undefined) {
    this.env = env;
    this.#bus = bus;
    this.#daemon = daemon;
  }

  static async start(folder: string, keyring: Keyring): Promise<SecretService> {
    const sockets = realpathSync(mkdtempSync(join(tmpdir(), 'twvault-bus-')));
    const { bus, address } = await startBus(sockets);
    bus.once('exit', () => rmSync(sockets, { recursive: true, force: true }));
    const env = { PATH: process.env.PATH ?? '', HOME: folder, DBUS_SESSION_BUS_ADDRESS: address };
    const daemon = keyring === 'none' ? undefined : await startKeyring(env, keyring);
    return new SecretService(env, bus, daemon);
  }

  /** Makes the keyring hang, as one does whose dialog nobody sees. */
  freeze(): void {
    this.#daemon?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#daemon?.kill('SIGCONT');
  }

  /** The keyring dies; the bus goes on. */
  kill(): void {
    this.#daemon?.kill('SIGKILL');
  }

  async stop(): Promise<void> {
    for (const child of [this.#daemon, this.#bus]) {
      if (!child || child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }

  /** Calls keytar itself, past twvault. */
  keytar(method: KeytarMethod, ...args: string[]): unknown {
    const script = `
      const [method, ...args] = process.argv.slice(1);
      require('keytar')[method](...args).then((value) => console.log(JSON.stringify(value ?? null)));`;
    const options = { env: this.env, cwd: import.meta.dirname, encoding: 'utf8' } as const;
    return JSON.parse(execFileSync(process.execPath, ['-e', script, method, ...args], options));
  }
}

/** No <servicedir>: what is not running on this bus cannot be started on it either. */
const BUS_CONFIG = (folder: string) => `<busconfig>
  <type>session</type>
  <listen>unix:dir=${folder}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>`;

async function startBus(folder: string): Promise<{ bus: ChildProcess; address: string }> {
  const config = join(folder, 'bus.conf');
  writeFileSync(config, BUS_CONFIG(folder));
  const args = [`--config-file=${config}`, '--print-address=1', '--nofork'];
  const bus = spawn('dbus-daemon', args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const [address] = await once(bus.stdout, 'data');
  return { bus, address: String(address).trim() };
}

async function startKeyring(env: Record<string, string>, keyring: Keyring): Promise<ChildProcess> {
  const args = ['--foreground', '--components=secrets', ...(keyring === 'unlocked' ? ['--unlock'] : [])];
  const daemon = spawn('gnome-keyring-daemon', args, { env, stdio: ['pipe', 'ignore', 'ignore'] });
  daemon.stdin.end('the login password');
  await untilAnswering(env);
  return daemon;
}

async function untilAnswering(env: Record<string, string>): Promise<void> {
  const script = `
    const attempt = () => require('keytar').getPassword('ready', 'ready').catch(() => setTimeout(attempt, 10));
    attempt();`;
  const child = spawn(process.execPath, ['-e', script], { env, cwd: import.meta.dirname, timeout: 10_000 });
  const [status] = await once(child, 'exit');
  if (status !== 0) throw new Error('gnome-keyring does not answer');
}

/** An unlocked service for all tests of a group; what comes back gives it once they run. */
export function sharedService(started: (service: SecretService) => void = () => {}): () => SecretService {
  let folder: string;
  let service: SecretService;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'twvault-keyring-'));
    service = await SecretService.start(folder, 'unlocked');
    started(service);
  });
  afterAll(async () => {
    await service.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return () => service;
}
