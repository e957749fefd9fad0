/** Answers which line (counted from 1) an offset of the text stands on. Lines end with LF, CR LF or CR. */
export function lineFinder(text: string): (offset: number) => number {
  const starts = [0];
  const ends = /\r\n|\n|\r/g;
  while (ends.exec(text)) starts.push(ends.lastIndex);
  return (offset) => {
    let low = 0;
    for (let high = starts.length; high - low > 1; ) {
      const middle = (low + high) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}

/** The offset behind the line end at or after `offset`; the text's end where there is none. */
export function endOfLine(text: string, offset: number): number {
  const end = /\r\n|\n|\r/g;
  end.lastIndex = offset;
  return end.exec(text) ? end.lastIndex : text.length;
}

/** The offset where the line that `offset` stands on begins. */
export function startOfLine(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && text[start - 1] !== '\n' && text[start - 1] !== '\r') start -= 1;
  return start;
}
