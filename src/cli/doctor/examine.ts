import { projectOf } from '../../project/project-file.ts';
import { configPath } from '../../vault/config.ts';
import { openVault } from '../../vault/open.ts';
import type { Vault } from '../../vault/vault.ts';
import type { Context } from '../context.ts';
import { attempted, type Finding, note, ok, problem } from './finding.ts';
import { VAULT_CHECKS } from './vault-checks.ts';

/** Looks at everything and asks nothing; what cannot be opened without asking is said to be locked. */
export async function examine(context: Context): Promise<Finding[]> {
  const quiet = { ...context, terminal: async () => undefined };
  const vault = await attempted('vault', () => openVault(quiet));
  const known = vault && !Array.isArray(vault) ? vault : null;
  const findings = [runtime(), await keychainAnswers(context)];
  if (Array.isArray(vault)) findings.push(...vault);
  else if (known) findings.push(ok('vault', `${known.config.store} store, ${configPath(context.home)}`));
  else findings.push(ok('vault', `none yet in ${context.home}; the first add sets one up`));
  if (known) for (const check of VAULT_CHECKS) findings.push(...(await check(known, quiet)));
  return [...findings, ...(await project(known, context)), ...(await plaintext(context))];
}

function runtime(): Finding {
  const { bun } = process.versions as { bun?: string };
  if (bun !== undefined) return ok('runtime', `standalone program, Bun ${bun}`);
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isOld = major < 20 || (major === 20 && minor < 19);
  return isOld
    ? problem('node', `version ${process.versions.node} is too old`, 'install Node 20.19 or later')
    : ok('node', `version ${process.versions.node}`);
}

async function keychainAnswers(context: Context): Promise<Finding> {
  const { Keychain } = await import('../../system/keychain.ts');
  const trouble = await new Keychain('twvault', context).probe();
  return trouble ? note('keychain', trouble.message, trouble.hints[0]) : ok('keychain', 'answers');
}

async function project(vault: Vault | null, { cwd }: Context): Promise<Finding[]> {
  const found = await attempted('project', async () => projectOf(cwd()) ?? null);
  if (Array.isArray(found)) return found;
  if (!found) return [];
  const { path, profile: name } = found;
  if (name === undefined || !vault || (await vault.names()).includes(name)) return [ok('project', path)];
  return [problem('project', `${path} names the profile ${name}, which is not there`, `twvault add ${name}`)];
}

/** Keys of X that lie open in the usual places near by. */
async function plaintext({ cwd, env }: Context): Promise<Finding[]> {
  const [{ sourcesNearBy }, { commandPath, shown }] = await Promise.all([
    import('../import/near-by.ts'),
    import('../import/report.ts'),
  ]);
  return sourcesNearBy(cwd(), env).map(({ path }) =>
    note('plaintext', `${shown(path)} holds keys in the open`, `twvault import ${commandPath(path)} --scrub`),
  );
}
