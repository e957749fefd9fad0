import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const TWVAULT = join(import.meta.dirname, '../bin/twvault.js');

/** A vault of encrypted files that goes with this process, and the environment in which commands find it. */
export class BenchVault {
  root = mkdtempSync(join(tmpdir(), 'twvault-bench-'));
  // A bare environment: NODE_EXTRA_CA_CERTS alone costs Node 20 some 30 ms at start-up.
  env = { PATH: process.env.PATH, HOME: this.root, TWVAULT_HOME: join(this.root, 'vault') };

  constructor() {
    process.on('exit', () => rmSync(this.root, { recursive: true, force: true }));
    const identity = join(this.root, 'identity.txt');
    this.#run(['init', '--store', 'file', '--identity-out', identity]);
    this.env.TWVAULT_IDENTITY_FILE = identity;
  }

  /** From now on a passphrase keeps the identity, and an agent opens the vault. */
  openAgent() {
    const home = join(this.root, 'locked');
    const passphrase = randomBytes(16).toString('hex');
    this.env = { ...this.env, TWVAULT_HOME: home, TWVAULT_PASSPHRASE: passphrase };
    delete this.env.TWVAULT_IDENTITY_FILE;
    this.#run(['init', '--passphrase', '--low-memory']);
    this.addProfile('personal');
    this.#run(['unlock']);
    delete this.env.TWVAULT_PASSPHRASE;
    process.prependListener('exit', () => this.#run(['lock']));
  }

  /** Stores four made-up keys and gives them. */
  addProfile(name) {
    const word = (length) =>
      `Q7${randomBytes(length).toString('base64').replace(/[+/=]/g, 'x')}`.slice(0, length);
    const made = [word(25), word(50), `123456789-${word(40)}`, word(45)];
    const names = ['CONSUMER_KEY', 'CONSUMER_SECRET', 'ACCESS_TOKEN', 'ACCESS_TOKEN_SECRET'];
    this.#run(['add', name, '--stdin'], names.map((field, at) => `${field}=${made[at]}\n`).join(''));
    return made;
  }

  #run(args, input = '') {
    const { env } = this;
    const { status, stderr } = spawnSync(process.execPath, [TWVAULT, ...args], {
      env,
      input,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
  }
}
