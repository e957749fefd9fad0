import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A text of shell/, by its path there. */
export const shellText = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../shell', name), 'utf8');

/** The folder that holds the texts of shell/ as files, for shells to read. */
export const shellFolder = (_home: string): string => join(import.meta.dirname, '../shell');
