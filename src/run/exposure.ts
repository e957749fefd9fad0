import { usage } from '../failure.ts';
import type { Variables } from '../system/paths.ts';

/** Options of Node that let others look into a process, or write down what it holds. */
const EXPOSING = /--(inspect|heapsnapshot|heap-prof|cpu-prof|prof|report|tls-keylog|trace-event)/;

/** Variables by which the system's loader puts code into every program, or Node logs what it sends. */
const ALWAYS = [
  'LD_PRELOAD',
  'LD_AUDIT',
  'DYLD_INSERT_LIBRARIES',
  'NODE_DEBUG',
  'NODE_DEBUG_NATIVE',
] as const;

/** The name under which set aside variables are handed to the clean process; a child never sees it. */
export const SET_ASIDE = 'TWVAULT_SET_ASIDE';

/**
 * The variables that would expose this process. A `--require` by itself is none: people use it for their proxies and
 * certificates, and whoever can set it can run twvault as well.
 */
export function exposingVariables(env: Variables): readonly string[] {
  const found: string[] = ALWAYS.filter((name) => env[name]);
  if (env.NODE_OPTIONS && EXPOSING.test(asNodeReads(env.NODE_OPTIONS))) found.push('NODE_OPTIONS');
  return found;
}

/**
 * What did not apply to twvault itself and is the command's again.
 * @throws Failure exit 2 where somebody else has written the variable
 */
export function setAside({ [SET_ASIDE]: text }: Variables): [string, string][] {
  if (!text) return [];
  const entries = Object.entries(parsed(text) ?? {});
  if (entries.length > 0 && entries.every(isSetAside)) return entries;
  throw usage(`${SET_ASIDE} holds what twvault has not written`, [`it is twvault's own: unset ${SET_ASIDE}`]);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isSetAside(entry: [string, unknown]): entry is [string, string] {
  const [name, value] = entry;
  return [...ALWAYS, 'NODE_OPTIONS'].includes(name) && typeof value === 'string' && !value.includes('\0');
}

/** Without quotes, and without the backslashes between them; an underscore in an option is a hyphen. */
function asNodeReads(options: string): string {
  return options
    .replace(/"((?:\\.|[^"\\])*)"?/gs, (_, quoted: string) => quoted.replace(/\\(.)/gs, '$1'))
    .replaceAll('_', '-');
}
