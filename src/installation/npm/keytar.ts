import type { Keytar } from '../ports.ts';

/** The native module for the keychain. @throws where it is not installed, or does not load */
export const loadKeytar = async (): Promise<Keytar> => (await import('keytar')).default;
