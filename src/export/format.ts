import { type Failure, usage } from '../failure.ts';
import type { Variable } from './variable.ts';

/** A way to write variables down. */
export interface ExportFormat {
  /** For the help: who reads it. */
  readonly about: string;
  /** True where the text holds no value. */
  readonly isFreeOfValues?: boolean;
  /**
   * @param profile the profile's name
   * @throws Failure exit 2 naming a variable whose value cannot be written so; never the value
   */
  render(variables: readonly Variable[], profile: string): string;
}

/** What to say where a format has no way to write a value. */
export function unwritable({ name }: Variable, why: string): Failure {
  return usage(`${name} ${why}`, [
    'choose another format (json and shell take any value), or leave it out with --only',
  ]);
}
