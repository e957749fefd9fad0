import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { open, seal } from '../../src/age/age.ts';
import { ScryptIdentity, ScryptRecipient, scryptWorkFactor } from '../../src/age/scrypt.ts';
import { X25519Identity } from '../../src/age/x25519.ts';
import { refusal, refusalKind } from './refusal.ts';

const PASSPHRASE = 'correct horse battery staple';

const SALT = 'A'.repeat(22);

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

  it('takes the factors between, and says which they are', async () => {
    for (const logN of [17, 18, 19]) expect(() => new ScryptRecipient(PASSPHRASE, logN)).not.toThrow();
    expect((await refusal(() => new ScryptRecipient(PASSPHRASE, 20))).message).toBe(
      'the scrypt work factor must be 17 to 19',
    );
  });

  it.each([
    [[]],
    [[SALT]],
    [[SALT, '10', 'x']],
    [[SALT.slice(1), '10']],
    [['', '10']],
    [[SALT, '']],
    [[SALT, '010']],
    [[SALT, '1x']],
    [[SALT, 'x1']],
    [[SALT, '-1']],
  ])('refuses a stanza with the arguments %j', async (args) => {
    const stanza = { type: 'scrypt', args, body: new Uint8Array(32) };
    const { kind, message } = await refusal(new ScryptIdentity(PASSPHRASE).unwrapFileKey([stanza]));
    expect(`${kind}: ${message}`).toBe('header: malformed scrypt stanza');
  });

  it('refuses a stanza that is not alone, and leaves those of others', async () => {
    const identity = new ScryptIdentity(PASSPHRASE);
    const own = { type: 'scrypt', args: [SALT, '10'], body: new Uint8Array(32) };
    const other = { ...own, type: 'other' };
    for (const stanzas of [
      [own, own],
      [own, other],
      [other, own],
    ]) {
      const { kind, message } = await refusal(identity.unwrapFileKey(stanzas));
      expect(`${kind}: ${message}`).toBe('header: a scrypt stanza is not the only one');
    }
    expect(await identity.unwrapFileKey([other, other])).toBeNull();
    expect(await identity.unwrapFileKey([own])).toBeNull();
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
