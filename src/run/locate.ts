import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import { Failure, systemCode } from '../failure.ts';
import { DEFAULT_PATH } from '../system/program.ts';

/** Exit codes of a command that could not be started, as shells and POSIX `env` give them. */
const NOT_EXECUTABLE = 126;
const NOT_FOUND = 127;

/**
 * The file that a command means, found as execvp would: with a slash the path itself, otherwise along PATH.
 * @throws Failure exit 127 where there is none, 126 where there is one that cannot be executed
 */
export function locate(command: string, searchPath: string | undefined, cwd: string): string {
  if (process.platform === 'win32') return command; // found by PATHEXT when it is spawned
  let refused: string | undefined;
  for (const candidate of candidates(command, searchPath, cwd)) {
    const verdict = examine(candidate);
    if (verdict === 'executable') return candidate;
    if (verdict !== 'absent') refused ??= verdict;
  }
  const hints = hintsFor(command, cwd);
  if (refused !== undefined) throw new Failure(NOT_EXECUTABLE, `cannot run ${command}: ${refused}`, hints);
  throw new Failure(NOT_FOUND, `command not found: ${command}`, hints);
}

/** What starts the files that people take for programs. */
const RUNNERS = [
  [/\.py$/, 'python3'],
  [/\.[cm]?js$/, 'node'],
  [/\.rb$/, 'ruby'],
  [/\.sh$/, 'sh'],
] as const;

/** A file that is there wants to be started by another program, or in another way; one that is not, another folder. */
function hintsFor(command: string, cwd: string): string[] {
  const path = resolve(cwd, command);
  if (command === '' || examine(path) === 'absent')
    return command.includes('/') ? [`there is no ${path}: change to the folder of the program`] : [];
  const runner = RUNNERS.find(([ending]) => ending.test(command))?.[1];
  if (runner !== undefined) return [`start it with ${runner}: twvault exec -- ${runner} ${command}`];
  return command.includes('/') ? [] : [`a file of this folder is started with its path: ./${command}`];
}

function candidates(command: string, searchPath: string | undefined, cwd: string): string[] {
  if (command.includes('/')) return [resolve(cwd, command)];
  if (command === '') return [];
  // An empty element of PATH means the working folder (POSIX 8.3).
  return (searchPath ?? DEFAULT_PATH)
    .split(delimiter)
    .map((folder) => `${folder.startsWith('/') ? folder : resolve(cwd, folder || '.')}/${command}`);
}

function examine(path: string): 'executable' | 'absent' | (string & {}) {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat) return 'absent';
    if (!stat.isFile()) return 'it is a folder, not a program';
    accessSync(path, constants.X_OK);
    return 'executable';
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOTDIR') return 'absent';
    return code === 'EACCES' ? 'permission denied' : code;
  }
}
