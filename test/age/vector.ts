import { createHash } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import * as packaged from 'cctv-age';

const KEYS = [
  'expect',
  'payload',
  'file key',
  'identity',
  'passphrase',
  'armored',
  'comment',
  'compressed',
] as const;

/** One official test vector; the keys are described in the README of npm's cctv-age. */
export interface Vector {
  readonly name: string;
  readonly expect: string;
  readonly payload: string | undefined;
  readonly fileKey: Uint8Array | undefined;
  readonly identities: readonly string[];
  readonly passphrases: readonly string[];
  readonly armored: boolean;
  /** The age file, decompressed but still armored where it is. */
  readonly file: Uint8Array;
}

/** Every vector of the package, in its order. Throws on a key that this reader does not know. */
export function loadVectors(): Vector[] {
  const files = Object.entries(packaged as unknown as Record<string, unknown>);
  return files.flatMap(([name, bytes]) => (bytes instanceof Uint8Array ? [parseVector(name, bytes)] : []));
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function parseVector(name: string, bytes: Uint8Array): Vector {
  const buffer = Buffer.from(bytes);
  const end = buffer.indexOf('\n\n');
  const pairs = buffer
    .toString('utf8', 0, end)
    .split('\n')
    .map((line) => line.split(/: (.*)/s, 2) as [string, string]);
  const unknown = pairs.find(([key]) => !(KEYS as readonly string[]).includes(key));
  if (unknown) throw new Error(`vector ${name} has the unknown key ${unknown[0]}`);
  const all = (key: (typeof KEYS)[number]) => pairs.filter(([k]) => k === key).map(([, value]) => value);
  const [fileKey] = all('file key');
  const body = buffer.subarray(end + 2);
  return {
    name,
    expect: all('expect')[0] ?? '',
    payload: all('payload')[0],
    fileKey: fileKey === undefined ? undefined : Buffer.from(fileKey, 'hex'),
    identities: all('identity'),
    passphrases: all('passphrase'),
    armored: all('armored')[0] === 'yes',
    file: all('compressed')[0] === 'zlib' ? inflateSync(body) : body,
  };
}
