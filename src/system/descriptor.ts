import { closeSync, fstatSync, readSync } from 'node:fs';
import { locked, systemCode } from '../failure.ts';

const LIMIT = 64 * 1024;
const PATIENCE_MS = 10_000;
/** Descriptors of Node's own lie below this. */
const MOST_OWN = 64;

/** What was read, by descriptor: a pipe gives its text only once. */
const taken = new Map<number, string>();

/** The descriptor that a path under /dev/fd or /proc/self/fd names. */
export function descriptorOf(path: string): number | undefined {
  const digits = /^\/(?:dev|proc\/self)\/fd\/(\d{1,6})$/.exec(path)?.[1];
  if (path === '/dev/stdin') return 0;
  return digits === undefined ? undefined : Number(digits);
}

/**
 * All the text of a descriptor that this process was started with. It is closed then, so that no child inherits it;
 * only standard input stays open.
 * @param where what to call it in an error
 * @throws Failure exit 3 where there is nothing to read
 */
export function takeDescriptor(fd: number, where: string): string {
  const before = taken.get(fd);
  if (before !== undefined) return before;
  checkReadable(fd, where);
  const text = readToEnd(fd, where);
  if (fd > 2) closeSync(fd);
  taken.set(fd, text);
  return text;
}

function checkReadable(fd: number, where: string): void {
  if (fd === 1 || fd === 2) throw locked(`${where} is an output: pass the secret on 3 or higher`);
  if (process.getBuiltinModule('node:tty').isatty(fd))
    throw locked(`${where} is a terminal, where nothing would come`);
  if (!isInherited(fd))
    throw locked(`${where} is not open`, ["open it for twvault, as in 'twvault list 3< FILE'"]);
}

/** Node has descriptors of its own, on the numbers that are free: polls, which are no kind of file, and whole pipes. */
function isInherited(fd: number): boolean {
  const stat = statOf(fd);
  if (stat?.isFIFO()) return !hasOtherEnd(fd, stat.ino);
  return stat !== undefined && (stat.isFile() || stat.isSocket() || stat.isCharacterDevice());
}

function hasOtherEnd(fd: number, inode: number): boolean {
  for (let other = 3; other < MOST_OWN; other += 1) {
    if (other !== fd && statOf(other)?.ino === inode && statOf(other)?.isFIFO()) return true;
  }
  return false;
}

function statOf(fd: number) {
  try {
    return fstatSync(fd);
  } catch {
    return undefined;
  }
}

function readToEnd(fd: number, where: string): string {
  const buffer = Buffer.alloc(LIMIT);
  const deadline = Date.now() + PATIENCE_MS;
  let length = 0;
  while (length < LIMIT) {
    try {
      const count = readSync(fd, buffer, length, LIMIT - length, null);
      if (count === 0) return withoutTrace(buffer, length);
      length += count;
    } catch (error) {
      if (systemCode(error) !== 'EAGAIN' || Date.now() > deadline) throw unreadable(where, error);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
  throw locked(`${where} gives more than ${LIMIT} bytes: that is no secret of twvault`);
}

function withoutTrace(buffer: Buffer, length: number): string {
  const text = buffer.toString('utf8', 0, length);
  buffer.fill(0);
  return text;
}

const unreadable = (where: string, error: unknown): Error =>
  locked(`cannot read ${where} (${systemCode(error)})`, [], error);
