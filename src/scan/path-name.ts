const REPLACEMENT = '\ufffd';

/** A path of the file system as text: what is not UTF-8 in it shows as `\xNN`. */
export function nameOfPath(path: Buffer): string {
  const text = path.toString('utf8');
  if (!text.includes(REPLACEMENT) || Buffer.from(text).equals(path)) return text;
  return path.toString('latin1').replace(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);
}
