import { Command } from 'commander';
import { advising } from '../../failure.ts';
import { interruptible } from '../../system/signals.ts';
import { identitiesFromEnvironment } from '../../unlock/identity.ts';
import { readConfig, type VaultConfig } from '../../vault/config.ts';
import { type Exchange, type Exchanged, rekey } from '../../vault/rekey.ts';
import { agreement } from '../agreement.ts';
import { type Context, vaultOf } from '../context.ts';
import { counted } from '../counted.ts';
import { checkHasFiles, exchangeOf } from '../keeper.ts';
import { hint, say } from '../voice.ts';

interface Options {
  readonly yes?: boolean;
  readonly identityOut?: string;
}

export function command(context: Context): Command {
  return new Command('rekey')
    .description('give the vault a new identity, and seal all profiles to it')
    .option('-y, --yes', 'do not ask')
    .option(
      '--identity-out <file>',
      'where you keep the identity yourself: the new one goes to this new file',
    )
    .addHelpText('after', HELP)
    .action((options: Options) => run(context, options));
}

async function run(context: Context, { yes, identityOut }: Options): Promise<void> {
  const vault = await vaultOf(context);
  checkHasFiles(vault.config, 'identity');
  if (!yes) await confirm(context, vault.config, (await vault.names()).length);
  const exchange = await exchangeOf(context, vault, identityOut);
  const isGiven = identitiesFromEnvironment(context.env) !== undefined;
  report(await carriedOut(exchange));
  advise(vault.config, isGiven, identityOut);
}

async function confirm(context: Context, { successor }: VaultConfig, count: number): Promise<void> {
  const question = successor
    ? 'end the exchange of the identity that was begun?'
    : `give the vault a new identity, and seal ${counted(count, 'profile')} to it?`;
  await agreement(context, { question, verb: 'exchange the identity', refusal: 'nothing was changed' });
}

/** Runs the exchange; where it fails on the way, says that another run goes on. */
async function carriedOut(exchange: Exchange): Promise<Exchanged> {
  const isBegun = () => readConfig(exchange.vault.home)?.successor !== undefined;
  return interruptible(
    () => 'every profile still opens; the same command again ends the exchange',
    () =>
      advising(
        () => (isBegun() ? GOES_ON : undefined),
        () => rekey(exchange),
      ),
  );
}

const GOES_ON = 'every profile still opens; once this is mended, twvault rekey ends what it began';

function report({ profiles: count, wasBegun }: Exchanged): void {
  if (wasBegun) say('ended an exchange of the identity that had been interrupted');
  say(
    `the vault has a new identity; ${counted(count, 'profile')} ${count === 1 ? 'was' : 'were'} sealed to it`,
  );
}

/** What is left to the user. */
function advise({ identity }: VaultConfig, isGiven: boolean, identityOut?: string): void {
  const isElsewhere = identity === 'elsewhere';
  if (isElsewhere && identityOut !== undefined)
    say(`the new identity is in ${identityOut} and nowhere else: set TWVAULT_IDENTITY_FILE to it`);
  else if (!isElsewhere && isGiven)
    say('the environment gives the old identity, which no longer opens the vault: take it away');
  if (identity === 'passphrase')
    hint('the passphrase is the one it was: if others may know it, change it too, with twvault passwd');
  hint('start programs again that run with the old identity, and make a new backup');
  hint('the old identity still opens old copies of the files: if others may have both, renew the keys at X');
}

const HELP = `
Afterwards the old identity, and every copy of identity.age or of the identity file, opens nothing that is written from
then on. Other programs may read and write meanwhile. An exchange that was interrupted leaves a vault that opens; the
same command again ends it.

Examples:
  twvault rekey
  twvault rekey --identity-out ~/twvault-identity-2.txt
  twvault rekey --yes`;
