import { Block } from '../system/block.ts';

/** The guard's part in a hook, and in the configuration of a hook manager. */
export const GUARD_BLOCK = new Block('guard');
