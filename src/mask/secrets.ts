import { FIELDS, type FieldName, fieldOf, isFieldName } from '../profile/fields.ts';
import type { Profile } from '../profile/profile.ts';
import type { Secret } from '../profile/secret.ts';
import { isUnguessable } from '../profile/shape.ts';
import { base64Texts, formsOf, type MaskedForm } from './forms.ts';

/** Shorter values stand in ordinary output by chance. */
const SHORTEST = 8;
const FEWEST_CHARACTERS = 4;
/** Values that people store as extras and that are no secrets. */
const COMMON = new Set([
  'development',
  'production',
  'localhost',
  '127.0.0.1',
  'undefined',
  'password',
  'disabled',
]);

export interface Masking {
  readonly forms: readonly MaskedForm[];
  /** The fields and extras whose values would take ordinary words out of the output. */
  readonly unmasked: readonly string[];
}

/** A secret, and by which name it is known. */
export interface Named {
  readonly profile: string;
  readonly name: string;
  readonly secret: Secret;
}

/**
 * What has to be masked where a profile is in use: its secret fields and those of its parents, pairs of them as in
 * Basic credentials, and its extras.
 */
export function maskingOf(chain: readonly Profile[]): Masking {
  const secrets = chain.flatMap((profile, at) => secretsOf(profile, at === 0));
  const [masked, unmasked] = [secrets.filter(isMaskable), secrets.filter((secret) => !isMaskable(secret))];
  return {
    forms: [...masked.flatMap(maskedForms), ...chain.flatMap(pairsOf)],
    unmasked: unmasked.map(({ name }) => name),
  };
}

/** All ways to write one secret that are long enough to be masked. */
export function maskedForms({ profile, name, secret }: Named): MaskedForm[] {
  return [...formsOf(secret.reveal()), ...secretLines(secret.reveal())]
    .map((text) => ({ bytes: Buffer.from(text), mark: `[${profile}/${name}]` }))
    .filter(({ bytes }) => bytes.length >= SHORTEST);
}

/** A client id is public: it stands in the address of every login. Extras are not inherited. */
function secretsOf({ name: profile, fields, extras }: Profile, isItself: boolean): Named[] {
  return [...fields, ...(isItself ? extras : [])]
    .filter(([name]) => !isFieldName(name) || fieldOf(name).highEntropy)
    .map(([name, { secret }]) => ({ profile, name, secret }));
}

function isMaskable({ secret }: Named): boolean {
  const value = secret.reveal();
  if (COMMON.has(value.toLowerCase()) || new Set(value).size < FEWEST_CHARACTERS) return false;
  return Buffer.byteLength(value) >= SHORTEST;
}

/** Of a value of several lines, such as a key in PEM, what one line alone gives away. */
function secretLines(value: string): string[] {
  const lines = value.split(/\r?\n/);
  return lines.length === 1 ? [] : lines.filter(isUnguessable);
}

/** `key:secret` in base64. */
function pairsOf({ name: profile, fields }: Profile): MaskedForm[] {
  return FIELDS.flatMap(({ name, partner }) => {
    const [user, password] = [fields.get(name), partner && fields.get(partner as FieldName)];
    if (!user || !password) return [];
    const pair = Buffer.from(`${user.secret.reveal()}:${password.secret.reveal()}`);
    const mark = `[${profile}/${name}:${partner}]`;
    return [...new Set(base64Texts(pair))].map((text) => ({ bytes: Buffer.from(text), mark }));
  });
}
