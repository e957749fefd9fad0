/** Why X refuses a request: its HTTP status, its own error code, and its words. */
export class Problem extends Error {
  /** @param {number} status @param {number} code @param {string} message */
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
    /** @type {object | undefined} */
    this.document = undefined;
  }

  /**
   * A problem that only v2 has: its body is a document without a code.
   * @param {number} status @param {object} document
   */
  static v2(status, document) {
    return Object.assign(new Problem(status, 0, 'problem'), { document });
  }

  /** v1.1 and v2 answer in shapes of their own; clients look for one or the other. */
  get body() {
    if (this.document) return this.document;
    const errors = [{ code: this.code, message: this.message }];
    return { errors, title: this.message, detail: this.message, type: 'about:blank', status: this.status };
  }
}

export const notAuthenticated = () => new Problem(401, 32, 'Could not authenticate you.');
export const invalidToken = () => new Problem(401, 89, 'Invalid or expired token.');
export const staleTimestamp = () => new Problem(401, 135, 'Timestamp out of bounds.');
export const badAuthentication = () => new Problem(400, 215, 'Bad Authentication data.');
export const notFound = () => new Problem(404, 34, 'Sorry, that page does not exist.');
/** @param {string} message */
export const badRequest = (message) => new Problem(400, 214, message);
export const unsupportedAuthentication = () =>
  Problem.v2(403, {
    title: 'Unsupported Authentication',
    detail: 'Authenticating with this kind of token is forbidden for this endpoint.',
    type: 'https://api.twitter.com/2/problems/unsupported-authentication',
    status: 403,
  });
