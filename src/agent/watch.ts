import { type BigIntStats, lstatSync } from 'node:fs';
import { looseMode, readPrivate } from '../system/files.ts';
import { type AgentPlace, pathsOf } from './place.ts';
import { areSameWriters, type TokenFile } from './token-file.ts';

/** Says, whenever it is asked, whether the agent's folder, socket and token are still those of now. */
export function untouched(place: AgentPlace): () => boolean {
  const { directory } = place;
  // A removed file's inode number may be given to the next one; the time of its last change is then another.
  const state = () => [
    nodeOf(directory)?.ino,
    ...pathsOf(place)
      .map(nodeOf)
      .flatMap((node) => [node?.ino, node?.ctimeNs]),
  ];
  const before = state();
  return () => looseMode(directory) === undefined && state().every((value, index) => value === before[index]);
}

function nodeOf(path: string): BigIntStats | undefined {
  return lstatSync(path, { bigint: true, throwIfNoEntry: false });
}

const LIMIT = 64 * 1024;

/** Whether a vault.json still names this vault and these writers, and profiles in files. */
export function stillNames(
  config: string,
  { vault, writers }: Pick<TokenFile, 'vault' | 'writers'>,
): boolean {
  try {
    const named = JSON.parse(String(readPrivate(config, LIMIT))) as Named;
    const newest = named.successor === undefined ? [] : [named.successor.writer];
    const isInFiles = named.vault === vault && named.store === 'file';
    return isInFiles && areSameWriters([...newest, named.writer], writers);
  } catch {
    return false;
  }
}

/** Of vault.json (docs/format.md); a successor is named while the identity is exchanged. */
interface Named {
  readonly vault?: unknown;
  readonly store?: unknown;
  readonly writer?: unknown;
  readonly successor?: { readonly writer?: unknown };
}
