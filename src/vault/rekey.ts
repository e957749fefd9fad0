import { setImmediate as nextTurn } from 'node:timers/promises';
import { X25519Identity } from '../age/x25519.ts';
import { failed, locked } from '../failure.ts';
import { Replacement } from '../system/files.ts';
import type { Identities } from '../unlock/identity-text.ts';
import type { Keeper } from '../unlock/keeper.ts';
import { writerOf } from '../unlock/writer.ts';
import { configPath, readConfig, type VaultConfig, writeConfig } from './config.ts';
import { Editor } from './editor.ts';
import { exclusively } from './exclusive.ts';
import { ownerOf } from './initialise.ts';
import { holders, notOurs, vaultWith } from './open.ts';
import { standingOf, withStanding } from './standing.ts';
import type { Vault } from './vault.ts';

// The exchange of a vault's identity. In this order, so that a kill at any point leaves a vault that opens with all of
// its profiles, and another run goes on from there:
//   1. the identity's place holds both, the new one first
//   2. vault.json names the new one as successor: from now on both open, and the new one writes
//   3. each profile is sealed to the new one, under the lock for a moment each, so that others go on reading and writing
//   4. vault.json names the new one alone
//   5. the identity's place holds the new one alone

/** What an exchange works on. */
export interface Exchange {
  readonly vault: Vault;
  readonly keeper: Keeper;
  /** Identities from elsewhere, where the keeper's place does not hold the present one yet. */
  readonly given: readonly X25519Identity[];
}

export interface Exchanged {
  /** How many profiles this run sealed. */
  readonly profiles: number;
  /** Whether it ended what an earlier run had begun. */
  readonly wasBegun: boolean;
}

const MOST_ROUNDS = 5;

/** What the exchange takes on the disk at any moment: a full one shows before anything has begun. */
const ROOM = 128 * 1024;

/**
 * Gives a vault of files a new identity, or ends an exchange that was interrupted.
 * @throws Failure where something is in the way; what was done until then stays, and another run goes on
 */
export async function rekey(exchange: Exchange): Promise<Exchanged> {
  const { next, vault, wasBegun } = await begin(exchange);
  let profiles = 0;
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    profiles += await resealAll(vault);
    if (await end(exchange.keeper, next, vault)) return { profiles, wasBegun };
  }
  throw failed('other programs kept writing with the old identity: stop them and try again');
}

interface Begun {
  readonly next: X25519Identity;
  /** Opened with both identities. */
  readonly vault: Vault;
  readonly wasBegun: boolean;
}

/** Steps 1 and 2, or as much of them as is missing. */
async function begin({ vault, keeper, given }: Exchange): Promise<Begun> {
  const { home } = vault;
  return exclusively(vault, async (stillHeld) => {
    const config = configOf(home);
    const kept = await keeper.read();
    const { next, present, wasBegun } = stateOf(config, kept, given);
    if (next) {
      const both = [next, ...(present ? [present] : [])] as const;
      return { next, vault: vaultWith(home, config, both), wasBegun };
    }
    await checkAll(vaultWith(home, config, [present]));
    const both = [X25519Identity.generate(), present] as const;
    const space = new Replacement(configPath(home), { space: ROOM });
    try {
      await keeper.keep(both, stillHeld);
      const named = await withSuccessor(config, both, home);
      writeConfig(home, named, stillHeld);
      return { next: both[0], vault: vaultWith(home, named, both), wasBegun };
    } finally {
      space.abandon();
    }
  });
}

/** Who takes over, where vault.json says so already, and who hands over, where that is still to be done. */
type State =
  | { readonly next?: undefined; readonly present: X25519Identity; readonly wasBegun: boolean }
  | { readonly next: X25519Identity; readonly present?: X25519Identity | undefined; readonly wasBegun: true };

/**
 * How far an exchange has come: told by vault.json, and by the order of the identities in their place. One that
 * vault.json does not name yet is made anew: nothing was sealed to it, and nobody knows who put it there.
 */
function stateOf(
  config: VaultConfig,
  kept: readonly X25519Identity[],
  given: readonly X25519Identity[],
): State {
  const found = holders([...kept, ...given], config);
  const named = (writer?: string) => found.find((holder) => holder.writer === writer)?.identity;
  const present = named(config.writer);
  if (config.successor) {
    const next = named(config.successor.writer);
    if (next) return { next, present, wasBegun: true };
    throw locked('an exchange of the identity was begun, and the new identity is not at hand', [
      'name the file that the first run wrote: twvault rekey --identity-out FILE',
    ]);
  }
  const [head, ...rest] = kept;
  if (!present || (head && !kept.some(isSame(present)))) throw notOurs([...kept, ...given], config);
  if (head && isSame(present)(head) && rest.length > 0) return { next: present, wasBegun: true };
  return { present, wasBegun: rest.length > 0 };
}

/** Names who takes over, and lets them sign for the standing recipients. */
async function withSuccessor(config: VaultConfig, both: Identities, home: string): Promise<VaultConfig> {
  const [next] = both;
  const standing = await standingOf(config, vaultWith(home, config, both).store);
  return { ...(await withStanding(config, standing, writerOf(next).sign)), successor: ownerOf(next) };
}

/** Step 3. */
async function resealAll(vault: Vault): Promise<number> {
  const editor = new Editor(vault);
  let count = 0;
  for (const name of await vault.names()) if (await editor.reseal(name)) count += 1;
  return count;
}

/** Steps 4 and 5; false where a profile is still to be sealed. */
async function end(keeper: Keeper, next: X25519Identity, vault: Vault): Promise<boolean> {
  return exclusively(vault, async (stillHeld) => {
    if ((await checkAll(vault)) > 0) return false;
    const { successor, ...config } = configOf(vault.home);
    if (successor) writeConfig(vault.home, { ...config, ...successor }, stillHeld);
    await keeper.keep([next], stillHeld);
    return true;
  });
}

/** Reads every profile. @returns how many wait to be sealed @throws Failure where one cannot be read */
async function checkAll(vault: Vault): Promise<number> {
  let count = 0;
  for (const name of await vault.names()) {
    await nextTurn(); // so that the lock is kept fresh, however many there are
    if ((await vault.existing(name))?.isOutdated) count += 1;
  }
  return count;
}

function configOf(home: string): VaultConfig {
  const config = readConfig(home);
  if (!config) throw failed(`the vault in ${home} is gone`);
  return config;
}

const isSame = (identity: X25519Identity) => {
  const recipient = identity.recipient().encode();
  return (other: X25519Identity) => other.recipient().encode() === recipient;
};
