import { join } from 'node:path';
import { FormatError, type Json, type Members, object, only } from '../profile/json.ts';
import { readPrivate, removePrivate, replaceFile } from '../system/files.ts';

const LIMIT = 1024 * 1024;

interface NoteOptions<T> {
  /** The file's name in the home. */
  readonly file: string;
  readonly format: string;
  /** The members beside `format`. */
  readonly members: string;
  /** @throws FormatError where they are not what they should be */
  readonly from: (members: Members) => T;
}

/** A file in a home that says what was begun there, until it is done. Nothing of it is secret. */
export class Note<T extends object> {
  readonly #options: NoteOptions<T>;

  constructor(options: NoteOptions<T>) {
    this.#options = options;
  }

  path(home: string): string {
    return join(home, this.#options.file);
  }

  write(home: string, content: T): void {
    const text = `${JSON.stringify({ format: this.#options.format, ...content }, null, 2)}\n`;
    replaceFile(this.path(home), Buffer.from(text));
  }

  remove(home: string): void {
    removePrivate(this.path(home));
  }

  /** What it says; null where there is none, `damaged` where nobody can tell. */
  read(home: string): T | 'damaged' | null {
    const bytes = readPrivate(this.path(home), LIMIT);
    if (!bytes) return null;
    try {
      return this.#contentOf(JSON.parse(bytes.toString('utf8')) as Json);
    } catch (error) {
      if (error instanceof FormatError || error instanceof SyntaxError) return 'damaged';
      throw error;
    }
  }

  #contentOf(value: Json): T {
    const { format, members: names, from } = this.#options;
    const members = object(value, 'the note');
    only(members, 'the note', `format ${names}`);
    if (members.get('format') !== format) throw new FormatError('the note is not known');
    return from(members);
  }
}
