import { AgeError } from './error.ts';

const BEGIN = '-----BEGIN AGE ENCRYPTED FILE-----';
const END = '-----END AGE ENCRYPTED FILE-----';
const COLUMNS = 64;
const WHITE_SPACE = ' \t\r\n';

/** Encodes a binary file as ASCII armor (spec: "ASCII armor"), with LF line endings. */
export function encodeArmor(file: Uint8Array): Uint8Array {
  const text = Buffer.from(file.buffer, file.byteOffset, file.byteLength).toString('base64');
  const lines = [BEGIN];
  for (let at = 0; at < text.length; at += COLUMNS) lines.push(text.slice(at, at + COLUMNS));
  return Buffer.from(`${[...lines, END].join('\n')}\n`, 'latin1');
}

/**
 * Decodes ASCII armor to the binary file. Strict: canonical padded base64 in 64 columns, LF or CRLF but not
 * both, nothing but white space around it. Throws an AgeError of kind `armor`.
 */
export function decodeArmor(armored: Uint8Array): Uint8Array {
  const text = trim(Buffer.from(armored.buffer, armored.byteOffset, armored.byteLength).toString('latin1'));
  const lines = text.split(text.startsWith(`${BEGIN}\r\n`) ? '\r\n' : '\n');
  if (lines.shift() !== BEGIN) throw new AgeError('armor', 'the armor does not begin as it should');
  if (lines.pop() !== END) throw new AgeError('armor', 'the armor does not end as it should');
  if (!lines.every((line, index) => isLineLength(line.length, index === lines.length - 1))) {
    throw new AgeError('armor', 'the armor is not wrapped at 64 columns');
  }
  const base64 = lines.join('');
  const file = Buffer.from(base64, 'base64');
  if (file.toString('base64') !== base64) throw new AgeError('armor', 'the armor is not canonical base64');
  return file;
}

/** Whether a file is armored rather than binary, by its first characters. */
export function isArmored(file: Uint8Array): boolean {
  let start = 0;
  while (isWhiteSpace(file[start])) start++;
  return Buffer.from(file.subarray(start, start + BEGIN.length)).toString('latin1') === BEGIN;
}

function isLineLength(length: number, last: boolean): boolean {
  return last ? length > 0 && length <= COLUMNS : length === COLUMNS;
}

/** By hand, because trim() takes more than ASCII and a regular expression can be made quadratic. */
function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && WHITE_SPACE.includes(text.charAt(start))) start++;
  while (end > start && WHITE_SPACE.includes(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

function isWhiteSpace(byte: number | undefined): boolean {
  return byte !== undefined && WHITE_SPACE.includes(String.fromCharCode(byte));
}
