import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { failed } from '../../src/failure.ts';
import { KeychainStore } from '../../src/store/keychain.ts';
import { type Items, SplitItems } from '../../src/store/split-items.ts';
import { Keychain } from '../../src/system/keychain.ts';
import { perform } from '../../src/system/keychain-call.ts';
import { type Place, profileOf, storeContract, write } from '../store/contract.ts';
import { alphanumeric } from '../support/credentials.ts';
import { hasSecretService, sharedService } from './secret-service.ts';

/** The real keychain, with a note of every change in its order. */
class Recording implements Items {
  readonly changes: string[] = [];
  readonly accounts = new Set<string>();
  readonly #keychain: Keychain;

  constructor(service: string) {
    this.#keychain = new Keychain(service, { env: {} });
  }

  get(account: string): Promise<string | null> {
    return this.#keychain.get(account);
  }

  async set(account: string, value: string): Promise<void> {
    await this.#keychain.set(account, value);
    this.changes.push(`set ${account}`);
    this.accounts.add(account);
  }

  async remove(account: string): Promise<boolean> {
    this.changes.push(`remove ${account}`);
    this.accounts.delete(account);
    return this.#keychain.remove(account);
  }
}

/** Items under a service of their own. */
class KeychainPlace implements Place {
  readonly service = `twvault-test:${randomUUID()}`;
  readonly items = new Recording(this.service);
  readonly #limit: number | undefined;

  constructor(limit?: number) {
    this.#limit = limit;
  }

  open(): KeychainStore {
    return new KeychainStore({
      items: this.items,
      probe: () => this.#probe(),
      // In a vault the index knows the names.
      names: async () => [...this.items.accounts].filter((account) => !account.includes('#')),
      ...(this.#limit === undefined ? {} : { itemLimit: this.#limit }),
    });
  }

  async copyRecord(from: string, to: string): Promise<void> {
    const items = new SplitItems(this.items, this.#limit ?? Number.POSITIVE_INFINITY);
    await items.set(to, (await items.get(from)) as string);
  }

  /** As the helper process does it, which only the built command has. */
  async #probe() {
    const call = { op: 'probe', service: this.service, account: 'probe', value: 'probe' } as const;
    const answer = await perform(call);
    return 'error' in answer ? failed(answer.error) : null;
  }
}

describe.skipIf(!hasSecretService)('with gnome-keyring', () => {
  // keytar connects once in a process, to the bus that this names at its first call.
  const service = sharedService(({ env }) => {
    process.env.DBUS_SESSION_BUS_ADDRESS = env.DBUS_SESSION_BUS_ADDRESS;
  });

  storeContract('KeychainStore', () => new KeychainPlace());
  storeContract('KeychainStore with small items', () => new KeychainPlace(300));

  describe('a record in parts', () => {
    const text = (parts: number) => alphanumeric(parts * 100);
    const small = () => {
      const items = new Recording(`twvault-test:${randomUUID()}`);
      return { items, split: new SplitItems(items, 100) };
    };

    it('is in the keychain as parts under the limit', async () => {
      const place = new KeychainPlace(300);
      await write(place.open(), profileOf('personal'), null, () => {});
      const accounts = [...place.items.accounts];
      expect(accounts.length).toBeGreaterThan(2);
      for (const account of accounts) {
        const item = service().keytar('getPassword', place.service, account) as string;
        expect(item.length).toBeLessThanOrEqual(300);
      }
    });

    it('is written before the item that names its parts, and the old parts go last', async () => {
      const { items, split } = small();
      await split.set('personal', text(2));
      const [first, second] = [...items.accounts];
      items.changes.length = 0;
      await split.set('personal', text(3));
      const parts = [...items.accounts].filter((account) => account.includes('#'));
      expect(items.changes).toEqual([
        ...parts.map((part) => `set ${part}`),
        'set personal',
        `remove ${first}`,
        `remove ${second}`,
      ]);
    });

    it('is the old one or the new one after a crash at any step', async () => {
      for (let steps = 0; steps <= 6; steps += 1) {
        const { items, split } = small();
        const [before, after] = [text(2), text(3)];
        await split.set('personal', before);
        const died = await new SplitItems(dyingAfter(steps, items), 100).set('personal', after).catch(() => {
          return 'died';
        });
        expect(died).toBe(steps < 6 ? 'died' : undefined);
        expect(await split.get('personal')).toBe(steps < 4 ? before : after);
      }
    });

    it('stays whole where the same value is written again', async () => {
      const { split } = small();
      const value = text(2);
      await split.set('personal', value);
      await split.set('personal', value);
      expect(await split.get('personal')).toBe(value);
    });

    it('is read whole while another writer replaces it', async () => {
      const { items, split } = small();
      const [before, after] = [text(2), text(2)];
      await split.set('personal', before);
      // The other writer comes when the head has been read and the parts have not.
      let isFirst = true;
      const overtaken: Items = {
        set: (account, value) => items.set(account, value),
        remove: (account) => items.remove(account),
        get: async (account) => {
          const found = await items.get(account);
          if (isFirst) {
            isFirst = false;
            await split.set('personal', after);
          }
          return found;
        },
      };
      expect(await new SplitItems(overtaken, 100).get('personal')).toBe(after);
    });

    it('is refused where a part is missing', async () => {
      const { items, split } = small();
      await split.set('personal', text(2));
      await items.remove([...items.accounts][0] as string);
      await expect(split.get('personal')).rejects.toThrow('a part of the keychain item twvault/personal');
    });

    it('is refused, and nothing is written, where it would have too many parts', async () => {
      const { items, split } = small();
      await expect(split.set('personal', text(1000))).rejects.toThrow('too large for the keychain');
      expect(items.changes).toEqual([]);
    });

    it('leaves nothing behind when it shrinks to one item or is removed', async () => {
      const { items, split } = small();
      await split.set('personal', text(3));
      await split.set('personal', 'short');
      expect([...items.accounts]).toEqual(['personal']);
      await split.set('personal', text(3));
      expect(await split.remove('personal')).toBe(true);
      expect([...items.accounts]).toEqual([]);
    });
  });
});

/** Items whose process dies after so many changes. */
function dyingAfter(steps: number, items: Items): Items {
  let left = steps;
  const step = () => {
    if (left === 0) throw new Error('killed');
    left -= 1;
  };
  return {
    get: (account) => items.get(account),
    set: async (account, value) => {
      step();
      await items.set(account, value);
    },
    remove: async (account) => {
      step();
      return items.remove(account);
    },
  };
}
