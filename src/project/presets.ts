import { join } from 'node:path';
import { failed, usage } from '../failure.ts';
import { PRESETS } from '../profile/fields.ts';
import type { Json } from '../profile/json.ts';
import { printable } from '../profile/names.ts';
import { type CustomPresets, type FieldNames, namesIn, presetsFrom } from '../profile/preset.ts';
import { readPrivate } from '../system/files.ts';

const LIMIT = 64 * 1024;

/**
 * The fields' names in a preset that is not built in: the project's, then those of the vault's home.
 * @throws Failure exit 2 where there is none of that name
 */
export function customPreset(preset: string, project: CustomPresets | undefined, home: string): FieldNames {
  const own = homePresets(home);
  const names = namesIn(preset, project, own);
  if (names) return names;
  const known = [...PRESETS, ...(project?.keys() ?? []), ...own.keys()];
  throw usage(`there is no preset ${printable(preset)}`, [`presets: ${[...new Set(known)].join(', ')}`]);
}

/**
 * The presets in presets.json of the vault's home.
 * @throws Failure exit 1 naming the file where it is damaged, or somebody else could have written it
 */
function homePresets(home: string): CustomPresets {
  const path = join(home, 'presets.json');
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
