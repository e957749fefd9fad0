import type { TextKind } from './finding.ts';

/** How many bytes at the beginning tell what a file is, as git does it. */
const SAMPLE = 8000;
/**
 * Text in UTF-16 without a byte order mark shows by this share of zero bytes at every other place, and so many times
 * more than at the places between: in text that is not Latin, only spaces, digits and names have them.
 */
const [WIDE_SHARE, WIDE_RATIO] = [0.1, 8];

/** Whether bytes are text, text in UTF-16 (with or without a byte order mark), or something else. */
export function textKind(bytes: Uint8Array): TextKind {
  const sample = bytes.subarray(0, SAMPLE);
  if (sample[0] === 0xff && sample[1] === 0xfe && (sample[2] !== 0 || sample[3] !== 0)) return 'utf-16le';
  if (sample[0] === 0xfe && sample[1] === 0xff) return 'utf-16be';
  if (sample.indexOf(0) === -1) return 'text';
  const zeros: [number, number] = [0, 0];
  for (let at = 0; at < sample.length; at += 1) if (sample[at] === 0) zeros[(at & 1) as 0 | 1] += 1;
  const half = sample.length / 2;
  const [even, odd] = [zeros[0] / half, zeros[1] / half];
  if (odd > WIDE_SHARE && odd > even * WIDE_RATIO) return 'utf-16le';
  if (even > WIDE_SHARE && even > odd * WIDE_RATIO) return 'utf-16be';
  return 'bytes';
}
