import { dirname } from 'node:path';
import { failed } from '../failure.ts';
import { statOf } from '../system/files.ts';

/** Whether something is at a path. Asked before the vault is opened, so that no passphrase is typed for nothing. */
export const isTaken = (path: string): boolean => statOf(path) !== undefined;

/** @throws Failure where the folder of a new file is none */
export function checkFolderOf(path: string): void {
  const folder = dirname(path);
  if (!statOf(folder)?.isDirectory()) throw failed(`there is no folder ${folder}`);
}
