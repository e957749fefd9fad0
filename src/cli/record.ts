import { usage } from '../failure.ts';
import { profileFromJson } from '../profile/codec.ts';
import { FormatError, type Json, object, parseCanonical } from '../profile/json.ts';
import type { Profile } from '../profile/profile.ts';

/**
 * The profile in a record as `age -d` prints it; undefined for any other text. The signature is not looked at: this is
 * for a vault whose identity is lost, and the user chose the file.
 * @throws Failure exit 2 where the record is cut or altered
 */
export function profileInRecord(text: string): Profile | undefined {
  if (!text.startsWith('{"body":{"format":"twvault-record-1"')) return undefined;
  try {
    const body = object(object(parseCanonical(text.trimEnd()), 'the record').get('body'), 'body');
    return profileFromJson(body.get('profile') as Json);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw usage(`the input is no whole record of a profile: ${error.message}`);
  }
}
