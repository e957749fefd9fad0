import { usage } from '../failure.ts';
import { PRESETS } from '../profile/fields.ts';
import { printable } from '../profile/names.ts';
import { type CustomPresets, type FieldNames, namesIn } from '../profile/preset.ts';
import { homePresets } from '../vault/presets.ts';

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
