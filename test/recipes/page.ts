import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../../docs/recipes');

/** A recipe as it is written, and the blocks of it that a test can use. */
export interface Page {
  readonly text: string;
  /** Commands marked as `run`, in their order. */
  readonly commands: readonly string[];
  /** Blocks marked as `file=NAME`. */
  readonly files: ReadonlyMap<string, string>;
}

export function readPage(name: string): Page {
  const text = readFileSync(join(FOLDER, `${name}.md`), 'utf8');
  const blocks = [...text.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(([, info = '', body = '']) => ({
    info,
    body,
  }));
  return {
    text,
    commands: blocks.filter(({ info }) => /\brun\b/.test(info)).map(({ body }) => body),
    files: new Map(
      blocks.flatMap(({ info, body }) => {
        const file = /\bfile=(\S+)/.exec(info)?.[1];
        return file === undefined ? [] : [[file, body] as const];
      }),
    ),
  };
}

/** The text of the file that a page shows. */
export function fileOf(page: Page, name: string): string {
  const text = page.files.get(name);
  if (text === undefined) throw new Error(`the recipe shows no ${name}`);
  return text;
}
