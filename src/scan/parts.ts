/** The parts of bytes that each end with the given byte, without it. What follows the last one is a part too, if there is any. */
export function* partsOf(bytes: Buffer, ending: number): Generator<Buffer> {
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(ending, start);
    yield bytes.subarray(start, end === -1 ? bytes.length : end);
    start = end === -1 ? bytes.length : end + 1;
  }
}
