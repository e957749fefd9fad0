import { createHash } from 'node:crypto';

/** `@@field:set@@`, or a part of the value: `@@field:set[0:20]@@`, as JavaScript's slice. */
const TOKEN = /@@([a-z0-9_]+):([A-Za-z0-9]+(?:\.[A-Za-z0-9]+)?)(?:\[(\d*):(\d*)\])?@@/g;
const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** When the made-up OAuth 2.0 tokens were issued: 2026-01-01. */
const ISSUED = 1_767_225_600_000;

/**
 * Made-up credentials in X's shapes for one case. The same seed and label always give the same value, so that a
 * failure can be looked at again; nothing here was ever issued by X.
 */
export class Tokens {
  readonly #seed: string;
  readonly #values = new Map<string, string>();

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** The value of a label such as `api_key:a`. */
  value(label: string): string {
    const known = this.#values.get(label);
    if (known !== undefined) return known;
    const made = this.#make(label);
    this.#values.set(label, made);
    return made;
  }

  /** The label of a value that was handed out, or a word for one that was not. */
  label(value: string): string {
    for (const [label, known] of this.#values) if (known === value) return label;
    return `unknown value of ${value.length} characters`;
  }

  /** Puts the values in the places of their tokens. */
  fill(text: string): string {
    return text.replace(TOKEN, (_, field, set, from, to) => {
      const value = this.value(`${field}:${set}`);
      return from === undefined ? value : value.slice(Number(from || 0), to ? Number(to) : undefined);
    });
  }

  /** What no output may contain, by label: the values handed out, without the public account id or the run of A before them. */
  secrets(): [label: string, secret: string][] {
    return [...this.#values]
      .filter(([label]) => !label.startsWith('account_id:'))
      .map(([label, value]) => [label, value.replace(/^\d+-|^A{8,}/, '')]);
  }

  #make(label: string): string {
    const [field = '', set = ''] = label.split(':');
    const drawn = (length: number) => draw(`${this.#seed} ${label}`, length);
    switch (field) {
      case 'account_id':
        return this.#accountId(set);
      case 'access_token':
        return `${this.#accountId(set)}-${drawn(40)}`;
      case 'api_key':
        return drawn(25);
      case 'api_secret':
      case 'client_secret':
        return drawn(50);
      case 'access_token_secret':
        return drawn(45);
      case 'bearer_token':
        return `${'A'.repeat(21)}${drawn(40)}%2F${drawn(42)}%3D`;
      case 'client_id':
        return base64url(`${drawn(20)}:1:ci`);
      case 'oauth2_access_token':
        return base64url(`${drawn(45)}:${ISSUED}:1:1:at:1`);
      case 'oauth2_refresh_token':
        return base64url(`${drawn(45)}:${ISSUED}:1:1:rt:1`);
      case 'other_secret':
        return drawn(40);
      default:
        throw new Error(`the corpus has no token named ${field}`);
    }
  }

  /** The sets `a` and `a.second` belong to one account: two pairs of tokens of the same user. */
  #accountId(set: string): string {
    const digest = createHash('sha256')
      .update(`${this.#seed} account ${set.split('.')[0]}`)
      .digest();
    const length = 8 + ((digest[0] ?? 0) % 12);
    return `1${(digest.readBigUInt64BE(8) + 10n ** 19n).toString().slice(1, length)}`;
  }
}

const base64url = (text: string): string => Buffer.from(text).toString('base64url');

/** Letters and digits that follow from the seed, with at least one of each kind, as X's keys have. */
function draw(seed: string, length: number): string {
  let drawn = '';
  for (let block = 0; drawn.length < length - 3; block++) {
    for (const byte of createHash('sha256').update(`${seed} ${block}`).digest()) {
      drawn += ALPHANUMERIC[byte % ALPHANUMERIC.length];
    }
  }
  return `Q${drawn.slice(0, length - 3)}z7`;
}

/** The lines (counted from 1) on which a token of that label begins. */
export function linesWith(text: string, label: string): number[] {
  return text.split('\n').flatMap((line, index) => {
    const labels = [...line.matchAll(TOKEN)].map(([, field, set]) => `${field}:${set}`);
    return labels.includes(label) ? [index + 1] : [];
  });
}
