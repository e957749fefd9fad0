import { resolve } from 'node:path';
import { isatty } from 'node:tty';
import { Command } from 'commander';
import { type Backup, backupText } from '../../backup/document.ts';
import { backupExists, keepBackup, makeBackup } from '../../backup/make.ts';
import { openBackup, sealBackup } from '../../backup/sealed.ts';
import { failed, missing, usage } from '../../failure.ts';
import { type Sealing, type SealingOptions, sealingOf } from '../backup/sealing.ts';
import { type Context, vaultOf } from '../context.ts';
import { counted } from '../counted.ts';
import { checkFolderOf, isTaken } from '../new-file.ts';
import { repeated } from '../repeated.ts';
import { hint, print, say } from '../voice.ts';

interface Options extends SealingOptions {
  readonly force?: boolean;
}

export function command(context: Context): Command {
  return new Command('backup')
    .description('write all profiles to one encrypted file')
    .argument('<file>', 'a new file, or - for standard output')
    .option('--passphrase-file <file>', 'the passphrase is the first line of this file; - is standard input')
    .option('--recipient <recipient>', 'seal to this key (age1...) instead; may be repeated', repeated, [])
    .option('--recipients-file <file>', 'seal to the keys in this file, one a line')
    .option('--force', 'replace a file that is there')
    .addHelpText('after', EXAMPLES)
    .action((file: string, options: Options) => backUp(context, file, options));
}

async function backUp(context: Context, file: string, options: Options): Promise<void> {
  const path = file === '-' ? undefined : resolve(context.cwd(), file);
  checkPlace(path, options);
  const vault = await vaultOf(context);
  const backup = await makeBackup(vault);
  if (backup.profiles.length === 0) throw missing('there is no profile to back up');
  const sealing = await sealingOf(context, options);
  const sealed = await sealBackup(backup, sealing.recipients);
  await prove(sealed, sealing, backup, path ?? 'the backup');
  if (path === undefined) return print(sealed);
  keepBackup(path, sealed, options.force === true);
  const profiles = counted(backup.profiles.length, 'profile');
  const presets = backup.presets ? ` and ${counted(backup.presets.size, 'preset')}` : '';
  say(`wrote ${profiles}${presets} to ${path}, sealed to ${sealing.words}`);
  const [key, ofKey] = sealing.identity ? ['', ''] : [' --identity KEYFILE', ' -i KEYFILE'];
  hint(`twvault restore ${file}${key} brings them back; age -d${ofKey} ${file} shows them without twvault`);
}

function checkPlace(path: string | undefined, { force }: Options): void {
  if (path !== undefined) {
    checkFolderOf(path);
    if (!force && isTaken(path)) throw backupExists(path);
  } else if (isatty(1)) {
    throw usage('a backup is no text for a terminal', ['name a file, or send the output into one']);
  }
}

/** Opens what was sealed, where what opens it is at hand, before anyone relies on it. */
async function prove(sealed: Uint8Array, { identity }: Sealing, backup: Backup, path: string): Promise<void> {
  if (!identity) return;
  const again = await openBackup(sealed, [identity], path);
  if (backupText(again) !== backupText(backup)) throw failed(`${path} does not open to what was sealed`);
}

const EXAMPLES = `
The file is one standard age file; inside is one JSON document with every profile and its values, and your own presets.

Examples:
  twvault backup twvault-2026-05.age
  twvault backup /media/stick/keys.age --recipient age1...
  twvault backup - --passphrase-file /run/secrets/backup | ssh host 'cat > keys.age'`;
