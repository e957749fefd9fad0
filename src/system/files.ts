import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type Failure, failed, systemCode } from '../failure.ts';

const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL } = constants;
/** Not defined on Windows, where creating a link needs a privilege. */
const O_NOFOLLOW = constants.O_NOFOLLOW ?? 0;
/** So that opening a pipe that nobody writes to does not wait. */
const O_NONBLOCK = constants.O_NONBLOCK ?? 0;

/** node:crypto takes 2 ms to load, and completion, which only reads, does without it. */
const randomBytes = (count: number): Buffer => process.getBuiltinModule('node:crypto').randomBytes(count);

const PRIVATE_FILE = 0o600;
const PRIVATE_DIRECTORY = 0o700;
const TEMPORARY = /\.[0-9a-f]{16}\.tmp$/;

/**
 * The bytes of one of the vault's own files, or null where there is none.
 * @param limit the largest size in bytes that is read
 * @throws Failure where it is a link, another user's, hard-linked, too large or unreadable
 */
export function readPrivate(path: string, limit: number): Buffer | null {
  return attempt('read', path, () => readOpened(path, limit));
}

function readOpened(path: string, limit: number): Buffer | null {
  const fd = openExisting(path);
  if (fd === null) return null;
  try {
    const stat = fstatSync(fd);
    checkOwned(path, stat, stat.isFile(), 'a regular file');
    if (stat.nlink > 1) throw failed(`${path} has more than one hard link`, ['remove the other links']);
    if (stat.size > limit) throw failed(`${path} is too large (${stat.size} bytes, at most ${limit})`);
    return readFileSync(fd);
  } finally {
    closeSync(fd);
  }
}

/**
 * What is at a path, links followed; undefined where there is nothing, or a file where the path has a folder.
 * @throws Failure where the system does not say
 */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (systemCode(error) === 'ENOTDIR') return undefined;
    throw fileFailure('read', path, error);
  }
}

/** A text that is another one once the file was changed or replaced; null where there is none. */
export function versionOf(path: string): string | null {
  const stat = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return stat ? `${stat.ino} ${stat.ctimeNs} ${stat.size}` : null;
}

function openExisting(path: string): number | null {
  try {
    return openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    if (systemCode(error) === 'ELOOP') throw linkRefused(path);
    throw error;
  }
}

/**
 * Puts bytes in place of a file, wholly or not at all: a new 0600 file beside it, written, synced, renamed over it,
 * and the folder synced. A crash at any point leaves the old file or the new one.
 *
 * Written here because write-file-atomic takes a short write (a disk that fills up) for a whole one, opens its
 * temporary file without O_EXCL, does not sync the folder and leaves no place for `beforeRename`.
 * @param beforeRename a last check; what it throws leaves the old file in place
 * @param mode 0600 for all that is the vault's own
 * @param owner whose the new file is to be; whoever runs this where undefined
 * @throws Failure naming the file and the reason
 */
export function replaceFile(
  path: string,
  bytes: Uint8Array,
  beforeRename: () => void = () => {},
  mode = PRIVATE_FILE,
  owner?: Owner,
): void {
  const file = new Replacement(path, { mode, ...(owner && { owner }) });
  try {
    file.commit(bytes, beforeRename);
  } finally {
    file.abandon();
  }
}

/**
 * A new file on its way to the place of another, made before its content is known: open, and with disk space of its
 * own, so that little is left to do and to go wrong afterwards. Whoever makes one abandons it in the end.
 */
export class Replacement {
  readonly #path: string;
  readonly #temporary: string;
  readonly #space: number;
  #fd: number | undefined;
  /** An interrupt may end the process before whoever made it abandons it. */
  readonly #onExit = () => this.abandon();

  /**
   * @param space how many bytes to have room for
   * @throws Failure where there is no room, or the folder cannot be written
   */
  constructor(path: string, { space = 0, mode = PRIVATE_FILE, owner }: ReplacementOptions = {}) {
    this.#path = path;
    this.#temporary = `${path}.${randomBytes(8).toString('hex')}.tmp`;
    this.#space = space;
    process.once('exit', this.#onExit);
    try {
      attempt('write', path, () => {
        this.#fd = openNew(this.#temporary, mode, owner);
        writeAll(this.#fd, randomBytes(space)); // random, since some file systems compress
      });
    } catch (error) {
      this.abandon();
      throw error;
    }
  }

  /**
   * Puts the file in place with this content.
   * @param beforeRename a last check; what it throws leaves the old file in place
   */
  commit(bytes: Uint8Array, beforeRename: () => void): void {
    const fd = this.#fd;
    if (fd === undefined) throw new Error('a replacement is committed once');
    attempt('write', this.#path, () => {
      writeAll(fd, bytes);
      if (bytes.length < this.#space) ftruncateSync(fd, bytes.length);
      fsyncSync(fd);
    });
    beforeRename();
    attempt('write', this.#path, () => renameSync(this.#temporary, this.#path));
    this.#fd = undefined;
    process.off('exit', this.#onExit);
    attempt('write', this.#path, () => {
      closeSync(fd);
      syncDirectory(dirname(this.#path));
    });
  }

  /** Takes away what was not put in place. */
  abandon(): void {
    process.off('exit', this.#onExit);
    const fd = this.#fd;
    if (fd === undefined) return;
    this.#fd = undefined;
    rmSync(this.#temporary, { force: true });
    closeSync(fd);
  }
}

interface ReplacementOptions {
  readonly space?: number;
  readonly mode?: number;
  readonly owner?: Owner;
}

/**
 * Creates a 0600 file that must not exist yet, synced to disk.
 * @throws Failure where it exists or cannot be written
 */
export function createPrivate(path: string, bytes: Uint8Array): void {
  try {
    writeNew(path, bytes);
  } catch (error) {
    if (systemCode(error) === 'EEXIST') throw failed(`${path} exists already`, ['name a new file']);
    throw fileFailure('write', path, error);
  }
  attempt('write', path, () => syncDirectory(dirname(path)));
}

/**
 * Takes disk space and gives it back, so that a full disk shows before there is something to lose.
 * @throws Failure where there is not as much, or the folder cannot be written
 */
export function checkSpace(directory: string, size: number): void {
  new Replacement(join(directory, 'space'), { space: size }).abandon();
}

type Owner = Pick<Stats, 'uid' | 'gid'>;

function writeNew(path: string, bytes: Uint8Array): void {
  const fd = openNew(path, PRIVATE_FILE);
  try {
    writeAll(fd, bytes);
    fsyncSync(fd);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(fd);
  }
}

function openNew(path: string, mode: number, owner?: Owner): number {
  const fd = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
  try {
    if (owner) giveTo(owner, fd);
    fchmodSync(fd, mode); // the umask may have taken the owner's own rights
    return fd;
  } catch (error) {
    rmSync(path, { force: true });
    closeSync(fd);
    throw error;
  }
}

/** From the file's beginning. */
function writeAll(fd: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done, bytes.length - done, done);
}

/** Before the mode is set: a change of owner takes the set-id bits away. */
function giveTo({ uid, gid }: Owner, fd: number): void {
  if (process.platform === 'win32') return;
  const now = fstatSync(fd);
  if (now.uid !== uid || now.gid !== gid) fchownSync(fd, uid, gid);
}

/** Takes a file away and makes that durable; false where there was none. */
export function removePrivate(path: string): boolean {
  return attempt('remove', path, () => {
    try {
      unlinkSync(path);
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return false;
      throw error;
    }
    syncDirectory(dirname(path));
    return true;
  });
}

function syncDirectory(path: string): void {
  if (process.platform === 'win32') return; // a folder cannot be opened there; NTFS journals the rename
  const fd = openSync(path, O_RDONLY);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/**
 * Makes a private folder (0700 whatever the umask) with its parents, or checks the one that is there.
 * @throws Failure where it is a link or another user's
 */
export function ensurePrivateDirectory(path: string): void {
  attempt('create', path, () => makeDirectory(path));
  checkPrivateDirectory(path);
}

/** One folder at a time: mkdir's own recursion leaves the parents with what the umask allows, at worst nothing. */
function makeDirectory(path: string, hasParent = false): void {
  try {
    mkdirSync(path, PRIVATE_DIRECTORY);
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return;
    if (systemCode(error) !== 'ENOENT' || hasParent) throw error;
    makeDirectory(dirname(path));
    makeDirectory(path, true); // another process may make it at the same moment
    return;
  }
  chmodSync(path, PRIVATE_DIRECTORY);
}

/**
 * Refuses a folder that is a link or another user's. True where it exists.
 * @throws Failure
 */
export function checkPrivateDirectory(path: string): boolean {
  const stat = attempt('read', path, () => lstatSync(path, { throwIfNoEntry: false }));
  if (!stat) return false;
  if (stat.isSymbolicLink()) throw linkRefused(path);
  checkOwned(path, stat, stat.isDirectory(), 'a folder');
  return true;
}

/** Names in a folder, unsorted; none where there is no such folder. */
export function namesIn(path: string): string[] {
  return attempt('read', path, () => {
    try {
      return readdirSync(path);
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return [];
      throw error;
    }
  });
}

/**
 * Temporary files that a killed writer left in a folder. Only a holder of the lock may call them stray. A folder is
 * none: someone is taking it away from the place of a lock.
 */
export function strayFiles(directory: string): string[] {
  return namesIn(directory)
    .filter((name) => TEMPORARY.test(name))
    .map((name) => join(directory, name))
    .filter((path) => lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === false);
}

/** The temporary files that a killed writer of this one file left beside it. */
export function straysOf(path: string): string[] {
  return strayFiles(dirname(path)).filter((stray) => stray.replace(TEMPORARY, '') === path);
}

/** Permission bits beyond the owner's, as an octal text, or undefined where the file is private or absent. */
export function looseMode(path: string): string | undefined {
  if (process.platform === 'win32') return undefined;
  const mode = (lstatSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o777;
  return (mode & 0o077) === 0 ? undefined : mode.toString(8).padStart(4, '0');
}

/** Takes every right from everyone but the owner. */
export function tighten(path: string): void {
  attempt('change the mode of', path, () => {
    chmodSync(path, lstatSync(path).isDirectory() ? PRIVATE_DIRECTORY : PRIVATE_FILE);
  });
}

function checkOwned(path: string, stat: Stats, isKind: boolean, kind: string): void {
  if (!isKind) throw failed(`${path} is not ${kind}`);
  const uid = process.geteuid?.();
  if (uid !== undefined && stat.uid !== uid) {
    throw failed(`${path} belongs to another user (uid ${stat.uid}, you are ${uid})`, [
      'twvault uses only its own files: change the owner, or point TWVAULT_HOME to a folder of your own',
    ]);
  }
}

function linkRefused(path: string): Failure {
  return failed(`${path} is a symbolic link`, [
    "put the real file or folder there; where it is the vault's home, TWVAULT_HOME may name the real path",
  ]);
}

function attempt<T>(verb: string, path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw fileFailure(verb, path, error);
  }
}

/** A failure of the file system as one line, in the system's own words: `cannot write X: no space left on device`. */
export function fileFailure(verb: string, path: string, error: unknown): Error {
  const code = systemCode(error);
  if (code === '') return error as Error;
  const words = /^[A-Z0-9_]+: ([^,]+)/.exec((error as Error).message)?.[1] ?? code;
  return failed(`cannot ${verb} ${path}: ${words}`, [], error);
}
