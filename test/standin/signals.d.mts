import type { Answer } from './server.mjs';

export type SignalName =
  | 'signatureRejected'
  | 'tokenRevoked'
  | 'timestamp'
  | 'malformed'
  | 'unauthorized'
  | 'wrongAppPair'
  | 'notEnrolled'
  | 'planLacksEndpoint'
  | 'mayNotWrite'
  | 'permissions'
  | 'unsupportedAuthentication'
  | 'outOfCredits'
  | 'unauthorizedClient'
  | 'callbackNotRegistered'
  | 'oobNotAllowed'
  | 'accountSuspended'
  | 'accountLocked'
  | 'appSuspended'
  | 'rateLimited'
  | 'forbidden'
  | 'overCapacity'
  | 'emptyHanded';

/** What X answers when something is wrong, by a name for it. */
export const SIGNALS: Readonly<Record<SignalName, Answer>>;
