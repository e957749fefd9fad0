import { decodeBase64, encodeBase64 } from './base64.ts';
import { AgeError } from './error.ts';
import type { Stanza } from './stanza.ts';

/** Limits of this implementation, not of the spec: what a hostile header may cost. */
export const MAX_HEADER_SIZE = 65536;
const MAX_STANZAS = 32;

const VERSION_LINE = 'age-encryption.org/v1';
const MAC_MARK = '---';
const MAC_SIZE = 32;
// A space, 43 characters of base64 and the line feed.
const MAC_TEXT_SIZE = 45;
const COLUMNS = 64;
const ARGUMENT = /^[!-~]+$/;

/** A parsed header (spec: "Header"). Its MAC is not checked yet, since that takes the file key. */
export interface Header {
  readonly stanzas: readonly Stanza[];
  readonly mac: Uint8Array;
  /** The bytes under the MAC: all up to and including the `---` mark. */
  readonly covered: Uint8Array;
  /** Where the payload begins, in bytes. */
  readonly size: number;
}

type NextLine = () => string;

/**
 * Parses the header at the start of a binary file, strictly by the ABNF, looking at no more than 64 KiB.
 * Throws an AgeError of kind `header`, or `limit` past 64 KiB or 32 stanzas.
 */
export function parseHeader(file: Uint8Array): Header {
  const start = Buffer.from(file.buffer, file.byteOffset, Math.min(file.length, MAX_HEADER_SIZE));
  const text = start.toString('latin1');
  if (!text.startsWith(`${VERSION_LINE}\n`)) throw new AgeError('header', 'not an age v1 file');
  let size = VERSION_LINE.length + 1;
  const nextLine = () => {
    const end = text.indexOf('\n', size);
    if (end < 0) throw endless(file);
    const line = text.slice(size, end);
    size = end + 1;
    return line;
  };
  const { stanzas, macLine } = parseStanzas(nextLine);
  const covered = file.subarray(0, size - 1 - macLine.length + MAC_MARK.length);
  return { stanzas, mac: parseMacLine(macLine), covered, size };
}

/** The bytes that a header's MAC covers. Throws `header` or `limit` for what parseHeader would refuse. */
export function encodeCovered(stanzas: readonly Stanza[]): Uint8Array {
  if (stanzas.length === 0) throw new AgeError('header', 'a header needs a stanza');
  if (stanzas.length > MAX_STANZAS) throw tooManyStanzas();
  const covered = Buffer.from(`${VERSION_LINE}\n${stanzas.map(encodeStanza).join('')}${MAC_MARK}`, 'latin1');
  if (covered.length + MAC_TEXT_SIZE > MAX_HEADER_SIZE) throw tooLong();
  return covered;
}

/** A whole header from the bytes under its MAC and the 32-byte MAC. */
export function encodeHeader(covered: Uint8Array, mac: Uint8Array): Uint8Array {
  return Buffer.concat([covered, Buffer.from(` ${encodeBase64(mac)}\n`, 'latin1')]);
}

function parseStanzas(nextLine: NextLine): { stanzas: Stanza[]; macLine: string } {
  const stanzas: Stanza[] = [];
  for (;;) {
    const line = nextLine();
    if (line.startsWith(MAC_MARK)) {
      if (stanzas.length === 0) throw new AgeError('header', 'the header has no stanza');
      return { stanzas, macLine: line };
    }
    if (stanzas.length === MAX_STANZAS) throw tooManyStanzas();
    stanzas.push(parseStanza(line, nextLine));
  }
}

function parseStanza(argumentLine: string, nextLine: NextLine): Stanza {
  const [arrow, type = '', ...args] = argumentLine.split(' ');
  if (arrow !== '->') throw new AgeError('header', 'malformed stanza');
  checkArguments([type, ...args]);
  return { type, args, body: parseBody(nextLine) };
}

function parseBody(nextLine: NextLine): Uint8Array {
  let text = '';
  for (;;) {
    const line = nextLine();
    if (line.length > COLUMNS) throw new AgeError('header', 'a stanza line is longer than 64 columns');
    text += line;
    if (line.length < COLUMNS) break;
  }
  // Full lines are whole groups of four, so the joined text is canonical exactly when every line is.
  const body = decodeBase64(text);
  if (!body) throw new AgeError('header', 'a stanza body is not canonical base64');
  return body;
}

function parseMacLine(line: string): Uint8Array {
  const mac = line.startsWith(`${MAC_MARK} `) ? decodeBase64(line.slice(MAC_MARK.length + 1)) : null;
  if (mac?.length !== MAC_SIZE) throw new AgeError('header', 'malformed header mac');
  return mac;
}

function encodeStanza({ type, args, body }: Stanza): string {
  checkArguments([type, ...args]);
  const text = encodeBase64(body);
  const lines = [['->', type, ...args].join(' ')];
  for (let at = 0; at <= text.length; at += COLUMNS) lines.push(text.slice(at, at + COLUMNS));
  return `${lines.join('\n')}\n`;
}

function checkArguments(args: readonly string[]): void {
  if (!args.every((arg) => ARGUMENT.test(arg))) throw new AgeError('header', 'malformed stanza argument');
}

function endless(file: Uint8Array): AgeError {
  return file.length > MAX_HEADER_SIZE ? tooLong() : new AgeError('header', 'the header is cut short');
}

function tooLong(): AgeError {
  return new AgeError('limit', 'the header is longer than 64 KiB');
}

function tooManyStanzas(): AgeError {
  return new AgeError('limit', 'the header has more than 32 stanzas');
}
