import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { Plugin } from 'rolldown';

const NAME = 'virtual:shell-texts';
const ID = `\0${NAME}`;
const FOLDER = join(import.meta.dirname, '../shell');

/** Gives the module `virtual:shell-texts`: the files of shell/ by their paths there, for a program without files beside it. */
export function shellTexts(): Plugin {
  return {
    name: 'shell-texts',
    resolveId: (id) => (id === NAME ? ID : undefined),
    load: (id) => (id === ID ? `export default ${JSON.stringify(Object.fromEntries(texts()))};` : undefined),
  };
}

function texts(): [string, string][] {
  return readdirSync(FOLDER, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => [path.slice(FOLDER.length + 1).replaceAll(sep, '/'), readFileSync(path, 'utf8')]);
}
