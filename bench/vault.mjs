import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bareEnvironment, must, temporaryFolder } from './place.mjs';

export const TWVAULT = join(import.meta.dirname, '../bin/twvault.js');
const FIELDS = ['consumer_key', 'consumer_secret', 'access_token', 'access_token_secret'];

/** Accounts in one file of an import: it may have 1 MiB. */
const A_FILE = 2500;

/** The first of many accounts; its profile is there in every vault that `fill` has filled. */
const FIRST_ID = 100_000_000;
export const PROFILE = `account-${FIRST_ID}`;

/** A vault that goes with this process, and the environment in which commands find it. */
export class BenchVault {
  root = temporaryFolder();
  env = { ...bareEnvironment(this.root), TWVAULT_HOME: join(this.root, 'vault') };

  /** Encrypted files, and their identity in a file that the environment names. */
  static withIdentity() {
    const vault = new BenchVault();
    const identity = join(vault.root, 'identity.txt');
    vault.run(['init', '--store', 'file', '--identity-out', identity]);
    vault.env.TWVAULT_IDENTITY_FILE = identity;
    return vault;
  }

  /** Encrypted files under a passphrase, which the environment has. */
  static withPassphrase() {
    const vault = new BenchVault();
    vault.env.TWVAULT_PASSPHRASE = randomBytes(16).toString('hex');
    vault.run(['init', '--store', 'file', '--passphrase']);
    return vault;
  }

  /** In a keychain. @param {Record<string, string>} service how it is found */
  static inKeychain(service) {
    const vault = new BenchVault();
    Object.assign(vault.env, service);
    vault.run(['init', '--store', 'keychain']);
    return vault;
  }

  /** Opens the agent. @returns an environment in which only the agent opens the vault */
  openAgent() {
    const env = { ...this.env, XDG_RUNTIME_DIR: temporaryFolder() };
    this.run(['unlock', '--ttl', '8h'], { env }); // filling the other vaults takes longer than it stays open by itself
    process.prependListener('exit', () => this.run(['lock'], { env }));
    const { TWVAULT_PASSPHRASE: _, ...unattended } = env;
    return unattended;
  }

  /** Stores so many accounts by imports of files. */
  fill(count) {
    for (let at = 0; at < count; at += A_FILE) {
      const ids = Array.from({ length: Math.min(A_FILE, count - at) }, (_, step) => FIRST_ID + at + step);
      const accounts = ids.map((id) => [`account-${id}`, madeUpKeys(id)]);
      const file = join(this.root, `keys${at}.json`);
      writeFileSync(file, JSON.stringify(Object.fromEntries(accounts)));
      this.run(['import', file, '--yes', ...(count === 1 ? ['--profile', PROFILE] : [])]);
    }
    return this;
  }

  /** Stores all profiles of another vault: for thousands, sooner than an import. */
  takeFrom(other) {
    const file = join(this.root, 'backup.age');
    const passphrase = join(this.root, 'passphrase');
    writeFileSync(passphrase, randomBytes(16).toString('hex'));
    other.run(['backup', file, '--passphrase-file', passphrase]);
    this.run(['restore', file, '--passphrase-file', passphrase]);
    return this;
  }

  /** Stores four made-up keys and gives them. */
  addProfile(name) {
    const keys = madeUpKeys(FIRST_ID);
    const lines = FIELDS.map((field) => `${field.toUpperCase()}=${keys[field]}\n`);
    this.run(['add', name, '--stdin'], { input: lines.join('') });
    return Object.values(keys);
  }

  run(args, options = {}) {
    return must(process.execPath, [TWVAULT, ...args], { env: this.env, input: '', ...options });
  }
}

/** Keys that have the shape of X's and open nothing. */
export function madeUpKeys(id) {
  const word = (length) =>
    `Q7${randomBytes(length).toString('base64').replace(/[+/=]/g, 'x')}`.slice(0, length);
  const values = [word(25), word(50), `${id}-${word(40)}`, word(45)];
  return Object.fromEntries(FIELDS.map((field, at) => [field, values[at]]));
}
