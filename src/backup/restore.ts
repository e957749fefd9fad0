import { setImmediate as nextTurn } from 'node:timers/promises';
import { advising, failed } from '../failure.ts';
import { checkSpace } from '../system/files.ts';
import { Editor, type Put } from '../vault/editor.ts';
import { writePresets } from '../vault/presets.ts';
import type { Vault } from '../vault/vault.ts';
import { type Backup, backupText } from './document.ts';
import { isWriting, type Mode, planRestore, type Step, type Target } from './plan.ts';
import { type PresetPlan, planPresets } from './presets.ts';
import { markFinished, markUnfinished, type UnfinishedRestore } from './unfinished.ts';

/** Room for padding, headers and the index entry of a record, beside its text. */
const ROOM_EACH = 16 * 1024;

/**
 * Brings a vault's profiles to what a backup says, one whole record after the other, parents first. While records are
 * written a marker stands in the home: a run that was killed leaves each profile as before or as in the backup, and the
 * same restore again does the rest.
 * @returns what was done
 * @throws Failure where profiles or presets differ and nothing says what to do then; nothing is written
 */
export async function restore(vault: Vault, backup: Backup, from: UnfinishedRestore): Promise<Plan> {
  const editor = new Editor(vault);
  const plan = await editor.batch(async (put) => {
    const plan = await planAll(vault, vault.home, backup, from.mode);
    refuseStops(plan, from.mode);
    const size = Buffer.byteLength(backupText(backup)) * 2 + backup.profiles.length * ROOM_EACH;
    checkSpace(vault.home, size);
    markUnfinished(vault.home, from);
    await advising(
      () => FINISH,
      () => write(vault, plan, put),
    );
    return plan;
  });
  await restoreDefault(editor, vault, backup);
  markFinished(vault.home);
  return plan;
}

/** What a restore does, or would do. */
export interface Plan {
  readonly profiles: readonly Step[];
  readonly presets: PresetPlan;
}

/** @throws Failure as `planRestore` and `planPresets` do */
export async function planAll(
  target: Target | null,
  home: string,
  backup: Backup,
  mode: Mode,
): Promise<Plan> {
  return {
    profiles: await planRestore(target, backup, mode),
    presets: planPresets(home, backup.presets, mode),
  };
}

async function write(vault: Vault, { profiles, presets }: Plan, put: Put): Promise<void> {
  if (presets.text !== undefined) writePresets(vault.home, presets.text);
  for (const { after, revision, status } of profiles.filter(isWriting)) {
    await nextTurn(); // so that a signal is heard, and the lock kept fresh
    // What cannot be read cannot be compared either. A store that only seems empty, being locked, refuses this.
    if (status === 'unreadable') await vault.store.remove(after.name);
    await put(after, revision);
  }
}

/** The backup's default counts where the vault has none of its own, and no profile but the backup's. */
async function restoreDefault(editor: Editor, vault: Vault, backup: Backup): Promise<void> {
  if (backup.default === undefined || vault.config.default !== undefined) return;
  const known = new Set(backup.profiles.map(({ name }) => name));
  const names = await vault.names();
  if (names.every((name) => known.has(name))) await editor.setDefault(backup.default);
}

function refuseStops({ profiles, presets }: Plan, mode: Mode): void {
  const stops = profiles.filter(({ action }) => action === 'stop');
  const stoppingPresets = presets.steps.filter(({ action }) => action === 'stop');
  if (stops.length === 0 && stoppingPresets.length === 0) return;
  const differing = [
    ...stops.filter(({ status }) => status === 'differs').map(({ profile }) => profile),
    ...stoppingPresets.map(({ preset }) => `the preset ${preset}`),
  ];
  const unreadable = stops.filter(({ status }) => status === 'unreadable').map(({ profile }) => profile);
  const reasons = [
    ...(differing.length > 0
      ? [
          `${differing.join(', ')} in the vault ${differing.length === 1 ? 'differs' : 'differ'} from the backup`,
        ]
      : []),
    ...(unreadable.length > 0 ? [`${unreadable.join(', ')} in the vault cannot be read`] : []),
  ];
  throw failed(`${reasons.join('; ')}: nothing was restored`, [
    '--dry-run shows what differs',
    ...(mode === 'add' ? ["--merge adds what is missing and keeps the vault's own values"] : []),
    "--replace takes the backup's version",
  ]);
}

/** Where a restore that was cut short leaves things. */
export const FINISH =
  'the restore is not finished: each profile is as before or as in the backup; the same command again does the rest';
