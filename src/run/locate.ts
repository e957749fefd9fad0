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
  if (refused !== undefined) throw new Failure(NOT_EXECUTABLE, `cannot run ${command}: ${refused}`);
  throw new Failure(NOT_FOUND, `command not found: ${command}`);
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
