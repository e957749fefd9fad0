import { createRequire } from 'node:module';
import type { Plugin } from 'rolldown';

const PREFIX = '\0lazy:';

/**
 * Has functions of a built-in module ask for it when they are first called. node:crypto takes 2.6 ms to load, and what
 * reads the index alone (`list`) never calls it.
 */
export function lazyBuiltins(...names: readonly string[]): Plugin {
  return {
    name: 'lazy-builtins',
    resolveId: (id) => (names.includes(id) ? `${PREFIX}${id}` : undefined),
    load: (id) => (id.startsWith(PREFIX) ? moduleFor(id.slice(PREFIX.length)) : undefined),
  };
}

function moduleFor(name: string): string {
  const members: Record<string, unknown> = createRequire(import.meta.url)(name);
  const functions = Object.keys(members).filter((key) => typeof members[key] === 'function');
  const lines = functions.map((key) => `export const ${key} = (...given) => builtin().${key}(...given);`);
  // Kept, because each getBuiltinModule looks at all members of the module anew.
  const builtin = `let kept; const builtin = () => (kept ??= process.getBuiltinModule(${JSON.stringify(name)}));`;
  return [builtin, ...lines].join('\n');
}
