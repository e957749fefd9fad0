import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Looks for secrets in every file below a folder, plain and encoded.
 * @returns {{searched: number, found: string[]}} how many files there are, and those that hold a secret
 */
export function search(folder, secrets) {
  const needles = needlesFor(secrets);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return { searched: files.length, found: files.filter((file) => holds(readFileSync(file), needles)) };
}

/** Whether a text shows one of the secrets. */
export function shows(text, secrets) {
  return holds(Buffer.from(text), needlesFor(secrets));
}

function holds(content, needles) {
  return needles.some((needle) => content.includes(needle));
}

function needlesFor(secrets) {
  return [...new Set(secrets.flatMap((secret) => [secret, ...percentEncoded(secret), ...base64(secret)]))];
}

function percentEncoded(secret) {
  const everyByte = [...Buffer.from(secret)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  return [encodeURIComponent(secret), everyByte, everyByte.toUpperCase()];
}

/** As it looks inside a longer text too: three alignments, less the characters that depend on the neighbours. */
function base64(secret) {
  return [0, 1, 2].flatMap((shift) => {
    const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(secret)]);
    const whole = bytes.subarray(0, bytes.length - (bytes.length % 3));
    const from = shift === 0 ? 0 : 4;
    return [whole.toString('base64').slice(from), whole.toString('base64url').slice(from)];
  });
}
