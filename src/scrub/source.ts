import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { failed, systemCode } from '../failure.ts';
import { fileFailure, replaceFile } from '../system/files.ts';
import { type Edit, inOrder } from './edit.ts';

const { O_RDONLY } = constants;
const O_NOFOLLOW = constants.O_NOFOLLOW ?? 0;
const O_NONBLOCK = constants.O_NONBLOCK ?? 0;
const LIMIT = 8 * 1024 * 1024;

type Encoding = 'utf8' | 'utf16le' | 'latin1';

/** A file of the user's: its bytes, and the text that they mean without a byte order mark. */
export interface SourceFile {
  readonly path: string;
  readonly bytes: Buffer;
  readonly stat: Stats;
  readonly text: string;
  readonly encoding: Encoding;
  /** Length of the byte order mark, in bytes. */
  readonly mark: number;
}

/**
 * Reads a file that may be changed.
 * @throws Failure exit 1 where it is a link, hard-linked, another user's, not a file or unreadable
 */
export function readSource(path: string): SourceFile {
  const { bytes, stat } = contentOf(path);
  const { encoding, mark } = encodingOf(bytes);
  return { path, bytes, stat, encoding, mark, text: bytes.toString(encoding, mark) };
}

function contentOf(path: string): { bytes: Buffer; stat: Stats } {
  let fd: number;
  try {
    fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    if (systemCode(error) === 'ELOOP') throw failed(`${path} is a symbolic link`, ['name the file itself']);
    throw fileFailure('read', path, error);
  }
  try {
    const stat = fstatSync(fd);
    checkChangeable(path, stat);
    return { bytes: readFileSync(fd), stat };
  } finally {
    closeSync(fd);
  }
}

function checkChangeable(path: string, stat: Stats): void {
  if (!stat.isFile()) throw failed(`${path} is not a file`);
  if (stat.size > LIMIT) throw failed(`${path} is too large to be changed`);
  if (stat.nlink > 1) {
    throw failed(`${path} has more than one hard link`, ['the others would keep the plaintext: remove them']);
  }
  const uid = process.geteuid?.() ?? 0;
  if (uid !== 0 && stat.uid !== uid) throw failed(`${path} belongs to another user`);
}

/** UTF-8 where it is valid; otherwise a text that maps to its bytes one to one, which keeps every other encoding. */
function encodingOf(bytes: Buffer): { encoding: Encoding; mark: number } {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) {
    return bytes.length % 2 === 0 ? { encoding: 'utf16le', mark: 2 } : { encoding: 'latin1', mark: 0 };
  }
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { encoding: 'latin1', mark: 0 };
  }
  return { encoding: 'utf8', mark: bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0 };
}

/** The file's bytes after the edits. What lies outside them is copied as bytes, never decoded and encoded again. */
export function editedBytes(source: SourceFile, edits: readonly Edit[]): Buffer {
  const { bytes, text, encoding, mark } = source;
  const parts: Buffer[] = [bytes.subarray(0, mark)];
  let [at, offset] = [0, mark];
  for (const edit of inOrder(edits)) {
    const start = offset + Buffer.byteLength(text.slice(at, edit.start), encoding);
    parts.push(bytes.subarray(offset, start), Buffer.from(edit.text, encoding));
    offset = start + Buffer.byteLength(text.slice(edit.start, edit.end), encoding);
    at = edit.end;
  }
  return Buffer.concat([...parts, bytes.subarray(offset)]);
}

/**
 * Puts new bytes in the file's place, with its mode and owner, unless someone changed it since it was read.
 * @param before what has to be done first, once all that can go wrong has gone well
 * @throws Failure exit 1; the file is then as it was
 */
export function replaceSource(
  { path, bytes, stat }: SourceFile,
  replacement: Uint8Array,
  before: () => void,
): void {
  const beforehand = (): void => {
    const now = contentOf(path);
    if (now.stat.ino !== stat.ino || !now.bytes.equals(bytes)) {
      throw failed(`${path} was changed meanwhile, so it was left as it is`, ['run the command again']);
    }
    before();
  };
  replaceFile(path, replacement, beforehand, stat.mode & 0o7777, stat);
}
