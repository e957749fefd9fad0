// What X answers when something is wrong, in its own shapes. A test hands one to the stand-in as a fault.

const PROBLEMS = 'https://api.twitter.com/2/problems/';

/** @param {number} status @param {number} code @param {string} message */
const v1 = (status, code, message) => ({ status, body: { errors: [{ code, message }] } });

/** @param {number} status @param {string} title @param {string} type @param {object} [more] */
const v2 = (status, title, type, more = {}) => ({
  status,
  headers: { 'content-type': 'application/problem+json' },
  body: { title, detail: title, type, status, ...more },
});

/** @type {Record<string, import('./server.d.mts').Answer>} */
export const SIGNALS = {
  signatureRejected: v1(401, 32, 'Could not authenticate you.'),
  tokenRevoked: v1(401, 89, 'Invalid or expired token.'),
  timestamp: v1(401, 135, 'Timestamp out of bounds.'),
  malformed: v1(400, 215, 'Bad Authentication data.'),
  unauthorized: v2(401, 'Unauthorized', 'about:blank'),
  wrongAppPair: v1(403, 99, 'Unable to verify your credentials'),
  notEnrolled: v2(403, 'Client Forbidden', `${PROBLEMS}client-forbidden`, {
    reason: 'client-not-enrolled',
    required_enrollment: 'Appropriate Level of API Access',
  }),
  planLacksEndpoint: v1(403, 453, 'You currently have access to a subset of X API V2 endpoints.'),
  mayNotWrite: v1(403, 261, 'Application cannot perform write actions.'),
  permissions: v2(403, 'Forbidden', `${PROBLEMS}oauth1-permissions`),
  unsupportedAuthentication: v2(403, 'Unsupported Authentication', `${PROBLEMS}unsupported-authentication`),
  outOfCredits: v2(402, 'CreditsDepleted', `${PROBLEMS}credits`),
  unauthorizedClient: {
    status: 401,
    body: { error: 'unauthorized_client', error_description: 'Missing valid authorization header' },
  },
  callbackNotRegistered: v1(403, 415, 'Callback URL not approved for this client application.'),
  oobNotAllowed: v1(403, 417, 'Desktop applications only support the oauth_callback value oob'),
  accountSuspended: v1(403, 64, 'Your account is suspended and is not permitted to access this feature.'),
  accountLocked: v1(403, 326, 'To protect our users from spam, this account is temporarily locked.'),
  appSuspended: v1(403, 416, 'Invalid / suspended application'),
  rateLimited: v1(429, 88, 'Rate limit exceeded'),
  forbidden: v2(403, 'Forbidden', 'about:blank'),
  overCapacity: v1(503, 130, 'Over capacity'),
  emptyHanded: {
    status: 200,
    body: { errors: [{ title: 'Not Found Error', type: `${PROBLEMS}resource-not-found` }] },
  },
};
