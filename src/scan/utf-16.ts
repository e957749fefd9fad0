import type { Hit } from './finding.ts';

/** Which byte of a unit is the low one: 0 in little endian, 1 in big endian. */
export type LowByte = 0 | 1;

/** One byte for each unit of UTF-16: what is ASCII stays, and nothing else becomes ASCII. */
export function narrowed(bytes: Uint8Array, low: LowByte): Uint8Array {
  const out = new Uint8Array(bytes.length >>> 1);
  for (let at = 0; at < out.length; at += 1) {
    out[at] = bytes[at * 2 + 1 - low] === 0 ? (bytes[at * 2 + low] as number) : 0xff;
  }
  return out;
}

/** Where narrowed bytes have a hit, in the bytes that they were made of. */
export function widened(hits: readonly Hit[]): Hit[] {
  return hits.map((hit) => ({ ...hit, offset: hit.offset * 2, length: hit.length * 2 }));
}

/** UTF-16 as UTF-8; half a pair of surrogates becomes a replacement character. */
export function toUtf8(bytes: Uint8Array, low: LowByte): Uint8Array {
  const whole = bytes.subarray(0, bytes.length & ~1);
  const little =
    low === 0 ? Buffer.from(whole.buffer, whole.byteOffset, whole.length) : Buffer.from(whole).swap16();
  return Buffer.from(little.toString('utf16le'));
}

/** Where the UTF-8 of these bytes has hits, given from left to right, in the bytes themselves. */
export function fromUtf8(hits: readonly Hit[], bytes: Uint8Array, low: LowByte): Hit[] {
  let start: Place = { wide: 0, narrow: 0 };
  return hits.map((hit) => {
    start = passed(start, hit.offset, bytes, low);
    const end = passed(start, hit.offset + hit.length, bytes, low);
    return { ...hit, offset: start.wide, length: end.wide - start.wide };
  });
}

/** A place between two characters, in bytes of UTF-16 and in bytes of the UTF-8 that they become. */
interface Place {
  readonly wide: number;
  readonly narrow: number;
}

/** The place where the UTF-8 goes on at `to`. */
function passed({ wide, narrow }: Place, to: number, bytes: Uint8Array, low: LowByte): Place {
  const unit = (at: number): number => (bytes[at + low] as number) | ((bytes[at + 1 - low] as number) << 8);
  let [at, done] = [wide, narrow];
  while (done < to && at + 1 < bytes.length) {
    const isPair = isHigh(unit(at)) && at + 3 < bytes.length && isLow(unit(at + 2));
    done += isPair ? 4 : unit(at) < 0x80 ? 1 : unit(at) < 0x800 ? 2 : 3;
    at += isPair ? 4 : 2;
  }
  return { wide: at, narrow: done };
}

const isHigh = (unit: number): boolean => (unit & 0xfc00) === 0xd800;
const isLow = (unit: number): boolean => (unit & 0xfc00) === 0xdc00;
