import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { Encrypter } from 'age-encryption';
import { describe, expect, it } from 'vitest';
import { X25519Identity } from '../../src/age/x25519.ts';
import { profileToJson } from '../../src/profile/codec.ts';
import { canonical, type Json } from '../../src/profile/json.ts';
import type { Writer } from '../../src/unlock/writer.ts';
import { has } from '../support/tools.ts';
import { profileOf } from './contract.ts';
import { FilePlace, keyOfOne, refusalOf } from './file-place.ts';

type Seal = (plain: Uint8Array, recipient: string) => Promise<Uint8Array>;

const SEALERS: [string, Seal][] = [['typage', sealWithTypage]];
if (has('age', 'forged files sealed with the age command')) SEALERS.push(["Debian's age -r", sealWithAge]);

async function sealWithTypage(plain: Uint8Array, recipient: string): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return encrypter.encrypt(plain);
}

async function sealWithAge(plain: Uint8Array, recipient: string): Promise<Uint8Array> {
  const { status, stdout } = spawnSync('age', ['-r', recipient], { input: plain, maxBuffer: 2 ** 24 });
  expect(status).toBe(0);
  return stdout;
}

/** The body of a record, written down here again so that the format itself is under test. */
function bodyOf(place: FilePlace, writer: string) {
  return {
    format: 'twvault-record-1',
    profile: profileToJson(profileOf('personal')),
    vault: place.vault,
    writer,
  };
}

const sign = (writer: Writer, body: Json) =>
  writer.sign(Buffer.from(`twvault record v1\n${canonical(body)}`));
const NOT_OURS =
  /^1: .*personal\.age is refused: it was not written by this vault: its signature does not hold$/;

/** Puts a document, sealed to the vault's public key, in the place of a profile, and tells how reading it ends. */
async function planted(
  place: FilePlace,
  plain: string | Uint8Array,
  seal: Seal = sealWithTypage,
): Promise<string> {
  const bytes = typeof plain === 'string' ? Buffer.from(plain) : plain;
  writeFileSync(place.path('personal'), await seal(bytes, place.identity.recipient().encode()));
  return refusalOf(place.open());
}

describe.each(SEALERS)('a file that %s sealed to the public key of the vault', (_, seal) => {
  const setting = () => {
    const place = new FilePlace();
    return { place, ours: place.key.writer, other: keyOfOne(X25519Identity.generate()).writer };
  };

  it('is read where the writer of the vault signed it', async () => {
    const { place, ours } = setting();
    const body = bodyOf(place, ours.id);
    expect(await planted(place, canonical({ body, sig: await sign(ours, body) }), seal)).toBe('was read');
  });

  it.each(['', 'A', Buffer.alloc(64).toString('base64'), Buffer.alloc(64, 1).toString('base64')])(
    'is refused with the signature %j',
    async (sig) => {
      const { place, ours } = setting();
      expect(await planted(place, canonical({ body: bodyOf(place, ours.id), sig }), seal)).toMatch(NOT_OURS);
    },
  );

  it('is refused where another identity signed it, under its own name or under ours', async () => {
    const { place, ours, other } = setting();
    for (const name of [other.id, ours.id]) {
      const body = bodyOf(place, name);
      expect(await planted(place, canonical({ body, sig: await sign(other, body) }), seal)).toMatch(NOT_OURS);
    }
  });

  it('is refused where the writer of a genuine record was replaced', async () => {
    const { place, ours, other } = setting();
    const body = bodyOf(place, ours.id);
    const changed = { ...body, writer: other.id };
    expect(await planted(place, canonical({ body: changed, sig: await sign(ours, body) }), seal)).toMatch(
      NOT_OURS,
    );
    // A record that we signed for another writer cannot exist, but would not be taken either.
    expect(await planted(place, canonical({ body: changed, sig: await sign(ours, changed) }), seal)).toMatch(
      NOT_OURS,
    );
  });

  it('is refused where a value of a genuine record was replaced', async () => {
    const { place, ours } = setting();
    const body = bodyOf(place, ours.id);
    const changed = bodyOf(place, ours.id);
    expect(await planted(place, canonical({ body: changed, sig: await sign(ours, body) }), seal)).toMatch(
      NOT_OURS,
    );
  });
});

describe('a sealed document of another form is refused in one line', () => {
  const signed = async (place: FilePlace) => {
    const body = bodyOf(place, place.key.writer.id);
    return { body, sig: await sign(place.key.writer, body) };
  };
  type Signed = Awaited<ReturnType<typeof signed>>;
  it.each<[string, (ours: Signed) => string | Uint8Array]>([
    ['nothing at all', () => ''],
    ['spaces only', () => ' '.repeat(4096)],
    ['text', () => 'api_key=1'],
    ['bytes that are no text', () => Buffer.alloc(4096, 0xff)],
    ['a list', () => '[]'],
    ['null', () => 'null'],
    ['a body that is a list', () => '{"body":[],"sig":""}'],
    ['a signature that is a number', (ours) => canonical({ ...ours, sig: 1 })],
    ['no signature', (ours) => canonical({ body: ours.body })],
    ['one more member', (ours) => canonical({ ...ours, also: 1 })],
    ['white space inside', (ours) => JSON.stringify(ours, null, 1)],
    ['other key order', (ours) => JSON.stringify(Object.fromEntries(Object.entries(ours).reverse()))],
    ['a duplicate key', (ours) => canonical(ours).replace('{"body"', '{"body":{},"body"')],
    ['a prototype', (ours) => canonical(ours).replace('"sig"', '"__proto__":{"a":1},"sig"')],
    ['a fraction', () => '{"body":{"a":1.5},"sig":""}'],
    ['nesting 200,000 deep', () => '['.repeat(200_000) + ']'.repeat(200_000)],
    [
      'nesting 200,000 deep inside a body',
      () => `{"body":${'['.repeat(200_000)}${']'.repeat(200_000)},"sig":""}`,
    ],
  ])('%s', async (_, plain) => {
    const place = new FilePlace();
    expect(await planted(place, plain(await signed(place)))).toMatch(/^1: .*personal\.age is refused: /);
  });

  it.each<[string, string]>([
    ['spaces before the last character', `${' '.repeat(100_000)}x`],
    ['spaces inside a value', `{"body":{"a":"${' '.repeat(100_000)}"},"sig":""}`],
    ['a million members', `{${Array.from({ length: 80_000 }, (_, at) => `"${at}":1`).join()}}`],
  ])('%s, without taking long', async (_, plain) => {
    const place = new FilePlace();
    const started = performance.now();
    expect(await planted(place, plain)).toMatch(/^1: .*personal\.age is refused: /);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it('a signed record of a later format, with what to do', async () => {
    const place = new FilePlace();
    const body = { ...bodyOf(place, place.key.writer.id), format: 'twvault-record-2' };
    const text = await planted(place, canonical({ body, sig: await sign(place.key.writer, body) }));
    expect(text).toMatch(/is refused: its format is newer than this twvault$/);
  });
});

describe('a hostile header is refused in under 50 ms', () => {
  const STANZA = `-> X25519 ${randomBytes(32).toString('base64').slice(0, 43)}\n${'A'.repeat(43)}\n`;
  const END = `--- ${'A'.repeat(43)}\n`;
  const header = (...parts: string[]) => Buffer.from(`age-encryption.org/v1\n${parts.join('')}`);
  it.each<[string, Buffer]>([
    ['600 stanzas, which fit into 64 KiB', header(STANZA.repeat(600), END)],
    ['1000 stanzas', header(STANZA.repeat(1000), END)],
    ['32 stanzas, as many as are tried', header(STANZA.repeat(32), END, 'x'.repeat(5000))],
    ['an argument of 900 KB', header(`-> ${'a'.repeat(900_000)}\n`, END)],
    ['450,000 arguments', header(`->${' a'.repeat(450_000)}\n`, END)],
    ['a body of 900 KB', header('-> a\n', `${'A'.repeat(64)}\n`.repeat(14_000), '\n', END)],
    ['no end', header('-> a\n'.repeat(200_000))],
    [
      'a passphrase stanza that asks for 1 GiB',
      header(`-> scrypt ${'A'.repeat(22)} 30\n`, `${'A'.repeat(43)}\n`, END),
    ],
  ])('%s', async (_, bytes) => {
    const place = new FilePlace();
    writeFileSync(place.path('personal'), bytes);
    const store = place.open();
    const times: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const started = performance.now();
      expect(await refusalOf(store)).toMatch(/^[13]: .*personal\.age/);
      times.push(performance.now() - started);
    }
    // The quickest of five: what it costs, without what else this machine is doing.
    expect(Math.min(...times)).toBeLessThan(50);
  });
});
