/** A name and a text found in a file or on standard input. Nothing has been cleaned or judged yet. */
export interface Assignment {
  readonly name: string;
  readonly text: string;
}
