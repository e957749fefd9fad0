/** What to run: the file, the name it is called by, its arguments, and its whole environment. */
export interface Command {
  readonly file: string;
  readonly name: string;
  readonly args: readonly string[];
  readonly env: Record<string, string>;
}
