import { EXPOSING_VARIABLES } from '#installation/process';
import { usage } from '../failure.ts';
import type { Variables } from '../system/paths.ts';

/** Variables by which the system's loader puts code into every program. */
const LOADER = ['LD_PRELOAD', 'LD_AUDIT', 'DYLD_INSERT_LIBRARIES'] as const;

/** The name under which set aside variables are handed to the clean process; a child never sees it. */
export const SET_ASIDE = 'TWVAULT_SET_ASIDE';

/** The variables that would expose this process. */
export function exposingVariables(env: Variables): readonly string[] {
  const ofRuntime = Object.entries(EXPOSING_VARIABLES).filter(([name, holds]) =>
    holds.test(asNodeReads(env[name] ?? '')),
  );
  return [...LOADER.filter((name) => env[name]), ...ofRuntime.map(([name]) => name)];
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
  const isKnown = [...LOADER, ...Object.keys(EXPOSING_VARIABLES)].includes(name);
  return isKnown && typeof value === 'string' && !value.includes('\0');
}

/** Without quotes, and without the backslashes between them; an underscore in an option is a hyphen. */
function asNodeReads(options: string): string {
  return options
    .replace(/"((?:\\.|[^"\\])*)"?/gs, (_, quoted: string) => quoted.replace(/\\(.)/gs, '$1'))
    .replaceAll('_', '-');
}
