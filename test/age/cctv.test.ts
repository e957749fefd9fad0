import { describe, expect, it } from 'vitest';
import { open } from '../../src/age/age.ts';
import { decodeArmor, encodeArmor } from '../../src/age/armor.ts';
import type { AgeErrorKind } from '../../src/age/error.ts';
import { encodeCovered, encodeHeader, parseHeader } from '../../src/age/header.ts';
import { hkdf } from '../../src/age/hkdf.ts';
import { ScryptIdentity } from '../../src/age/scrypt.ts';
import { decryptStream, encryptStream } from '../../src/age/stream.ts';
import { X25519Identity } from '../../src/age/x25519.ts';
import { refusalKind } from './refusal.ts';
import { loadVectors, sha256, type Vector } from './vector.ts';

// The post-quantum recipient type mlkem768x25519, which twvault does not speak. (hybrid_x25519_arg is not
// here: what it tests is an X25519 stanza.) Their headers, armor and payloads still take part below.
const OUT_OF_SCOPE = [
  'armor_hybrid',
  'hybrid',
  'hybrid_and_x25519',
  'hybrid_bad_tag',
  'hybrid_currupted_enc_mlkem',
  'hybrid_currupted_enc_x25519',
  'hybrid_extra_argument',
  'hybrid_grease',
  'hybrid_identity',
  'hybrid_long_file_key',
  'hybrid_long_share',
  'hybrid_low_order',
  'hybrid_multiple_recipients',
  'hybrid_no_match',
  'hybrid_not_canonical_body',
  'hybrid_not_canonical_enc',
  'hybrid_short_share',
  'hybrid_uppercase',
];

// The vectors file a work factor that is too high under "header failure"; here it has a kind of its own.
const OVER_OUR_LIMITS = ['scrypt_work_factor_23', 'scrypt_work_factor_overflow'];

const KINDS: Record<string, AgeErrorKind> = {
  'header failure': 'header',
  'HMAC failure': 'mac',
  'no match': 'no-match',
  'payload failure': 'payload',
  'armor failure': 'armor',
};

const vectors = loadVectors();
const inScope = vectors.filter(({ name }) => !OUT_OF_SCOPE.includes(name));
const isPostQuantum = (identity: string) => identity.startsWith('AGE-SECRET-KEY-PQ-1');
const binary = ({ armored, file }: Vector) => (armored ? decodeArmor(file) : file);

async function openVector(vector: Vector): Promise<Uint8Array> {
  return open(binary(vector), [
    ...vector.identities.filter((text) => !isPostQuantum(text)).map((text) => X25519Identity.parse(text)),
    ...vector.passphrases.map((text) => new ScryptIdentity(text)),
  ]);
}

describe('scope', () => {
  it('holds every vector, run or named as out of scope', () => {
    expect(vectors).toHaveLength(143);
    expect(inScope).toHaveLength(125);
    expect(inScope.length + OUT_OF_SCOPE.length).toBe(vectors.length);
  });

  it('leaves out only what a post-quantum identity alone could open', () => {
    const postQuantumOnly = vectors.filter(
      ({ identities }) => identities.length > 0 && identities.every(isPostQuantum),
    );
    expect(postQuantumOnly.map(({ name }) => name).sort()).toEqual([...OUT_OF_SCOPE].sort());
  });

  it('knows every expectation', () => {
    const expectations = new Set(vectors.map((vector) => vector.expect));
    expect([...expectations].sort()).toEqual([...Object.keys(KINDS), 'success'].sort());
  });
});

describe('open', () => {
  it.each(inScope.filter((vector) => vector.expect === 'success'))('succeeds: $name', async (vector) => {
    expect(sha256(await openVector(vector))).toBe(vector.payload);
  });

  // A payload failure releases no plaintext at all here, so there is no partial plaintext to compare.
  it.each(inScope.filter((vector) => vector.expect !== 'success'))('$expect: $name', async (vector) => {
    const kind = OVER_OUR_LIMITS.includes(vector.name) ? 'limit' : KINDS[vector.expect];
    expect(await refusalKind(openVector(vector))).toBe(kind);
  });
});

describe('round trips', () => {
  const whole = vectors.filter((vector) => !['header failure', 'armor failure'].includes(vector.expect));
  it.each(whole)('header: $name', (vector) => {
    const file = binary(vector);
    const { stanzas, mac, covered, size } = parseHeader(file);
    expect(encodeCovered(stanzas)).toEqual(Buffer.from(covered));
    expect(encodeHeader(encodeCovered(stanzas), mac)).toEqual(Buffer.from(file.subarray(0, size)));
  });

  it.each(vectors.filter(({ armored, expect }) => armored && expect !== 'armor failure'))(
    'armor: $name',
    ({ file }) => {
      const canonical = `${Buffer.from(file).toString('latin1').trim().replaceAll('\r\n', '\n')}\n`;
      expect(Buffer.from(encodeArmor(decodeArmor(file))).toString('latin1')).toBe(canonical);
    },
  );

  it.each(vectors.filter((vector) => vector.expect === 'success'))('stream: $name', async (vector) => {
    const file = binary(vector);
    const payload = file.subarray(parseHeader(file).size);
    const key = hkdf(vector.fileKey ?? new Uint8Array(0), payload.subarray(0, 16), 'payload');
    const plaintext = await decryptStream(key, payload.subarray(16));
    expect(sha256(plaintext)).toBe(vector.payload);
    expect(sha256(await encryptStream(key, plaintext))).toBe(sha256(payload.subarray(16)));
  });
});
