/** One recipient stanza of a header (spec: "Recipient stanza"): `-> type args...` and its decoded body. */
export interface Stanza {
  /** The first argument, which names the recipient type: `X25519`, `scrypt`. */
  readonly type: string;
  /** The arguments after the type, as written. */
  readonly args: readonly string[];
  /** The body, decoded from base64. */
  readonly body: Uint8Array;
}
