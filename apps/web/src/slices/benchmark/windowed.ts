/** What lies near what was read is read at once: a page of events is many small reads. */
const windowBytes = 1024 * 1024;

type ReadRange = (start: number, end: number) => Promise<Uint8Array>;

/** The same bytes by fewer, larger reads; `size` says where they end. */
export function windowed(read: ReadRange, size: () => number): ReadRange {
  let window = { from: 0, bytes: new Uint8Array() };
  return async (start, end) => {
    if (start < window.from || end > window.from + window.bytes.length) {
      const to = Math.min(size(), Math.max(end, start + windowBytes));
      window = { from: start, bytes: new Uint8Array(await read(start, to)) };
    }
    return window.bytes.slice(start - window.from, end - window.from);
  };
}
