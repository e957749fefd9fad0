import { type FieldName, fieldOf } from '../profile/fields.ts';
import type { Secret } from '../profile/secret.ts';
import type { Named } from './candidates-fields.ts';
import { labelOf, saysX } from './candidates-situate.ts';
import {
  fits,
  foreignMark,
  isExactPair,
  isTumblrKey,
  type Judged,
  judge,
  unmistakableField,
} from './candidates-values.ts';

/** A named value that is taken, or why it is not. */
export type Decision =
  | {
      readonly kind: 'taken';
      readonly named: Named;
      readonly secret: Secret;
      readonly removed: readonly string[];
    }
  | { readonly kind: 'refused' | 'left'; readonly named: Named; readonly reason: string };

interface Item {
  readonly named: Named;
  readonly judged: Judged;
}

/** Why a set of names is taken for credentials of X: the strongest reason there is. */
type Evidence = 'said' | 'shape' | 'names' | undefined;

/**
 * Whether the values of names that stand together are X's. Many services call their keys API_KEY or CLIENT_ID, so such
 * names count only where a name, a place or a shape says X.
 */
export function decide(items: readonly Named[]): Decision[] {
  const judged = items.map((named) => ({
    named,
    judged: judge(named.field, named.situated.assignment.secret),
  }));
  const evidence = evidenceOf(judged);
  return judged.map((item) => decideOne(item, evidence, judged));
}

function evidenceOf(items: readonly Item[]): Evidence {
  if (items.some(({ named }) => isSaid(named))) return 'said';
  const values = items.flatMap(({ named, judged }) =>
    judged.secret ? [{ ...named, secret: judged.secret }] : [],
  );
  if (values.some(({ field, secret }) => unmistakableField(secret) === field)) return 'shape';
  const key = values.find(({ field }) => field === 'api_key')?.secret;
  const secret = values.find(({ field }) => field === 'api_secret')?.secret;
  if (key && secret && (isExactPair(key, secret) || isExactPair(secret, key))) return 'shape';
  return areNamesOfX(items, values) ? 'names' : undefined;
}

/** The names of OAuth 1.0a as X's tutorials have them. Where there are values, one has to have X's shape. */
function areNamesOfX(
  items: readonly Item[],
  values: readonly { field: FieldName; secret: Secret }[],
): boolean {
  if (items.some(({ named }) => named.label !== '')) return false;
  const names = new Set(items.map(({ named }) => named.field).filter((field) => OAUTH1.has(field)));
  const isPair =
    names.has('api_key') && names.has('api_secret') && items.some(({ named }) => !named.isCommon);
  if (names.size < 3 && !isPair) return false;
  return (
    values.length === 0 || values.some(({ field, secret }) => fits(field, secret) || isSwapped(field, secret))
  );
}

const OAUTH1: ReadonlySet<FieldName> = new Set([
  'api_key',
  'api_secret',
  'access_token',
  'access_token_secret',
]);

function isSwapped(field: FieldName, secret: Secret): boolean {
  const { partner } = fieldOf(field);
  return partner !== undefined && fits(partner, secret);
}

/** A name, a section or, for plain names outside sections of others, the file's own name says it. */
function isSaid({ saysX: isSaidByName, label, situated }: Named): boolean {
  return isSaidByName || (label === '' && labelOf(situated.scope) === undefined && fileSaysX(situated.path));
}

function fileSaysX(path: string): boolean {
  const parts = path.split(/[\\/]/).slice(-2);
  return parts.some((part) => saysX(part) || /^\.(trc|xrc)$/.test(part));
}

function decideOne({ named, judged }: Item, evidence: Evidence, all: readonly Item[]): Decision {
  const foreign = foreignReason(named, all);
  if (foreign) return { kind: 'left', named, reason: foreign };
  if (!evidence) return { kind: 'left', named, reason: reasonWithoutEvidence(named, all) };
  if (!judged.secret) return { kind: 'refused', named, reason: judged.reason };
  if (!isSaid(named) && named.isCommon && !isLikely(named.field, judged.secret, evidence, all)) {
    return { kind: 'left', named, reason: `it does not have the shape of X's ${fieldOf(named.field).label}` };
  }
  return { kind: 'taken', named, secret: judged.secret, removed: judged.removed };
}

function isLikely(field: FieldName, secret: Secret, evidence: Evidence, all: readonly Item[]): boolean {
  if (field === 'client_id') return unmistakableField(secret) === 'client_id';
  if (fits(field, secret) || isSwapped(field, secret)) return true;
  // The tutorial's four names belong together; CLIENT_ID and REFRESH_TOKEN beside them may be anyone's.
  return OAUTH1.has(field) && !all.some(({ named }) => named.saysX) && evidence !== 'said';
}

function foreignReason(named: Named, all: readonly Item[]): string | undefined {
  const { secret } = named.situated.assignment;
  const mark = foreignMark(secret);
  if (mark) return mark;
  if (isSaid(named) || !OAUTH1.has(named.field) || !isTumblr(all)) return undefined;
  return "Tumblr's keys look like this: 50 letters and digits in both halves";
}

function isTumblr(all: readonly Item[]): boolean {
  const of = (field: FieldName): Secret | undefined =>
    all.find(({ named }) => named.field === field)?.judged.secret;
  const [key, secret, token] = [of('api_key'), of('api_secret'), of('access_token')];
  if (!key || !isTumblrKey(key)) return false;
  return !(secret && fits('api_key', secret)) && !(token && unmistakableField(token));
}

function reasonWithoutEvidence(named: Named, all: readonly Item[]): string {
  if (all.some(({ named: other }) => /refresh_?token_?secret/i.test(other.situated.name))) {
    return 'beside REFRESH_TOKEN_SECRET it signs tokens of its own';
  }
  return named.isCommon || named.label !== ''
    ? 'many services use this name, and nothing here says X'
    : "nothing here has the shape of X's credentials";
}
