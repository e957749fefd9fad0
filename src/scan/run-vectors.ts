import type { ByteKinds } from './byte-kinds.ts';
import code from './run-vectors.wat';

// Runs of bytes, sixteen bytes at a time. run-vectors.wat does it, and says what lies where in its memory.

/** In bytes: shorter runs are not seen. */
export const SHORTEST_BY_VECTORS = 16;

const BLOCK = 16;
const [KINDS_AT, HALVES_AT, WANTED_AT, TABLES_END, BYTES_AT] = [0, 256, 320, 384, 512];
/** Beginning, end and kinds of a run, four bytes each. */
const ENTRY = 3;
const PAGE = 64 * 1024;

/** The beginning of the memory: a class, and which of its runs are wanted. */
export type RunTables = Uint8Array;

/** @param isWanted by kinds taken together, 1 or 0 */
export function runTables(kinds: ByteKinds, isWanted: Uint8Array): RunTables {
  const tables = new Uint8Array(TABLES_END);
  tables.set(kinds, KINDS_AT);
  tables.set(halvesOf(kinds), HALVES_AT);
  tables.set(isWanted, WANTED_AT);
  return tables;
}

/** The class by halves of a byte: of each, the set of bytes that it may be a half of. */
function halvesOf(kinds: ByteKinds): Uint8Array {
  const sets = new Uint8Array(4 * BLOCK);
  for (let byte = 0; byte < 256; byte += 1) {
    const [low, high] = [byte & 15, byte >> 4];
    const above = high < 8 ? 0 : 2 * BLOCK;
    const bit = 1 << (high & 7);
    sets[above + BLOCK + high] = bit;
    if (kinds[byte] !== 0) sets[above + low] = (sets[above + low] as number) | bit;
  }
  return sets;
}

interface Exports {
  readonly memory: WebAssembly.Memory;
  find(size: number, shortest: number, out: number): number;
}

/** One for all finders of a thread: they take turns. */
class RunVectors {
  readonly #exports: Exports;
  #memory: Uint8Array;
  #tables: RunTables | undefined;

  constructor(exports: Exports) {
    this.#exports = exports;
    this.#memory = new Uint8Array(exports.memory.buffer);
  }

  /** Beginning, end and kinds of each run, one after the other. */
  find(tables: RunTables, bytes: Uint8Array, shortest: number): Int32Array {
    const end = BYTES_AT + bytes.length;
    const out = Math.ceil((end + BLOCK) / BLOCK) * BLOCK;
    const most = Math.ceil(bytes.length / (shortest + 1)) + 1;
    this.#reach(out + most * ENTRY * 4);
    if (tables !== this.#tables) this.#memory.set(tables);
    this.#tables = tables;
    this.#memory.set(bytes, BYTES_AT);
    this.#memory.fill(0, end, end + BLOCK);
    const count = this.#exports.find(bytes.length, shortest, out);
    return new Int32Array(this.#exports.memory.buffer, out, count * ENTRY).slice();
  }

  #reach(size: number): void {
    const missing = size - this.#memory.length;
    if (missing <= 0) return;
    this.#exports.memory.grow(Math.ceil(missing / PAGE));
    this.#memory = new Uint8Array(this.#exports.memory.buffer);
  }
}

let vectors: RunVectors | undefined;

/** Undefined where the runtime was told to do without WebAssembly (--jitless). */
export function runVectors(): RunVectors | undefined {
  if (typeof WebAssembly === 'undefined') return undefined;
  vectors ??= new RunVectors(new WebAssembly.Instance(new WebAssembly.Module(code)).exports as Exports);
  return vectors;
}

/** Visits what `find` gave. */
export function visitRuns(
  runs: Int32Array,
  visit: (start: number, end: number, kinds: number) => void,
): void {
  for (let at = 0; at < runs.length; at += ENTRY)
    visit(runs[at] as number, runs[at + 1] as number, runs[at + 2] as number);
}
