import { Failure, usage } from '../../failure.ts';
import { isProfileName, printable, variableName } from '../../profile/names.ts';
import { knownName, mappingOf, refuseRefreshToken } from './request.ts';

/** A variable that gets one value of one profile. */
export interface Reference {
  readonly variable: string;
  /** Absent where the chosen profile is meant. */
  readonly profile?: string;
  /** The field or the extra. */
  readonly name: string;
  /** Where it stands, and how, for messages. */
  readonly place: string;
  readonly text: string;
}

const SCHEME = 'twvault://';

/** NAME=PROFILE/FIELD, as `--env` takes it. */
export function optionReference(text: string): Reference {
  const at = text.indexOf('/');
  const equals = text.indexOf('=');
  const profile = checkedProfile(text.slice(equals + 1, at));
  const [variable, name] = mappingOf(`${text.slice(0, equals + 1)}${text.slice(at + 1)}`);
  refuseRefreshToken(name);
  return { variable, profile, name, place: '--env', text: `${profile}/${name}` };
}

/**
 * The reference that a value is: `twvault://PROFILE/NAME`, or `twvault://NAME` or `twvault:///NAME` for the chosen
 * profile. Undefined where it is none.
 * @throws Failure exit 2 where it is not a whole one
 */
export function fileReference(variable: string, value: string, place: string): Reference | undefined {
  if (!value.includes(SCHEME)) return undefined;
  if (!value.startsWith(SCHEME)) {
    throw usage(`${place}: a reference stands for a whole value, not within one`, [
      'store the whole text as an extra, and refer to that',
    ]);
  }
  const parts = value.slice(SCHEME.length).split('/');
  const [name = '', profile = ''] = parts.reverse();
  if (parts.length > 2) throw usage(`${place}: a reference is ${SCHEME}PROFILE/FIELD`);
  const text = `${SCHEME}${profile && `${printable(profile)}/`}${printable(name)}`;
  try {
    refuseRefreshToken(knownName(name));
    const owner = profile === '' ? {} : { profile: checkedProfile(profile) };
    return { variable: variableName(variable), ...owner, name, place, text };
  } catch (error) {
    throw explained({ place, text }, error);
  }
}

function checkedProfile(text: string): string {
  if (!isProfileName(text)) throw usage(`${printable(text)} is not a profile's name`);
  return text;
}

/** An error with the place of the reference that it is about. */
export function explained({ place, text }: Pick<Reference, 'place' | 'text'>, error: unknown): unknown {
  if (!(error instanceof Failure)) return error;
  return new Failure(error.exitCode, `${place}: ${text}: ${error.message}`, error.hints, error);
}
