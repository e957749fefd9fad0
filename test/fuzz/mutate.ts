import fc from 'fast-check';

/** Well-formed, and deeper than a careless recursion goes. */
const DEEP = [`${'['.repeat(12_000)}${']'.repeat(12_000)}`, `${'{"a":'.repeat(9000)}1${'}'.repeat(9000)}`];

/** What parsers trip over, to be put anywhere. */
const TOKENS = [
  ...'\0\n\r\t \\"\'`{}[]():,=#&%',
  ...['', 'null', 'true', '-1', '0', '1e999', '1.5', '9007199254740993', '{}', '[]', '""'],
  ...['"__proto__":{}', '"constructor":1', '\\u0000', '\\ud800', '\ufeff', '\u001b[31m', '\u202e'],
  ...['\r\n', '%00', '%ff', '${', '$(', '"""', '<<EOF\n', '---\n', '-> ', '-----BEGIN AGE '],
  ...['../../etc/passwd', 'A'.repeat(64), 'a'.repeat(5000), '['.repeat(600), '{"a":'.repeat(600)],
].map((token) => Buffer.from(token));

/** A document with each of its texts in quotes in turn replaced by something deep. */
export function deepened(seed: Buffer): Buffer[] {
  const text = seed.toString('latin1');
  const places = [...text.matchAll(/"(?:[^"\\\n]|\\.)*"/g)].slice(0, 40);
  return places.flatMap(({ 0: { length }, index }) =>
    DEEP.map((deep) => Buffer.from(text.slice(0, index) + deep + text.slice(index + length), 'latin1')),
  );
}

const RAW = [0x00, 0x0a, 0x7f, 0x80, 0xc0, 0xf5, 0xff].map((byte) => Buffer.of(byte));

interface Edit {
  readonly how: 'flip' | 'delete' | 'repeat' | 'insert' | 'replace' | 'cut' | 'splice' | 'swap';
  /** Where, as a share of the length, and how far. */
  readonly at: number;
  readonly length: number;
  readonly token: Buffer;
}

const HOW = ['flip', 'delete', 'repeat', 'insert', 'replace', 'cut', 'splice', 'swap'] as const;

const edit: fc.Arbitrary<Edit> = fc.record({
  how: fc.constantFrom(...HOW),
  at: fc.integer({ min: 0, max: 9999 }).map((n) => n / 10_000),
  length: fc.oneof(fc.nat(4), fc.nat(60)),
  token: fc.constantFrom(...TOKENS, ...RAW),
});

/** A stretch that means something by itself: a word, a text in quotes, a line. Else a single byte. */
const UNIT = /^(?:"(?:[^"\\\n]|\\.)*"|[\w.+/-]+|[^\n]*\n|.)/;

const unitAt = (bytes: Buffer, at: number): number =>
  UNIT.exec(bytes.toString('latin1', at, at + 200))?.[0].length ?? 0;

function edited(bytes: Buffer, { how, at: share, length, token }: Edit, other: Buffer): Buffer {
  const at = Math.floor(share * bytes.length);
  // Every second time, what is touched is a unit rather than some bytes.
  const end = at + (length % 2 === 0 ? unitAt(bytes, at) : length);
  const [before, middle, after] = [bytes.subarray(0, at), bytes.subarray(at, end), bytes.subarray(end)];
  switch (how) {
    case 'flip':
      return Buffer.concat([before, Buffer.from(middle.map((byte) => byte ^ (1 << (length & 7)))), after]);
    case 'delete':
      return Buffer.concat([before, after]);
    case 'repeat':
      return Buffer.concat([before, middle, middle, after]);
    case 'insert':
      return Buffer.concat([before, token, middle, after]);
    case 'replace':
      return Buffer.concat([before, token, after]);
    case 'cut':
      return before;
    case 'splice':
      return Buffer.concat([before, other.subarray(Math.floor(share * other.length))]);
    case 'swap':
      return Buffer.concat([before, after.subarray(0, length), middle, after.subarray(length)]);
  }
}

/** A document that is valid or nearly so: one of the seeds, with some edits. */
export function mutated(seeds: readonly Buffer[]): fc.Arbitrary<Buffer> {
  const seed = fc.constantFrom(...seeds);
  return fc
    .tuple(seed, seed, fc.array(edit, { minLength: 1, maxLength: 4 }))
    .map(([first, other, edits]) => edits.reduce((bytes, each) => edited(bytes, each, other), first));
}
