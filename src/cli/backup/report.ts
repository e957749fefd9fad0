import type { Backup } from '../../backup/document.ts';
import type { Mode, Step } from '../../backup/plan.ts';
import { columns } from '../columns.ts';

/** What `restore --json` says: names only, never a value. */
export function reportOf(path: string, { made }: Backup, mode: Mode, steps: readonly Step[]) {
  return {
    file: path,
    made,
    mode,
    profiles: steps.map(({ profile, status, action, difference, reason }) => ({
      profile,
      status,
      action,
      ...(difference ?? {}),
      ...(reason === undefined ? {} : { reason }),
    })),
  };
}

export function tableOf(steps: readonly Step[]): string {
  return columns([HEAD, ...steps.map((step) => [step.profile, step.status, step.action, wordsOf(step)])]);
}

const HEAD = ['PROFILE', 'STATUS', 'ACTION', 'DIFFERENCES'];

function wordsOf({ difference, reason }: Step): string {
  if (!difference) return reason ?? '-';
  const { changed, onlyInBackup, onlyInVault } = difference;
  const parts = [
    ['another value', changed],
    ['only in the backup', onlyInBackup],
    ['only in the vault', onlyInVault],
  ] as const;
  return parts
    .filter(([, names]) => names.length > 0)
    .map(([words, names]) => `${words}: ${names.join(' ')}`)
    .join('; ');
}

const WORDS = {
  add: 'added',
  merge: 'merged',
  replace: 'replaced',
  leave: 'unchanged',
  stop: 'stopped at',
};

/** `2 added, 1 replaced, 3 unchanged`. */
export function summaryOf(steps: readonly Step[]): string {
  return Object.entries(WORDS)
    .map(([action, words]) => [steps.filter((step) => step.action === action).length, words] as const)
    .filter(([count]) => count > 0)
    .map(([count, words]) => `${count} ${words}`)
    .join(', ');
}
