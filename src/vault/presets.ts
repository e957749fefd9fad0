import { join } from 'node:path';
import { failed } from '../failure.ts';
import type { Json } from '../profile/json.ts';
import { type CustomPresets, presetsFrom, presetsToJson } from '../profile/preset.ts';
import { readPrivate, replaceFile } from '../system/files.ts';

const LIMIT = 64 * 1024;

const presetsPath = (home: string): string => join(home, 'presets.json');

/**
 * The presets in presets.json of a vault's home, which its user writes by hand.
 * @throws Failure exit 1 naming the file where it is damaged, or somebody else could have written it
 */
export function homePresets(home: string): CustomPresets {
  const path = presetsPath(home);
  const bytes = readPrivate(path, LIMIT);
  if (!bytes) return new Map();
  try {
    return presetsFrom(JSON.parse(bytes.toString('utf8')) as Json, 'it');
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'not JSON' : (error as Error).message;
    throw failed(
      `${path} is refused: ${reason}`,
      ['it holds presets: {"name": {"field": "VARIABLE"}}'],
      error,
    );
  }
}

/** The content of a presets.json. @throws Failure where it would be larger than one that is read */
export function presetsText(home: string, presets: CustomPresets): string {
  const text = `${JSON.stringify(presetsToJson(presets), null, 2)}\n`;
  if (Buffer.byteLength(text) <= LIMIT) return text;
  throw failed(`${presetsPath(home)} would be too large: it holds at most 64 KiB`);
}

export function writePresets(home: string, text: string): void {
  replaceFile(presetsPath(home), Buffer.from(text));
}
