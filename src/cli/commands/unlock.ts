import { Command } from 'commander';
import { agentOf } from '../../agent/key.ts';
import { checkAgentDirectory, placesOf } from '../../agent/place.ts';
import type { Report, Times } from '../../agent/request.ts';
import { startAgent } from '../../agent/start.ts';
import { failed, usage } from '../../failure.ts';
import { ensurePrivateDirectory } from '../../system/files.ts';
import { withLock } from '../../system/lock.ts';
import { sourceOf } from '../../unlock/unattended.ts';
import { configPath } from '../../vault/config.ts';
import { findHolders, writersOf } from '../../vault/open.ts';
import type { Vault } from '../../vault/vault.ts';
import { clock } from '../clock.ts';
import { type Context, vaultOf } from '../context.ts';
import { duration } from '../duration.ts';
import { say } from '../voice.ts';

interface Options {
  readonly ttl: string;
  readonly max: string;
}

export function command(context: Context): Command {
  return new Command('unlock')
    .description('open the vault for a while: asks for its passphrase once, then no command does')
    .option('--ttl <TIME>', 'lock when nothing used it for so long', '15m')
    .option('--max <TIME>', 'lock after so long in any case', '8h')
    .addHelpText('after', EXAMPLES)
    .action((options: Options) => unlock(context, options));
}

async function unlock(context: Context, options: Options): Promise<void> {
  const times = timesOf(options);
  const vault = await vaultOf(context);
  const other = otherOpener(vault, context);
  if (other !== undefined) return say(`no agent is needed: ${other}`);
  const report = (await renewed(vault, context, times)) ?? (await opened(vault, context, times));
  say(
    `the vault is open: it locks at ${clock(report.idleUntil)} if nothing uses it, at ${clock(report.until)} in any case`,
  );
}

function timesOf({ ttl, max }: Options): Times {
  const times = { ttl: duration(ttl, '--ttl'), max: duration(max, '--max') };
  if (times.ttl === 0 || times.max === 0) throw usage('a vault that locks at once need not be unlocked');
  return times;
}

/** What opens this vault without a passphrase, if anything does or could. */
function otherOpener({ config }: Vault, { env }: Context): string | undefined {
  if (config.store === 'keychain') return "the operating system's keychain keeps the profiles";
  const source = sourceOf('identity', env);
  if (source) return `${source} opens the vault`;
  if (config.identity === 'keychain') return "the vault's identity is in the operating system's keychain";
  if (config.identity === 'elsewhere')
    return 'the vault has no passphrase; set TWVAULT_IDENTITY_FILE to its identity';
  return undefined;
}

/** Who uses a running agent need not know the passphrase, so it may be kept from going idle without it. */
async function renewed(vault: Vault, context: Context, times: Times): Promise<Report | undefined> {
  const agent = await agentOf(whose(vault, context));
  return agent?.renew(times);
}

async function opened(vault: Vault, context: Context, times: Times): Promise<Report> {
  const { env } = context;
  const { home, config } = vault;
  const [place] = placesOf(env, home, config.vault);
  ensurePrivateDirectory(place.directory);
  checkAgentDirectory(place.directory);
  const holders = await findHolders(config, context);
  return withLock(place.lock, async () => {
    const quicker = await renewed(vault, context, times); // another unlock
    if (quicker) return quicker;
    const of = { home, vault: config.vault, writers: holders.map(({ writer }) => writer) };
    const identities = holders.map(({ identity }) => identity.encode());
    await startAgent({ place, of, config: configPath(home), identities, times });
    const agent = await agentOf(whose(vault, context));
    if (!agent) throw failed('the agent was started, and does not answer', ['twvault doctor']);
    return agent.report();
  });
}

const whose = ({ home, config }: Vault, { env }: Context) => ({
  env,
  home,
  vault: config.vault,
  writers: writersOf(config),
});

const EXAMPLES = `
Where the vault's identity is under a passphrase, this leaves an agent that opens profiles for later commands until it
locks: when idle, at its end, when the machine sleeps, or on 'twvault lock'. It never gives out the identity itself.
Again while it is open, it sets the idle time anew; the end only comes nearer.

Examples:
  twvault unlock
  twvault unlock --ttl 1h --max 12h`;
