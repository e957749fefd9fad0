import { complete } from './cli/completion/complete.ts';
import { vaultHome } from './system/paths.ts';

// `twvault __complete ...`: what the shells' completion scripts ask. A program of its own, since the rest would only
// cost time: see docs/decisions.md.
const { env } = process;
complete(process.argv.slice(3), { env, home: vaultHome(env), cwd: () => process.cwd() });
