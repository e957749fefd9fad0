const REPLACEMENT = '\ufffd';

/** A path of the file system as text: what is not UTF-8 in it shows as `\xNN`. */
export function nameOfPath(path: Buffer): string {
  const text = path.toString('utf8');
  if (!text.includes(REPLACEMENT) || Buffer.from(text).equals(path)) return text;
  return path.toString('latin1').replace(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);
}

/** A path for one line of text: what would not show, or would steer a terminal, shows as an escape. */
export function onOneLine(name: string): string {
  return name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    const json = JSON.stringify(character).slice(1, -1);
    if (json !== character) return json;
    return `\\u{${character.codePointAt(0)?.toString(16)}}`;
  });
}
