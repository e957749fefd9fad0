import { createHash } from 'node:crypto';

/**
 * Values that everyone may know and many have copied, which are no leak of anybody: the first 16 hexadecimal digits
 * of their SHA-256, so that this file is no finding itself.
 */
const DIGESTS = new Set([
  // X's guides to signing and to application-only requests
  '8e0628300c16fe38',
  'df0696d1c80b53fa',
  '0e04efa6bc7d2d51',
  '5aac38e542b76b97',
  '819994820a8ec7d6',
  'b390e2e57c227c07',
  'bd675a204f93638c',
  // X's guides to signing in
  'ce9dcd929b61415a',
  'ca0805c498879834',
  '07e0af54f9545558',
  'ce9dd0992e27554a',
  '89966d9085f678c2',
  '616fe34ce8031621',
  '74878a808fc945f0',
  'bfaf2b987c05e6d3',
  // the same as requests-oauthlib's guide has them
  '7b80ae37db0e5196',
  // the first guides, of 2010
  '4a4b805b92e737a1',
  'c70776c1ab86c4d2',
  '46804ea1cd86cb8a',
  'f6eca49d1a5a318d',
  'b67188b03721dff1',
  '760e778aa414dfea',
  'ce9b7069f5a88d93',
  '3e39f998184a0704',
  // X's web client, sent to every visitor
  '11d3072e6af2d409',
  'a3e5e2d0b256b382',
  '1b695d63fd5c187e',
  // X's own applications, in every copy of them
  'b0e40d67f0e16357',
  '99d3f3ef0702de2e',
  'd954d06219faa19b',
  '639c3e5cbe1fb004',
  '39296f09e192b55b',
  'ccedc559b1d1ac9f',
  '33a58e64c083b346',
  '1519fb06423cb2f0',
  'f5cc021c3d2a9e0e',
  '3c153b50b48453a8',
  // X's guides to OAuth 2.0
  '7ad22df19b04d65b',
  'e10090f31f4488fb',
]);

/** Whether a value is known to be public. */
export function isPublic(value: string): boolean {
  return DIGESTS.has(createHash('sha256').update(value, 'latin1').digest('hex').slice(0, 16));
}
