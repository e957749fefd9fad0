import { decodeBase64, encodeBase64 } from '../age/base64.ts';
import { AgeError } from '../age/error.ts';
import type { Stanza } from '../age/stanza.ts';

// X25519 stanzas, the only ones that an agent opens, as bytes: the share and the wrapped file key, 32 each.
const TYPE = 'X25519';
const SHARE_SIZE = 32;
const STANZA_SIZE = 64;

/** @throws AgeError of kind `header` where one is malformed */
export function packStanzas(stanzas: readonly Stanza[]): Buffer {
  return Buffer.concat(stanzas.filter(({ type }) => type === TYPE).map(pack));
}

function pack({ args: [text = '', ...more], body }: Stanza): Buffer {
  const share = more.length === 0 ? decodeBase64(text) : null;
  if (share?.length !== SHARE_SIZE || body.length !== STANZA_SIZE - SHARE_SIZE)
    throw new AgeError('header', 'malformed X25519 stanza');
  return Buffer.concat([share, body]);
}

/** @throws AgeError of kind `header` where the length is none of whole stanzas */
export function unpackStanzas(bytes: Buffer): Stanza[] {
  if (bytes.length % STANZA_SIZE !== 0) throw new AgeError('header', 'malformed X25519 stanza');
  return Array.from({ length: bytes.length / STANZA_SIZE }, (_, index) => {
    const at = index * STANZA_SIZE;
    const share = bytes.subarray(at, at + SHARE_SIZE);
    return {
      type: TYPE,
      args: [encodeBase64(share)],
      body: bytes.subarray(at + SHARE_SIZE, at + STANZA_SIZE),
    };
  });
}
