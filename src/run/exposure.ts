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
  if (env.NODE_OPTIONS && EXPOSING.test(env.NODE_OPTIONS)) found.push('NODE_OPTIONS');
  return found;
}
