import { basename, dirname, join } from 'node:path';
import type { Guard } from './guard.ts';
import { SHARED_LINES } from './hook-text.ts';
import { sharedFile } from './shared-file.ts';

/** The folder with a project's husky hooks, where git's hooks folder is husky's: `.husky/_` since version 9, `.husky` before. */
export function huskyFolder(hooks: string): string | undefined {
  if (basename(hooks) === '.husky') return hooks;
  return basename(hooks) === '_' && basename(dirname(hooks)) === '.husky' ? dirname(hooks) : undefined;
}

/** The project's pre-commit script, which husky runs with sh. */
export function huskyHook(folder: string, own: readonly string[]): Guard {
  const file = join(folder, 'pre-commit');
  return sharedFile({
    kind: 'husky',
    file,
    own,
    isScript: true,
    insertion: (text) => ({ place: { at: afterHeader(text), indent: '' }, lines: SHARED_LINES }),
    byHand: 'twvault scan --staged',
    after: `${file} belongs to the project: commit it, so that it guards everyone`,
  });
}

/** Behind the lines that a script of husky begins with: what runs it, comments, and husky's own part. */
function afterHeader(text: string): number {
  return /^(?:(?:#.*|\s*|\. .*husky\.sh.*)\r?\n)*/.exec(text)?.[0].length ?? 0;
}
