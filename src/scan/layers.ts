import { textShifts } from './base64.ts';
import {
  DIGIT,
  ESCAPE,
  LETTER,
  LOWER,
  OTHER,
  SOLID_KINDS,
  TOKEN_KINDS,
  UNJOINED_KINDS,
} from './byte-kinds.ts';
import { type Decoded, decodeBase64, decodeEscapes, decodePercent, decodeQuotes } from './decode.ts';
import { judged, mayHoldCredential, valuesIn } from './patterns.ts';
import { RunFinder } from './run-finder.ts';
import type { Candidate } from './settle.ts';
import type { StoredValues } from './stored.ts';
import { SURROUNDINGS } from './surroundings.ts';

/** The shortest value that any rule can mean. */
const SHORTEST = 18;
/** How deep encodings may lie in each other: a percent-encoded header with base64 is two. */
const DEEPEST = 3;
/** Longer runs without any white space, comma or colon are data: the rules leave them alone. */
const LONGEST_FOR_RULES = 64 * 1024;
/** How much of what comes before an encoded run is kept, so that a name before it is seen. */
const PREFIX = 200;
const BASE64 = /[A-Za-z0-9+/_-]{24,}/g;
/** A line of wrapped base64 is at least this long, and at most this much is joined. */
const SHORTEST_LINE = 40;
const LONGEST_JOINED = 64 * 1024;

/** Bytes to look at: a file's, or what a part of it decodes to. */
interface Layer {
  readonly bytes: Uint8Array;
  /** Hits before this are the parent layer's. */
  readonly from: number;
  readonly depth: number;
  /** The place in the file of bytes of this layer. */
  readonly place: (start: number, end: number) => readonly [number, number];
}

/** What is looked for, and the runs of bytes that may hold it. Made once for many files. */
export interface Sought {
  readonly stored: StoredValues;
  readonly hasRules: boolean;
  /** What values of X are made of, and most others; undefined where nothing is looked for. */
  readonly tokens: RunFinder | undefined;
  /** Whatever is no white space, for stored values of any kind; undefined where there are none. */
  readonly solids: RunFinder | undefined;
  /** Tokens without underscores, for stored values in the names of constants. */
  readonly unjoined: RunFinder;
}

export function sought(stored: StoredValues, hasRules: boolean): Sought {
  const { alphabets } = stored;
  const shortest = Math.min(hasRules ? SHORTEST : Number.POSITIVE_INFINITY, stored.shortest);
  const isAllWanted = alphabets.has('unmixed');
  const isWanted = (kinds: number): boolean => isAllWanted || isMixed(kinds) || hasBothCases(kinds);
  const isAny = alphabets.has('any');
  return {
    stored,
    hasRules,
    tokens: Number.isFinite(shortest) ? new RunFinder({ kinds: TOKEN_KINDS, shortest, isWanted }) : undefined,
    solids: isAny ? new RunFinder({ kinds: SOLID_KINDS, shortest: stored.shortest }) : undefined,
    unjoined: new RunFinder({ kinds: UNJOINED_KINDS, shortest: stored.shortest }),
  };
}

const isMixed = (kinds: number): boolean => (kinds & DIGIT) !== 0 && (kinds & LETTER) !== 0;
const hasBothCases = (kinds: number): boolean => (kinds & LETTER) === LETTER;

type Visit = (start: number, end: number) => void;

/** Looks through bytes, and through what parts of them decode to. For one file. */
export class Layers {
  readonly #sought: Sought;
  readonly #hits: Candidate[] = [];
  /** How far wrapped base64 has been decoded already. */
  #joinedTo = 0;

  constructor(sought: Sought) {
    this.#sought = sought;
  }

  get #stored(): StoredValues {
    return this.#sought.stored;
  }

  hitsIn(bytes: Uint8Array): Candidate[] {
    this.#look({ bytes, from: 0, depth: 0, place: (start, end) => [start, end] });
    return this.#hits;
  }

  #look(layer: Layer): void {
    const { hasRules, tokens, solids } = this.#sought;
    if (tokens) this.#lookIn(layer, tokens, hasRules, this.#stored.alphabets.has('unmixed'));
    if (solids) this.#lookIn(layer, solids, false, true);
  }

  #lookIn(layer: Layer, finder: RunFinder, hasRules: boolean, isAllWanted: boolean): void {
    const { bytes, from } = layer;
    // Made once: sources have millions of runs.
    const match: Visit = (start, end) => this.#match(layer, start, end);
    finder.forEach(bytes, from, bytes.length, (start, end, kinds) => {
      if (isAllWanted || isMixed(kinds)) {
        if (end - start >= this.#stored.shortest) this.#findStored(layer, start, end, kinds, match);
        this.#lookInside(layer, start, end, kinds, hasRules);
      } else this.#lookAtLetters(layer, start, end, hasRules);
    });
  }

  #lookInside(layer: Layer, start: number, end: number, kinds: number, hasRules: boolean): void {
    const { depth } = layer;
    if (hasBothCases(kinds) && hasRules) this.#applyRules(layer, start, end);
    if (depth >= DEEPEST) return;
    if ((kinds & ESCAPE) !== 0) this.#unescape(layer, start, end);
    if (hasBothCases(kinds)) this.#unwrap(layer, start, end);
  }

  /** A run without digits holds no stored value, but a rule may mean it. */
  #lookAtLetters(layer: Layer, start: number, end: number, hasRules: boolean): void {
    if (hasRules) this.#applyRules(layer, start, end);
    this.#unwrap(layer, start, end);
  }

  /**
   * Runs of capitals, digits and underscores are the names of constants, which some sources are full of. Hardly any
   * value is made of these, so where none is, values are looked for between the underscores.
   */
  #findStored({ bytes }: Layer, start: number, end: number, kinds: number, match: Visit): void {
    const { alphabets } = this.#stored;
    const isOfConstants = (kinds & (LOWER | OTHER)) === 0;
    if (!isOfConstants || alphabets.has('constant') || alphabets.has('unmixed')) match(start, end);
    else this.#sought.unjoined.forEach(bytes, start, end, match);
  }

  #match(layer: Layer, start: number, end: number): void {
    for (const { at, length, known } of this.#stored.find(layer.bytes, start, end)) {
      const { profile, field } = known;
      this.#add(layer, at, at + length, { rule: 'stored-value', profile, field, isWeak: false });
    }
  }

  #applyRules(layer: Layer, start: number, end: number): void {
    const { bytes } = layer;
    if (end - start > LONGEST_FOR_RULES || !mayHoldCredential(bytes, start, end)) return;
    const values = valuesIn(latin1(bytes, start, end));
    if (values.length === 0) return;
    const first = Math.max(0, start - SURROUNDINGS);
    const text = latin1(bytes, first, Math.min(bytes.length, end + SURROUNDINGS));
    for (const { rule, isWeak, ...match } of judged(text, start - first, values)) {
      this.#add(layer, first + match.start, first + match.end, { rule, isWeak });
    }
  }

  /** The run with its escapes undone, each way. */
  #unescape(layer: Layer, start: number, end: number): void {
    const { bytes } = layer;
    const run = bytes.subarray(start, end);
    for (const decode of [decodePercent, decodeEscapes, decodeQuotes]) {
      if (decode === decodeQuotes && !hasInnerQuote(run)) continue;
      const decoded = decode(run);
      if (decoded) this.#descend(layer, start, decoded, bytes.subarray(Math.max(0, start - PREFIX), start));
    }
  }

  /** What the base64 in the run says. */
  #unwrap(layer: Layer, start: number, end: number): void {
    const { bytes, depth } = layer;
    if (depth >= DEEPEST) return;
    const shifts = textShifts(bytes, start, end);
    if (shifts.length === 0) return;
    for (const { 0: text, index } of latin1(bytes, start, end).matchAll(BASE64)) {
      const at = start + index;
      if (at < this.#joinedTo && depth === 0) continue;
      const block = at + text.length === end ? wrappedBlock(bytes, at, text) : { text, origin: undefined };
      if (block.origin && depth === 0) this.#joinedTo = at + block.origin(block.text.length - 1);
      for (const shift of block.origin ? SHIFTS : shiftsFrom(shifts, index)) {
        const decoded = decodeBase64(block.text, shift);
        const before = shift === 0 && !block.origin ? bytes.subarray(Math.max(0, at - PREFIX), at) : NOTHING;
        this.#descend(layer, at, block.origin ? through(decoded, block.origin) : decoded, before);
      }
    }
  }

  /** @param before what stands before the decoded bytes, for the rules to read */
  #descend(layer: Layer, at: number, { bytes, origin }: Decoded, before: Uint8Array): void {
    const joined = before.length === 0 ? bytes : Buffer.concat([before, bytes]);
    this.#look({
      bytes: joined,
      from: before.length,
      depth: layer.depth + 1,
      place: (start, end) => {
        const [from, to] = origin(start - before.length, end - before.length);
        return layer.place(at + from, at + to);
      },
    });
  }

  #add(layer: Layer, start: number, end: number, what: Omit<Candidate, 'offset' | 'length' | 'depth'>): void {
    const [from, to] = layer.place(start, end);
    this.#hits.push({ ...what, offset: from, length: to - from, depth: layer.depth });
  }
}

const SHIFTS = [0, 1, 2, 3];

/** The shifts from the beginning of a run, seen from a place in it. */
function shiftsFrom(shifts: readonly number[], index: number): number[] {
  return shifts.map((shift) => (((shift - index) % 4) + 4) % 4);
}

const NOTHING = new Uint8Array(0);

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}

/** Whether a quote stands inside a run, so that a shell would join what is on both sides. */
function hasInnerQuote(run: Uint8Array): boolean {
  const isQuote = (byte: number | undefined): boolean => byte === 0x22 || byte === 0x27;
  for (let at = 1; at < run.length - 1; at += 1) if (isQuote(run[at])) return true;
  return false;
}

interface Block {
  readonly text: string;
  /** The place of a character of the text, from the beginning of the block; undefined where it is one line. */
  readonly origin: ((at: number) => number) | undefined;
}

/** A line of base64 with the lines that follow it, where it is wrapped as `base64` and MIME do it. */
function wrappedBlock(bytes: Uint8Array, at: number, first: string): Block {
  if (first.length < SHORTEST_LINE) return { text: first, origin: undefined };
  const rest = latin1(bytes, at + first.length, Math.min(bytes.length, at + LONGEST_JOINED));
  const lines = [first];
  const places = [0];
  let place = first.length;
  for (const [whole, space = '', line = ''] of rest.matchAll(/(\r?\n[ \t]{0,16})([A-Za-z0-9+/_-]{4,})/gy)) {
    lines.push(line);
    places.push(place + space.length);
    place += whole.length;
    if (line.length !== first.length) break;
  }
  if (lines.length === 1) return { text: first, origin: undefined };
  const width = first.length;
  return {
    text: lines.join(''),
    origin: (index) => {
      const line = Math.min(Math.floor(index / width), lines.length - 1);
      return (places[line] as number) + index - line * width;
    },
  };
}

function through({ bytes, origin }: Decoded, outer: (at: number) => number): Decoded {
  return {
    bytes,
    origin: (from, to) => {
      const [start, end] = origin(from, to);
      return [outer(start), outer(Math.max(start, end - 1)) + 1];
    },
  };
}
