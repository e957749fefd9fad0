import { readFileSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { systemCode, usage } from '../failure.ts';
import { fileFailure } from '../system/files.ts';
import type { Assignment } from './assignment.ts';
import { readDotenv } from './dotenv.ts';
import { readJavaScript } from './javascript.ts';
import { readJson } from './json.ts';
import { readPython } from './python.ts';

const LIMIT = 1024 * 1024;

/** Every format by the endings of its files. A new one is a file beside this and a line here. */
const BY_EXTENSION: Record<string, (text: string) => Assignment[]> = {
  '.py': readPython,
  '.js': readJavaScript,
  '.mjs': readJavaScript,
  '.cjs': readJavaScript,
  '.ts': readJavaScript,
  '.json': readJson,
  '.env': readDotenv,
};

/** What a text without a file name assigns: JSON where it begins like it, dotenv lines otherwise. */
export function readText(text: string): Assignment[] {
  const plain = text.replace(/^\ufeff/, '');
  return plain.trimStart().startsWith('{') ? readJson(plain) : readDotenv(plain);
}

/**
 * What a file assigns, by its ending, or by its content where the ending says nothing.
 * @throws Failure naming the file
 */
export function readFile(path: string): Assignment[] {
  const text = contentOf(path);
  const reader = BY_EXTENSION[extname(path).toLowerCase()];
  return reader ? reader(text.replace(/^\ufeff/, '')) : readText(text);
}

function contentOf(path: string): string {
  try {
    const stat = statSync(path);
    if (!stat.isFile()) throw usage(`${path} is not a file`);
    if (stat.size > LIMIT) throw usage(`${path} is too large (at most 1 MiB)`);
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw systemCode(error) ? fileFailure('read', path, error) : error;
  }
}
