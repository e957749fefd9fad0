import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { open, seal } from '../../src/age/age.ts';
import { ScryptIdentity, ScryptRecipient, scryptWorkFactor } from '../../src/age/scrypt.ts';
import { X25519Identity } from '../../src/age/x25519.ts';
import { refusalKind } from './refusal.ts';

const PASSPHRASE = 'correct horse battery staple';

describe('scrypt', () => {
  it('opens with the right passphrase only, whatever other identities are tried', async () => {
    const sealed = await seal(Buffer.from('text'), [new ScryptRecipient(PASSPHRASE, 17)]);
    expect(scryptWorkFactor(sealed)).toBe(17);
    const identities = [X25519Identity.generate(), new ScryptIdentity(PASSPHRASE)];
    expect(Buffer.from(await open(sealed, identities)).toString()).toBe('text');
    expect(await refusalKind(open(sealed, [new ScryptIdentity('wrong')]))).toBe('no-match');
  }, 20_000);

  it('writes work factor 18 unless told otherwise', async () => {
    const sealed = await seal(Buffer.from('text'), [new ScryptRecipient(PASSPHRASE)]);
    expect(scryptWorkFactor(sealed)).toBe(18);
  }, 20_000);

  it.each([1, 10, 16, 21, 17.5, Number.NaN])('refuses to write work factor %d', async (logN) => {
    expect(await refusalKind(() => new ScryptRecipient(PASSPHRASE, logN))).toBe('limit');
  });

  it('refuses an empty passphrase', async () => {
    expect(await refusalKind(() => new ScryptRecipient(''))).toBe('key');
    expect(await refusalKind(() => new ScryptIdentity(''))).toBe('key');
  });

  it('refuses to seal to a passphrase and someone else', async () => {
    const recipients = [new ScryptRecipient(PASSPHRASE, 17), X25519Identity.generate().recipient()];
    expect(await refusalKind(seal(Buffer.from('text'), recipients))).toBe('recipients');
  }, 20_000);

  it('shows nothing of the passphrase', () => {
    for (const holder of [new ScryptRecipient(PASSPHRASE), new ScryptIdentity(PASSPHRASE)]) {
      const shown = `${inspect(holder, { showHidden: true })} ${JSON.stringify(holder)} ${holder}`;
      expect(shown).not.toContain('horse');
    }
  });
});
