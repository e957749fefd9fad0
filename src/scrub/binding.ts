import { dirname, join } from 'node:path';
import { failed } from '../failure.ts';
import { type Project, projectAt, projectPlace } from '../project/project-file.ts';
import { checkAccount } from '../project/resolve.ts';
import type { Chains } from './account.ts';

/** The project file that is to say which profile and names a file's program gets. */
export interface Place {
  readonly path: string;
  readonly account: string;
  readonly project: Project | undefined;
}

/**
 * Where the account of a program is to be written down: the project file that rules there already, or a new one.
 * @param taken accounts that other files of this run have put in project files
 * @throws Failure exit 1 where another account rules in the file's own folder, or the project is pinned to another
 */
export async function placeFor(
  file: string,
  account: string,
  taken: ReadonlyMap<string, string>,
  chains: Chains,
): Promise<Place> {
  const folder = dirname(file);
  const own = join(folder, '.twvault.json');
  for (const path of new Set([projectPlace(folder), own])) {
    const project = projectAt(path);
    const ruling = taken.get(path) ?? project?.profile ?? account;
    if (ruling !== account) continue;
    checkAccount(project, account, (await chains(account))[0]?.account?.id);
    return { path, account, project };
  }
  throw failed(`${file} was left as it is: ${own} says that another profile is used there`, [
    `change that first: twvault use ${account} --here`,
  ]);
}
