import { hash } from 'node:crypto';
import { lstatSync, realpathSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { failed } from '../failure.ts';
import { checkPrivateDirectory, looseMode, namesIn } from '../system/files.ts';
import type { Variables } from '../system/paths.ts';

/** Where a vault's agent is found. */
export interface AgentPlace {
  readonly directory: string;
  /** The socket; a named pipe on Windows, which is in no folder. */
  readonly socket: string;
  /** The file with the secret that clients and agent share. */
  readonly token: string;
  /** Held by whoever starts an agent. */
  readonly lock: string;
}

/** Of the path of a socket, its closing NUL not counted. */
const LONGEST_PATH = process.platform === 'linux' ? 107 : 103;

/**
 * The folders of this user's agents: a new one goes into the first, and all are looked into. That is the system's folder
 * for the user's sessions where it is private as its specification demands, else one in $XDG_STATE_HOME or ~/.local/state,
 * where an agent may be from before the first was there. Never a shared folder, and never the vault's own, which may be
 * synced or come from elsewhere.
 */
function agentDirectories(env: Variables): [string, ...string[]] {
  const home = env.HOME || process.getBuiltinModule('node:os').homedir();
  if (process.platform === 'win32')
    return [join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'twvault', 'agent')];
  const { XDG_STATE_HOME: state } = env;
  const own = join(state && isAbsolute(state) ? state : join(home, '.local', 'state'), 'twvault');
  const runtime = runtimeDirectory(env);
  if (runtime === undefined) return [own];
  return [join(runtime, 'twvault'), ...(isPrivate(own) ? [own] : [])];
}

/** $XDG_RUNTIME_DIR; where it is not set, as for cron or some ssh sessions, what logind would have set it to. */
function runtimeDirectory({ XDG_RUNTIME_DIR: named }: Variables): string | undefined {
  const path = named || (process.platform === 'linux' && `/run/user/${process.geteuid?.()}`);
  return path && isAbsolute(path) && isPrivate(path) ? path : undefined;
}

/** What cannot be looked at is not ours alone. */
function isPrivate(path: string): boolean {
  try {
    const stat = lstatSync(path);
    return stat.isDirectory() && stat.uid === process.geteuid?.() && (stat.mode & 0o077) === 0;
  } catch {
    return false;
  }
}

/** The places where the agent of the vault with this id in this home may be; a new one goes into the first. */
export function placesOf(env: Variables, home: string, vault: string): [AgentPlace, ...AgentPlace[]] {
  const digest = hash('sha256', `${realpathSync.native(home)}\n${vault}`, 'hex');
  const id = digest.slice(0, 16);
  const [first, ...others] = agentDirectories(env);
  return [placeIn(first, id), ...others.map((directory) => placeIn(directory, id))];
}

function placeIn(directory: string, id: string): AgentPlace {
  const isWindows = process.platform === 'win32';
  const socket = isWindows ? `\\\\.\\pipe\\twvault-${id}` : join(directory, `${id}.sock`);
  return { directory, socket, token: join(directory, `${id}.token`), lock: join(directory, `${id}.lock`) };
}

/** Where the files of an agent are; a named pipe of Windows is none. */
export const pathsOf = ({ socket, token }: AgentPlace): string[] =>
  process.platform === 'win32' ? [token] : [socket, token];

/** The files of an agent in a place, whether one runs there or not. */
export const filesIn = (place: AgentPlace): string[] =>
  pathsOf(place).filter((path) => lstatSync(path, { throwIfNoEntry: false }));

/** The places where agents are, or were. */
export function agentPlaces(env: Variables): AgentPlace[] {
  return agentDirectories(env).flatMap(placesIn);
}

function placesIn(directory: string): AgentPlace[] {
  if (!checkAgentDirectory(directory)) return [];
  const ids = namesIn(directory).flatMap((name) => /^([0-9a-f]{16})\.(?:sock|token)$/.exec(name)?.[1] ?? []);
  return [...new Set(ids)].sort().map((id) => placeIn(directory, id));
}

/**
 * Refuses a folder that is a link, another user's or open to others. True where it exists.
 * @throws Failure
 */
export function checkAgentDirectory(directory: string): boolean {
  if (!checkPrivateDirectory(directory)) return false;
  const mode = looseMode(directory);
  if (mode !== undefined)
    throw failed(`${directory} is open to others (${mode})`, [`close it: chmod 700 ${directory}`]);
  return true;
}

/** @throws Failure where the system takes no socket with so long a path */
export function checkSocketPath({ socket }: AgentPlace): void {
  const length = Buffer.byteLength(socket);
  if (length <= LONGEST_PATH) return;
  throw failed(`${socket} is too long for a socket (${length} bytes, at most ${LONGEST_PATH})`, [
    'set XDG_RUNTIME_DIR to a private folder with a shorter path',
  ]);
}
