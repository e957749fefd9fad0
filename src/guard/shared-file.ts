import { usage } from '../failure.ts';
import type { Place } from '../system/block.ts';
import { makeExecutable, readText, removeFile } from '../system/text-file.ts';
import { GUARD_BLOCK } from './block.ts';
import type { Done, Guard } from './guard.ts';
import { writeWithin } from './reach.ts';

export interface SharedFile {
  readonly kind: Guard['kind'];
  readonly file: string;
  /** The folders in which it may really lie. */
  readonly own: readonly string[];
  /** Where the block goes and what it says; null where the file's form does not allow it. */
  readonly insertion: (text: string) => { readonly place: Place; readonly lines: readonly string[] } | null;
  /** What to add by hand in that case. */
  readonly byHand: string;
  /** What to do after a change. */
  readonly after: string;
  readonly isScript?: boolean;
}

/** A block of ours in a file of a hook manager, which is committed and serves everyone who works on the repository. */
export function sharedFile(shared: SharedFile): Guard {
  const { kind, file } = shared;
  return {
    kind,
    file,
    isInstalled: () => GUARD_BLOCK.isIn(readText(file) ?? ''),
    install: () => install(shared),
    uninstall: () => uninstall(shared),
  };
}

function install({ file, own, insertion, byHand, after, isScript }: SharedFile): Done {
  const text = readText(file);
  if (text !== null && GUARD_BLOCK.isIn(text)) return { isChanged: false, notes: [] };
  const found = insertion(text ?? '');
  if (!found)
    throw usage(`${file} is written in a way that twvault does not change`, [`add by hand: ${byHand}`]);
  writeWithin(own, file, GUARD_BLOCK.putInto(text ?? '', found.place, found.lines));
  if (isScript && text === null) makeExecutable(file);
  return { isChanged: true, notes: [after] };
}

function uninstall({ file, own, after }: SharedFile): Done {
  const rest = GUARD_BLOCK.takeOutOf(readText(file) ?? '');
  if (!rest) return { isChanged: false, notes: [] };
  if (rest.isNew) removeFile(file);
  else writeWithin(own, file, rest.text);
  return { isChanged: true, notes: [after] };
}
