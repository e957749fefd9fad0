import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { locked } from '../failure.ts';
import { descriptorOf, takeDescriptor } from '../system/descriptor.ts';
import { fileFailure } from '../system/files.ts';
import type { Variables } from '../system/paths.ts';

/** What opens a vault where nobody is asked. */
export type Opening = 'identity' | 'passphrase';

/** A secret's text, and what to call its source in an error. */
export interface Given {
  readonly text: string;
  readonly where: string;
}

type Source = (opening: Opening, env: Variables) => Given | undefined;

/** The first that has something counts. A passphrase in a variable comes after the ways that show it to fewer. */
const ORDER: Record<Opening, readonly Source[]> = {
  identity: [fromVariable, fromDescriptor, fromFile, fromCredential],
  passphrase: [fromDescriptor, fromFile, fromVariable, fromCredential],
};

/** Every way to open a vault without a person, for the hints of an error. */
export const UNATTENDED: Record<Opening, readonly string[]> = {
  identity: [
    'set TWVAULT_IDENTITY_FILE to the file that init --identity-out wrote (or a container secret, or /dev/fd/N)',
    'or TWVAULT_IDENTITY_FD to an open descriptor, TWVAULT_IDENTITY to its text, or give a unit the systemd credential twvault-identity',
  ],
  passphrase: [
    'set TWVAULT_PASSPHRASE_FILE to a file that holds the passphrase (or a container secret, or /dev/fd/N)',
    'or TWVAULT_PASSPHRASE_FD to an open descriptor, TWVAULT_PASSPHRASE to its text, or give a unit the systemd credential twvault-passphrase',
    'an identity opens the vault as well: TWVAULT_IDENTITY_FILE, TWVAULT_IDENTITY_FD or TWVAULT_IDENTITY',
  ],
};

/**
 * The identity or the passphrase that the environment gives, if any.
 * @throws Failure exit 3 where it names a source that has none
 */
export function givenText(opening: Opening, env: Variables): Given | undefined {
  for (const source of ORDER[opening]) {
    const given = source(opening, env);
    if (given) return given;
  }
  return undefined;
}

/**
 * What gives the identity or the passphrase, if anything does. Nothing is read, since a descriptor can be read only
 * once.
 */
export function sourceOf(opening: Opening, env: Variables): string | undefined {
  const variables = ['', '_FD', '_FILE'].map((suffix) => variableOf(opening, suffix));
  return (
    variables.find((name) => env[name]) ??
    (credentialOf(opening, env) && `the credential ${credentialName(opening)}`)
  );
}

const variableOf = (opening: Opening, suffix = ''): string => `TWVAULT_${opening.toUpperCase()}${suffix}`;

function fromVariable(opening: Opening, env: Variables): Given | undefined {
  const where = variableOf(opening);
  const text = env[where];
  return text ? { text, where } : undefined;
}

function fromDescriptor(opening: Opening, env: Variables): Given | undefined {
  const variable = variableOf(opening, '_FD');
  const number = env[variable];
  if (!number) return undefined;
  if (!/^\d{1,6}$/.test(number)) throw locked(`${variable} is not the number of a descriptor`);
  const where = `descriptor ${number} (${variable})`;
  return { text: takeDescriptor(Number(number), where), where };
}

function fromFile(opening: Opening, env: Variables): Given | undefined {
  const variable = variableOf(opening, '_FILE');
  const path = env[variable];
  if (!path) return undefined;
  const where = `the file that ${variable} names`;
  const hint = `${variable} holds a path; the ${opening} itself belongs in ${variableOf(opening)}`;
  return { text: readSecretFile(path, where, [hint]), where };
}

function fromCredential(opening: Opening, env: Variables): Given | undefined {
  const path = credentialOf(opening, env);
  return path === undefined ? undefined : { text: readSecretFile(path), where: path };
}

/** systemd names the folder of a unit's credentials in CREDENTIALS_DIRECTORY. */
function credentialOf(opening: Opening, env: Variables): string | undefined {
  const folder = env.CREDENTIALS_DIRECTORY;
  if (!folder) return undefined;
  const path = join(folder, credentialName(opening));
  return existsSync(path) ? path : undefined;
}

const credentialName = (opening: Opening): string => `twvault-${opening}`;

/**
 * The text of a file that a user names. Such files belong to root as often as not and may be links, so neither owner nor
 * kind is checked.
 * @param shown what an error calls it, where its path may be the secret itself, given by mistake
 * @throws Failure exit 3 where it cannot be read
 */
export function readSecretFile(path: string, shown = path, hints: readonly string[] = []): string {
  const descriptor = descriptorOf(path);
  if (descriptor !== undefined) return takeDescriptor(descriptor, path);
  try {
    // Not read as text at once: that way Node 26 aborts where closing the file fails.
    return readFileSync(path).toString('utf8');
  } catch (error) {
    throw locked(fileFailure('read', shown, error).message, hints, error);
  }
}
