/** Text for one line: what would not show, or would steer a terminal, shows as an escape. */
export function onOneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    const json = JSON.stringify(character).slice(1, -1);
    if (json !== character) return json;
    return `\\u{${character.codePointAt(0)?.toString(16)}}`;
  });
}
