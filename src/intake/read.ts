import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, statSync } from 'node:fs';
import { Failure, systemCode, usage } from '../failure.ts';
import { fileFailure } from '../system/files.ts';
import type { Assignment, Format } from './assignment.ts';
import { readDotenv } from './dotenv.ts';
import { formatOf } from './formats.ts';
import { readJson } from './json.ts';

const LIMIT = 1024 * 1024;

/** A file and what it assigns. */
export interface Reading {
  readonly path: string;
  readonly format: Format;
  /** Without a byte order mark. A file that is no UTF-8 is taken byte by byte (latin1), which keeps all of it. */
  readonly text: string;
  readonly assignments: readonly Assignment[];
}

/**
 * What a text without a file name assigns: JSON where it begins like it, dotenv lines otherwise.
 * @throws Failure exit 2
 */
export function readText(text: string): Assignment[] {
  const plain = text.replace(/^\ufeff/, '');
  return plain.trimStart().startsWith('{') ? readJson(plain) : readDotenv(plain);
}

/**
 * What a file assigns, by its name, or by its content where the name says nothing.
 * @throws Failure naming the file: exit 1 where it cannot be read, exit 2 where it is a link, no file or pipe, larger than
 * 1 MiB, binary or not of its format
 */
export function readFile(path: string): Reading {
  const text = decoded(path, bytesOf(path));
  const format = formatOf(path, text);
  try {
    return { path, format, text, assignments: format.read(text) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(error.exitCode, `${path}: ${error.message}`, error.hints);
  }
}

function bytesOf(path: string): Buffer {
  try {
    const isPipe = statSync(path).isFIFO();
    // The shell's <(...) is a link to a pipe.
    if (!isPipe && lstatSync(path).isSymbolicLink()) {
      throw usage(`${path} is a symbolic link`, ['name the file itself']);
    }
    const fd = openSync(path, constants.O_RDONLY | (isPipe ? 0 : (constants.O_NONBLOCK ?? 0)));
    try {
      const stat = fstatSync(fd);
      if (!stat.isFile() && !stat.isFIFO()) throw usage(`${path} is not a file`);
      return limited(path, fd);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    throw systemCode(error) ? fileFailure('read', path, error) : error;
  }
}

function limited(path: string, fd: number): Buffer {
  const bytes = Buffer.alloc(LIMIT + 1);
  let length = 0;
  for (let got = -1; got !== 0 && length <= LIMIT; length += got) {
    got = readSync(fd, bytes, length, bytes.length - length, null);
  }
  if (length > LIMIT) throw usage(`${path} is too large (at most 1 MiB)`);
  return bytes.subarray(0, length);
}

function decoded(path: string, bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le', 2);
  if (bytes[0] === 0xfe && bytes[1] === 0xff && bytes.length % 2 === 0) {
    return Buffer.from(bytes).swap16().toString('utf16le', 2);
  }
  if (bytes.includes(0)) throw usage(`${path} is a binary file`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
}
