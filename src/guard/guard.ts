import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { GitPlace } from '../system/git.ts';
import { readText } from '../system/text-file.ts';
import { type HooksFolder, hooksFolder } from './folder.ts';
import type { Program } from './hook-text.ts';
import { huskyFolder, huskyHook } from './husky.ts';
import { ownHook } from './own-hook.ts';

/** What an installation or a removal came to. */
export interface Done {
  readonly isChanged: boolean;
  /** What else the user should know. */
  readonly notes: readonly string[];
}

/** One way to have the staged files scanned before a commit. */
export interface Guard {
  readonly kind: 'hook' | 'husky' | 'lefthook' | 'pre-commit';
  /** The file that it changes. */
  readonly file: string;
  isInstalled(): boolean;
  /** @throws Failure where the file cannot be changed; it is then as it was */
  install(program: Program): Done;
  uninstall(): Done;
}

/** The guards that are possible in a repository. */
export interface Guards {
  readonly folder: HooksFolder;
  /** The one that works here: that of the hook manager that rules, or a hook of our own. */
  readonly ruling: Guard;
  /** Every place where a guard may be. */
  readonly all: readonly Guard[];
  /** A hook manager that is configured, but does not run the hooks yet. */
  readonly idle?: string;
}

/**
 * Looks at how a repository's hooks are run.
 * @throws Failure exit 2 outside a repository, in a bare one, or where hooks are turned off
 */
export async function guardsOf(place: GitPlace): Promise<Guards> {
  const folder = hooksFolder(place);
  const husky = huskyFolder(folder.folder);
  // A folder outside the repository is changed only after a question.
  const confirmed = folder.sharedBy === undefined ? [] : [husky ?? folder.folder];
  const places = [...folder.own, ...confirmed];
  const own = ownHook(folder.folder, places);
  if (husky !== undefined) {
    const ruling = huskyHook(husky, places);
    return { folder, ruling, all: [ruling] };
  }
  const managed = await managers(folder);
  const hook = readText(join(folder.folder, 'pre-commit')) ?? '';
  const ruling = managed.find(({ mark }) => mark.test(hook))?.guard;
  const [idle] = ruling ? [] : managed.map(({ guard }) => guard.kind);
  const waiting = idle ?? (existsSync(join(folder.top, '.husky')) ? 'husky' : undefined);
  return {
    folder,
    ruling: ruling ?? own,
    all: [own, ...managed.map(({ guard }) => guard)],
    ...(ruling || waiting === undefined ? {} : { idle: waiting }),
  };
}

/** The hook managers with a configuration in this folder, and what is in the hook that each of them installs. */
async function managers({ top, own }: HooksFolder): Promise<{ guard: Guard; mark: RegExp }[]> {
  const found: { guard: Guard; mark: RegExp }[] = [];
  const { lefthookFile, lefthookGuard } = await import('./lefthook.ts');
  const lefthook = lefthookFile(top);
  if (lefthook !== undefined) found.push({ guard: lefthookGuard(lefthook, own), mark: /lefthook/i });
  const { PRE_COMMIT_FILE, preCommitGuard } = await import('./pre-commit.ts');
  const config = join(top, PRE_COMMIT_FILE);
  if (existsSync(config))
    found.push({ guard: preCommitGuard(config, own), mark: /pre-commit\.com|pre_commit/ });
  return found;
}
