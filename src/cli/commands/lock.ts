import { Command } from 'commander';
import { Agent } from '../../agent/client.ts';
import { type AgentPlace, agentPlaces, checkAgentDirectory, filesIn, placesOf } from '../../agent/place.ts';
import { removePrivate } from '../../system/files.ts';
import { openVault } from '../../vault/open.ts';
import type { Context } from '../context.ts';
import { say } from '../voice.ts';

export function command(context: Context): Command {
  return new Command('lock')
    .description('end what unlock began')
    .option('--all', 'for all vaults of this user')
    .addHelpText('after', EXAMPLES)
    .action((options: { all?: boolean }) => lock(context, options.all === true));
}

async function lock(context: Context, isAll: boolean): Promise<void> {
  const places = isAll ? agentPlaces(context.env) : await placesHere(context);
  const said = [];
  for (const place of places) said.push(await lockAt(place));
  const done = said.filter((text) => text !== undefined);
  for (const text of done) say(text);
  if (done.length === 0)
    say(isAll ? 'no vault was unlocked' : 'no agent was running: there was nothing to lock');
}

async function placesHere(context: Context): Promise<AgentPlace[]> {
  const vault = await openVault(context);
  return vault ? placesOf(context.env, vault.home, vault.config.vault) : [];
}

/** What was done, if there was anything to do. */
async function lockAt(place: AgentPlace): Promise<string | undefined> {
  const agent = await Agent.at(place);
  if (agent) {
    await agent.lock();
    return `${agent.of.home} is locked`;
  }
  const files = checkAgentDirectory(place.directory) ? filesIn(place) : [];
  for (const path of files) removePrivate(path);
  // An agent that does not answer locks itself once it sees that its files are gone.
  return files.length > 0 ? `removed what an agent left behind: ${files.join(', ')}` : undefined;
}

const EXAMPLES = `
Examples:
  twvault lock
  twvault lock --all`;
