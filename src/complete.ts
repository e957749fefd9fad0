import { complete } from './cli/completion/complete.ts';
import { vaultHome } from './system/paths.ts';

// `twvault __complete ...`: what the shells' completion scripts ask. A program of its own, since the rest would only
// cost time: see docs/decisions.md.
// They put `--` first, so that Node, which looks for options of its own behind its script too, does not read an
// --env-file of the line that someone is typing.
const { env } = process;
const words = process.argv.slice(process.argv[3] === '--' ? 4 : 3);
complete(words, { env, home: vaultHome(env), cwd: () => process.cwd() });
