import { FIELDS, type FieldName } from './fields.ts';
import type { Entry, Profile } from './profile.ts';

/** A field's value and the profile that it comes from. */
export interface Effective extends Entry {
  readonly from: string;
}

/** What of a profile decides inheritance; an index entry will do where values are not needed. */
interface Holder<Value> {
  readonly name: string;
  readonly fields: ReadonlyMap<FieldName, Value>;
}

/**
 * The values that a profile has, own ones first, then those of its parents, nearest first.
 *
 * Only the app's fields are inherited. A user token that came from a parent would post as the parent's account under
 * the child's name. The two halves of a pair come from one profile, never one half from each.
 */
export function effectiveFields(chain: readonly Profile[]): Map<FieldName, Effective> {
  const result = new Map<FieldName, Effective>();
  for (const [field, holder] of fieldOrigins(chain)) {
    const entry = holder.fields.get(field);
    if (entry) result.set(field, { ...entry, from: holder.name });
  }
  return result;
}

/** Which profile of the chain (itself first, then its parents) each field comes from. */
export function fieldOrigins<H extends Holder<unknown>>(chain: readonly H[]): Map<FieldName, H> {
  const origins = new Map<FieldName, H>();
  for (const { name, scope, partner } of FIELDS) {
    const candidates = scope === 'app' ? chain : chain.slice(0, 1);
    const origin = candidates.find(({ fields }) => fields.has(name) || (partner && fields.has(partner)));
    if (origin?.fields.has(name)) origins.set(name, origin);
  }
  return origins;
}
