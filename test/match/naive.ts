import type { Occurrence } from '../../src/match/pattern-set.ts';

/** The leftmost occurrence from a place on, the longest of those that begin there: place by place, pattern by pattern. */
export function findNaively(
  patterns: readonly Uint8Array[],
  bytes: Buffer,
  from: number,
): Occurrence | undefined {
  for (let at = from; at < bytes.length; at += 1) {
    let best: number | undefined;
    patterns.forEach((pattern, index) => {
      if (!bytes.subarray(at, at + pattern.length).equals(pattern)) return;
      if (best === undefined || pattern.length > (patterns[best] as Uint8Array).length) best = index;
    });
    if (best !== undefined) return { at, pattern: best };
  }
  return undefined;
}
