import type { Backup } from '../../backup/document.ts';
import type { Mode, Step } from '../../backup/plan.ts';
import type { Plan } from '../../backup/restore.ts';
import { columns } from '../columns.ts';

/** What `restore --json` says: names only, never a value. */
export function reportOf(path: string, { made }: Backup, mode: Mode, { profiles, presets }: Plan) {
  return {
    file: path,
    made,
    mode,
    profiles: profiles.map(({ profile, status, action, difference, reason }) => ({
      profile,
      status,
      action,
      ...(difference ?? {}),
      ...(reason === undefined ? {} : { reason }),
    })),
    presets: presets.steps,
  };
}

export function tableOf({ profiles, presets }: Plan): string {
  const rows = profiles.map((step) => [step.profile, step.status, step.action, wordsOf(step)]);
  const table = columns([['PROFILE', 'STATUS', 'ACTION', 'DIFFERENCES'], ...rows]);
  if (presets.steps.length === 0) return table;
  const others = presets.steps.map(({ preset, status, action }) => [preset, status, action]);
  return `${table}\n${columns([['PRESET', 'STATUS', 'ACTION'], ...others])}`;
}

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

/** `2 added, 1 replaced, 3 unchanged; presets: 1 added`. */
export function summaryOf({ profiles, presets }: Plan): string {
  const parts = [counts(profiles), counts(presets.steps, 'presets: ')];
  return parts.filter((part) => part !== '').join('; ');
}

function counts(steps: readonly Pick<Step, 'action'>[], head = ''): string {
  if (steps.length === 0) return '';
  const words = Object.entries(WORDS)
    .map(([action, words]) => [steps.filter((step) => step.action === action).length, words] as const)
    .filter(([count]) => count > 0)
    .map(([count, words]) => `${count} ${words}`);
  return head + words.join(', ');
}
