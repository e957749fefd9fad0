import { advising, failed } from '../failure.ts';
import { checkSpace } from '../system/files.ts';
import { Editor, type Put } from '../vault/editor.ts';
import type { Vault } from '../vault/vault.ts';
import { type Backup, backupText } from './document.ts';
import { isWriting, type Mode, planRestore, type Step } from './plan.ts';
import { markFinished, markUnfinished, type UnfinishedRestore } from './unfinished.ts';

/** Room for padding, headers and the index entry of a record, beside its text. */
const ROOM_EACH = 16 * 1024;

/**
 * Brings a vault's profiles to what a backup says, one whole record after the other, parents first. While records are
 * written a marker stands in the home: a run that was killed leaves each profile as before or as in the backup, and the
 * same restore again does the rest.
 * @returns what was done
 * @throws Failure where profiles differ and nothing says what to do then; nothing is written
 */
export async function restore(vault: Vault, backup: Backup, from: UnfinishedRestore): Promise<Step[]> {
  const editor = new Editor(vault);
  const steps = await editor.batch(async (put) => {
    const plan = await planRestore(vault, backup, from.mode);
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
  return steps;
}

async function write(vault: Vault, steps: readonly Step[], put: Put): Promise<void> {
  for (const { after, revision, status } of steps.filter(isWriting)) {
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

function refuseStops(steps: readonly Step[], mode: Mode): void {
  const stops = steps.filter(({ action }) => action === 'stop');
  if (stops.length === 0) return;
  const differing = stops.filter(({ status }) => status === 'differs').map(({ profile }) => profile);
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

const FINISH =
  'the restore is not finished: each profile is as before or as in the backup; the same command again does the rest';
