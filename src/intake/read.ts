import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { failed, systemCode, usage } from '../failure.ts';
import { shownPath } from '../profile/shape.ts';
import { fileFailure } from '../system/files.ts';
import type { Assignment, Format } from './assignment.ts';
import { readDotenv } from './dotenv.ts';
import { understand } from './formats.ts';
import { readJson } from './json.ts';

const LIMIT = 1024 * 1024;

/** A file and what it assigns. */
export interface Reading {
  readonly path: string;
  readonly format: Format;
  readonly text: string;
  readonly assignments: readonly Assignment[];
}

/** What a text without a file name assigns: JSON where it begins like it, dotenv lines otherwise. */
export function readText(text: string): Assignment[] {
  const plain = text.replace(/^\ufeff/, '');
  return plain.trimStart().startsWith('{') ? readJson(plain) : readDotenv(plain);
}

/**
 * What a file assigns.
 * @throws Failure exit 2 naming the file where it is a link, no file, too large, binary, or not of its format
 */
export function readFile(path: string): Reading {
  if (isLink(path)) throw usage(`${path} is a symbolic link`, ['name the file that it points to']);
  const text = textOf(path, contentOf(path));
  return { path, text, ...understand(path, text) };
}

/**
 * The text of a file, links followed.
 * @throws Failure exit 2 naming the file where it is no file, too large or binary
 */
export const textAt = (path: string): string => textOf(path, contentOf(path)).replace(/^\ufeff/, '');

/** The links under /dev and /proc are how a shell passes a pipe, as in <(command). */
function isLink(path: string): boolean {
  if (/^\/(dev|proc)\//.test(path)) return false;
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false; // reading says what is wrong
  }
}

function contentOf(path: string): Buffer {
  try {
    const fd = openSync(path, constants.O_RDONLY | (isPipe(path) ? 0 : (constants.O_NONBLOCK ?? 0)));
    try {
      const stat = fstatSync(fd);
      if (!stat.isFile() && !isPipe(path)) throw usage(`${path} is not a file`);
      if (stat.size > LIMIT) throw tooLarge(path);
      return wholeOf(fd, path);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') throw absent(path, error);
    throw systemCode(error) ? fileFailure('read', shownPath(path), error) : error;
  }
}

const absent = (path: string, error: unknown): Error =>
  failed(
    `there is no file ${shownPath(path)}`,
    [`change to its folder, or name it from here: ${process.cwd()}`],
    error,
  );

const isPipe = (path: string): boolean => /^\/(dev|proc\/(self|\d+))\/fd\/\d+$|^\/dev\/stdin$/.test(path);

function wholeOf(fd: number, path: string): Buffer {
  const bytes = Buffer.alloc(LIMIT + 1);
  let length = 0;
  for (let read = -1; read !== 0 && length <= LIMIT; length += read)
    read = readSync(fd, bytes, length, LIMIT + 1 - length, null);
  if (length > LIMIT) throw tooLarge(path);
  return bytes.subarray(0, length);
}

const tooLarge = (path: string): Error => usage(`${path} is too large (at most 1 MiB)`);

/** UTF-8, UTF-16 where a byte order mark says so, else Latin-1, in which the ASCII of every other encoding is right. */
function textOf(path: string, bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe && bytes.length % 2 === 0) return bytes.toString('utf16le', 2);
  if (bytes.includes(0)) throw usage(`${path} is a binary file`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
}
