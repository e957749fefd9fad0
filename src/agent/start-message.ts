import type { AgentPlace } from './place.ts';
import type { Times } from './request.ts';
import type { TokenFile } from './token-file.ts';

/** What an agent is told when it is started, as JSON on descriptor 3. */
export interface Start {
  readonly place: AgentPlace;
  readonly of: Pick<TokenFile, 'home' | 'vault' | 'writers'>;
  /** The vault's vault.json. */
  readonly config: string;
  /** `AGE-SECRET-KEY-1...`, each a writer's, in their order. */
  readonly identities: readonly string[];
  readonly times: Times;
}

/** What it answers once clients can reach it; anything else says why they cannot. */
export const READY = 'ready';
