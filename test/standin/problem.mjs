/** Why X refuses a request: its HTTP status, its own error code, and its words. */
export class Problem extends Error {
  /** @param {number} status @param {number} code @param {string} message */
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  /** v1.1 and v2 answer in shapes of their own; clients look for one or the other. */
  get body() {
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
