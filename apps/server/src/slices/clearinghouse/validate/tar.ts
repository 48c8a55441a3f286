import { concatBytes, utf8 } from '@breakwater/kernel';

/** A file of an archive; the name is ours, or was checked when the recipe came in. */
export interface TarFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const block = 512;

/**
 * An archive of plain files (POSIX.1-2001, pax, ustar interchange format). Without times or owners,
 * so that the same files are the same bytes. Throws on a name that climbs or is over 1,000 long.
 */
export function tarOf(files: readonly TarFile[]): Uint8Array {
  const parts = files.flatMap(({ name, bytes }) => {
    if (name.length > nameMax || /^\/|(^|\/)\.\.(\/|$)/.test(name)) {
      throw new RangeError(`a name of an archive that is short and stays inside, got ${name}`);
    }
    const fits = utf8(name).length <= 100;
    return [
      ...(fits ? [] : entryOf('x', longName, utf8(recordOf(name)))),
      ...entryOf('0', fits ? name : longName, bytes),
    ];
  });
  return concatBytes(...parts, new Uint8Array(2 * block));
}

const nameMax = 1_000;
/** Stands where a name does not fit; the record before it has the name. */
const longName = 'long-name';

/** The extended header record that gives the next entry its name: its length counts itself. */
function recordOf(name: string): string {
  const rest = ` path=${name}\n`;
  const size = utf8(rest).length;
  let length = size + 1;
  while (String(length).length + size !== length) length += 1;
  return `${length}${rest}`;
}

function entryOf(kind: '0' | 'x', name: string, bytes: Uint8Array): readonly Uint8Array[] {
  const padding = new Uint8Array((block - (bytes.length % block)) % block);
  return [headerOf(kind, name, bytes.length), bytes, padding];
}

function headerOf(kind: '0' | 'x', name: string, size: number): Uint8Array {
  const header = new Uint8Array(block);
  const put = (at: number, text: string) => header.set(utf8(text), at);
  put(0, name);
  put(100, '0000644\0');
  put(108, '0000000\0');
  put(116, '0000000\0');
  put(124, `${size.toString(8).padStart(11, '0')}\0`);
  put(136, '00000000000\0');
  put(148, '        ');
  put(156, kind);
  put(257, 'ustar\x0000');
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(148, `${sum.toString(8).padStart(6, '0')}\0 `);
  return header;
}
