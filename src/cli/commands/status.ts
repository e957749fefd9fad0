import { Command } from 'commander';
import { Agent } from '../../agent/client.ts';
import { type AgentPlace, agentPlaces } from '../../agent/place.ts';
import type { Report } from '../../agent/request.ts';
import { EXIT, Failure } from '../../failure.ts';
import { sourceOf } from '../../unlock/unattended.ts';
import { readConfig, type VaultConfig } from '../../vault/config.ts';
import { clock } from '../clock.ts';
import { columns } from '../columns.ts';
import type { Context } from '../context.ts';
import { hint, print, printJson, say } from '../voice.ts';

interface Options {
  readonly json?: boolean;
  readonly exitCode?: boolean;
}

/** A vault, and whether a command could open it without asking. */
interface VaultStatus {
  readonly home: string;
  readonly store: string;
  /** Where its identity is kept; null where it has none. */
  readonly identity: string | null;
  /** What opens it without asking; null where it is locked. */
  readonly openedBy: string | null;
  readonly pid?: number;
  /** ISO 8601, where an agent opens it. */
  readonly since?: string;
  readonly idleUntil?: string;
  readonly until?: string;
}

export function command(context: Context): Command {
  return new Command('status')
    .description('say which vaults are open, since when and until when')
    .option('--json', 'as JSON')
    .option('--exit-code', "exit with 3 where this home's vault is locked")
    .addHelpText('after', EXAMPLES)
    .action((options: Options) => status(context, options));
}

async function status(context: Context, { json, exitCode }: Options): Promise<void> {
  const agents = await openAgents(context);
  const here = statusHere(context, agents);
  const all = [
    ...(here ? [here] : []),
    ...agents.filter(({ home }) => home !== context.home).map(({ status }) => status),
  ];
  if (json) printJson(all);
  else if (all.length > 0) print(all.map(textOf).join('\n'));
  else say('there is no vault yet');
  if (!json && here?.openedBy === null) hint('open it for a while: twvault unlock');
  if (exitCode && !here?.openedBy)
    throw new Failure(EXIT.locked, here ? 'the vault is locked' : 'there is no vault yet');
}

interface OpenVault {
  readonly home: string;
  readonly vault: string;
  readonly status: VaultStatus;
}

async function openAgents({ env }: Context): Promise<OpenVault[]> {
  const found = await Promise.all(agentPlaces(env).map(openAgent));
  return found.filter((open) => open !== undefined);
}

async function openAgent(place: AgentPlace): Promise<OpenVault | undefined> {
  const agent = await Agent.at(place);
  if (!agent) return undefined;
  const { home, vault, pid } = agent.of;
  const times = isoTimes(await agent.report());
  return {
    home,
    vault,
    status: { home, store: 'file', identity: 'passphrase', openedBy: 'agent', pid, ...times },
  };
}

function isoTimes({ since, idleUntil, until }: Report): Pick<VaultStatus, 'since' | 'idleUntil' | 'until'> {
  const iso = (time: number) => new Date(time).toISOString();
  return { since: iso(since), idleUntil: iso(idleUntil), until: iso(until) };
}

function statusHere({ home, env }: Context, agents: readonly OpenVault[]): VaultStatus | undefined {
  const config = readConfig(home);
  if (!config) return undefined;
  const identity = config.store === 'keychain' ? null : (config.identity ?? 'elsewhere');
  const openedBy = openerOf(config, env);
  const agent = agents.find((open) => open.home === home && open.vault === config.vault);
  if (openedBy === null && agent) return agent.status;
  return { home, store: config.store, identity, openedBy };
}

/** What opens a vault before an agent is asked, and after it. */
function openerOf({ store, identity }: VaultConfig, env: Context['env']): string | null {
  if (store === 'keychain') return 'keychain';
  return sourceOf('identity', env) ?? (identity === 'keychain' ? 'keychain' : null);
}

const IDENTITY_TEXTS: Record<string, string> = {
  passphrase: 'under a passphrase',
  keychain: "in the operating system's keychain",
  elsewhere: 'kept elsewhere',
};

function textOf({ home, store, identity, openedBy, pid, since, idleUntil, until }: VaultStatus): string {
  const rows = [
    ['vault', home],
    ['store', store === 'keychain' ? "the operating system's keychain" : 'encrypted files'],
  ];
  if (identity !== null) rows.push(['identity', IDENTITY_TEXTS[identity] ?? identity]);
  if (since && idleUntil && until) {
    rows.push(['open', `since ${timeOf(since)}, by the agent (process ${pid})`]);
    rows.push(['locks', `at ${timeOf(idleUntil)} if nothing uses it, at ${timeOf(until)} in any case`]);
  } else
    rows.push([
      'open',
      openedBy === null ? 'no' : `by ${openedBy === 'keychain' ? 'the keychain' : openedBy}`,
    ]);
  return columns(rows);
}

const timeOf = (iso: string): string => clock(Date.parse(iso));

const EXAMPLES = `
Says this home's vault and every other one that an agent holds open. Nothing is unlocked or kept open by asking.

Examples:
  twvault status
  twvault status --json
  twvault status --exit-code && make-a-backup`;
