/** A way in which a secret may be written, and what is written in its place. */
export interface MaskedForm {
  readonly bytes: Uint8Array;
  readonly mark: string;
}

/**
 * The ways in which programs write a value that they were given: as it is, in addresses, in headers, in JSON, in a
 * shell's words. Those that leave the value as it is fall together.
 */
export function formsOf(value: string): Set<string> {
  return new Set([
    ...linesOf(value),
    ...percentForms(value),
    ...base64Forms(value),
    ...jsonForms(value),
    ...shellForms(value),
  ]);
}

/** A terminal writes the ends of lines with a carriage return. */
function linesOf(value: string): string[] {
  return [value, value.replace(/\r?\n/g, '\r\n')];
}

/**
 * As in RFC 3986 with and without slashes, as browsers' functions, as in forms; twice, as in the base string of
 * OAuth 1.0a.
 */
function percentForms(value: string): string[] {
  const wellFormed = Buffer.from(value).toString(); // half a surrogate pair cannot be encoded
  const once = [encodeURIComponent, strictly, withSlashes, withPlus, encodeURI, form].map((encode) =>
    encode(wellFormed),
  );
  const all = [...once, ...once.map(strictly)];
  return [...all, ...all.map(lowerHex)];
}

const strictly = (text: string): string => encodeURIComponent(text).replace(/[!'()*]/g, percent);
const withSlashes = (text: string): string => strictly(text).replaceAll('%2F', '/');
const withPlus = (text: string): string => strictly(text).replaceAll('%20', '+');
const percent = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
const form = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);
const lowerHex = (text: string): string => text.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase());

/** By itself, and somewhere in a longer text, where it may begin with any of the three bytes of a group. */
function base64Forms(value: string): string[] {
  const bytes = Buffer.from(value);
  const within = [0, 1, 2].map((before) => base64Within(bytes, before));
  return [...base64Texts(bytes), ...within, ...within.map(forUrls)];
}

/** Where `openssl base64` breaks lines, and `base64`, MIME and Python do. */
const WIDTHS = [64, 76];

/** How bytes are written by themselves: with and without padding, for URLs, in lines. */
export function base64Texts(bytes: Buffer): string[] {
  const whole = bytes.toString('base64');
  const inLines = WIDTHS.flatMap((width) => ['\n', '\r\n'].map((end) => brokenAt(whole, width, end)));
  const bare = whole.replace(/=+$/, '');
  return [whole, bare, forUrls(whole), forUrls(bare), ...inLines];
}

const forUrls = (text: string): string => text.replaceAll('+', '-').replaceAll('/', '_');

const brokenAt = (text: string, width: number, end: string): string =>
  (text.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join(end);

/** The characters of base64 that depend on these bytes alone, with some bytes before them in their group. */
function base64Within(bytes: Buffer, before: number): string {
  const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
  return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
}

/** As JSON.stringify, with escaped slashes, in ASCII alone, safe in HTML; and a JSON text in a JSON text. */
function jsonForms(value: string): string[] {
  const plain = jsonEscaped(value);
  const ascii = plain.replace(/[\u007f-\uffff]/g, unicode);
  const html = plain.replace(/[<>&'\u2028\u2029]/g, unicode);
  const upper = [ascii, html].map((form) =>
    form.replace(/\\u[0-9a-f]{4}/g, (text) => `\\u${text.slice(2).toUpperCase()}`),
  );
  const all = [plain, ascii, html, ...upper];
  const slashed = all.map((text) => text.replaceAll('/', '\\/'));
  return [...all, ...slashed, jsonEscaped(plain)];
}

const jsonEscaped = (text: string): string => JSON.stringify(text).slice(1, -1);
const unicode = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Within single quotes, within double quotes, with a backslash before each character that means something. */
function shellForms(value: string): string[] {
  return [
    value.replaceAll("'", "'\\''"),
    value.replaceAll("'", `'"'"'`),
    value.replace(/[$`"\\]/g, '\\$&'),
    value.replace(/[$`"\\!]/g, '\\$&'),
    value.replace(/[\s'"\\|&;()<>!{}*[\]?^$`]/g, '\\$&'),
    value.replace(/[\s'"\\|&;()<>!{}*[\]?^$`,]/g, '\\$&'),
    value.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t').replaceAll('\r', '\\r'),
  ];
}
