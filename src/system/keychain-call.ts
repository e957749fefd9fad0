import { loadKeytar } from '#installation/keytar';
import type { Keytar } from '../installation/ports.ts';

/** One request to the operating system's keychain. */
export type KeychainCall =
  | { readonly op: 'get' | 'delete'; readonly service: string; readonly account: string }
  | { readonly op: 'set'; readonly service: string; readonly account: string; readonly value: string }
  | { readonly op: 'probe'; readonly service: string; readonly account: string; readonly value: string };

/** The keychain's answer: a value, null for "nothing there", or what the library said. */
export type KeychainAnswer = { readonly value: string | null } | { readonly error: string };

/** A call under way, and what deals with one that will never end. */
export interface Asked {
  readonly answer: Promise<KeychainAnswer>;
  readonly abandon: () => void;
}

/** The text that stands for "the native module is not there", beside the library's own messages. */
export const NOT_INSTALLED = 'keytar is not installed';

/**
 * Performs a call through keytar in this process. It can block for ever (a locked keychain that shows a dialog),
 * so callers bound it. `delete` answers null where there was nothing to delete.
 *
 * findCredentials is never called: on a locked collection without a display it crashes the process
 * (atom/node-keytar#477).
 */
export async function perform(call: KeychainCall): Promise<KeychainAnswer> {
  try {
    const keytar = await load();
    return { value: await answer(keytar, call) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : 'unknown error' };
  }
}

async function answer(keytar: Keytar, call: KeychainCall): Promise<string | null> {
  const { service, account } = call;
  switch (call.op) {
    case 'get':
      return keytar.getPassword(service, account);
    case 'delete':
      return (await keytar.deletePassword(service, account)) ? '' : null;
    case 'set':
      await keytar.setPassword(service, account, call.value);
      return '';
    case 'probe': {
      await keytar.setPassword(service, account, call.value);
      const value = await keytar.getPassword(service, account);
      await keytar.deletePassword(service, account);
      return value;
    }
  }
}

async function load(): Promise<Keytar> {
  try {
    return await loadKeytar();
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND') throw new Error(NOT_INSTALLED);
    throw error;
  }
}
