import type { Hit } from './finding.ts';

/** A hit that may need another beside it to count. */
export interface Candidate extends Hit {
  readonly isWeak: boolean;
  /** In how many encodings it lies. */
  readonly depth: number;
}

/** How close to a sure hit, or to a partner, a weak one has to be, in bytes. */
const NEIGHBOURHOOD = 600;
/** Weak ones that make each other sure, having today's lengths: nobody else's keys come in such a pair. */
const PARTNERS: readonly (readonly [string, number, string, number])[] = [
  ['api-key', 25, 'api-key-secret', 50],
  ['api-key', 25, 'oauth1-access-token-secret', 45],
  ['oauth1-access-token', 50, 'oauth1-access-token-secret', 45],
];

/** The hits that count, in order, one for each place: a stored value goes before a rule. */
export function settled(candidates: readonly Candidate[]): Hit[] {
  const sorted = [...candidates].sort((a, b) => a.offset - b.offset || rank(a) - rank(b));
  const kept = sorted.filter((hit, at) => !hit.isWeak || hasSupport(sorted, at));
  return withoutOverlaps(kept).map(({ isWeak: _, depth: __, ...hit }) => hit);
}

/** Of two hits in one place the lower counts: a stored value, else the one that needs fewer decodings. */
const rank = (hit: Candidate): number => (hit.profile === undefined ? 10 : 0) + hit.depth;

/** Whether close to a weak hit there is a sure one, or its partner. */
function hasSupport(sorted: readonly Candidate[], at: number): boolean {
  const hit = sorted[at] as Candidate;
  for (const step of [-1, 1]) {
    for (let other = sorted[at + step], next = at + step; other; next += step, other = sorted[next]) {
      if (distance(hit, other) > NEIGHBOURHOOD) break;
      if (!other.isWeak || arePartners(hit, other) || arePartners(other, hit)) return true;
    }
  }
  return false;
}

function arePartners(one: Hit, other: Hit): boolean {
  return PARTNERS.some(
    ([rule, length, otherRule, otherLength]) =>
      one.rule === rule && one.length === length && other.rule === otherRule && other.length === otherLength,
  );
}

function distance(one: Hit, other: Hit): number {
  return Math.max(one.offset - (other.offset + other.length), other.offset - (one.offset + one.length));
}

function withoutOverlaps(sorted: readonly Candidate[]): Candidate[] {
  const taken: Candidate[] = [];
  for (const hit of sorted) {
    const last = taken.at(-1);
    if (!last || distance(hit, last) >= 0) taken.push(hit);
    else if (rank(hit) < rank(last)) taken[taken.length - 1] = hit;
  }
  return taken;
}
