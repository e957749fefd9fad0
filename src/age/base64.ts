/** Encodes bytes as unpadded standard base64 (spec: "Conventions"). */
export function encodeBase64(bytes: Uint8Array): string {
  const padded = view(bytes).toString('base64');
  const padding = padded.indexOf('=');
  return padding < 0 ? padded : padded.slice(0, padding);
}

/**
 * Decodes unpadded standard base64, or gives null for anything but its canonical form. Node's own decoder
 * skips what it does not know, so the text is encoded again and compared.
 */
export function decodeBase64(text: string): Uint8Array | null {
  const bytes = Buffer.from(text, 'base64');
  return encodeBase64(bytes) === text ? bytes : null;
}

function view(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
