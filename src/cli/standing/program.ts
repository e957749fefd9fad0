import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../failure.ts';
import { textAt } from '../../intake/read.ts';
import { DEFAULT_PRESET, type FieldName, PRESETS, type Preset, presetNames } from '../../profile/fields.ts';

/** Files that start a bot, the likeliest first, and what runs them. */
const PROGRAMS = [
  ['python3', ['bot.py', 'main.py', 'app.py', 'tweet.py', 'run.py']],
  ['node', ['bot.js', 'index.js', 'app.js', 'main.js', 'bot.mjs', 'index.mjs', 'main.mjs']],
] as const;

/** The command line that seems to start the bot in a folder; a word in capitals where none does. */
export function programIn(folder: string): string {
  if (hasStartScript(join(folder, 'package.json'))) return 'npm start';
  for (const [runner, files] of PROGRAMS) {
    const file = files.find((name) => existsSync(join(folder, name)));
    if (file !== undefined) return `${runner} ${file}`;
  }
  return 'COMMAND';
}

function hasStartScript(path: string): boolean {
  try {
    return typeof JSON.parse(readFileSync(path, 'utf8')).scripts.start === 'string';
  } catch {
    return false;
  }
}

/** The preset with most of the names that stand in files, of the fields that a profile has. */
export function presetIn(files: readonly string[], fields: ReadonlySet<FieldName>): Preset {
  const words = new Set(files.flatMap((file) => textOf(file).match(/\b[A-Z][A-Z0-9_]+\b/g) ?? []));
  let best: Preset = DEFAULT_PRESET;
  const score = (preset: Preset): number =>
    [...presetNames(preset)].filter(([field, name]) => fields.has(field) && words.has(name)).length;
  for (const preset of PRESETS) if (score(preset) > score(best)) best = preset;
  return best;
}

function textOf(file: string): string {
  try {
    return textAt(file);
  } catch (error) {
    if (error instanceof Failure) return '';
    throw error;
  }
}
