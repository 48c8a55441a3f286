import { concatBytes, utf8 } from '@breakwater/kernel';

/** A file of an archive; the name is ours, or was checked when the recipe came in. */
export interface TarFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const block = 512;

/**
 * An archive of plain files (POSIX.1-2001, pax, ustar interchange format). Without times or owners,
 * so that the same files are the same bytes. Throws on a name that does not fit the header.
 */
export function tarOf(files: readonly TarFile[]): Uint8Array {
  const parts = files.flatMap(({ name, bytes }) => [
    headerOf(name, bytes.length),
    bytes,
    new Uint8Array((block - (bytes.length % block)) % block),
  ]);
  return concatBytes(...parts, new Uint8Array(2 * block));
}

function headerOf(name: string, size: number): Uint8Array {
  const header = new Uint8Array(block);
  const put = (at: number, text: string) => header.set(utf8(text), at);
  if (utf8(name).length > 100 || /^\/|(^|\/)\.\.(\/|$)/.test(name)) {
    throw new RangeError(`a name of an archive that is short and stays inside, got ${name}`);
  }
  put(0, name);
  put(100, '0000644\0');
  put(108, '0000000\0');
  put(116, '0000000\0');
  put(124, `${size.toString(8).padStart(11, '0')}\0`);
  put(136, '00000000000\0');
  put(148, '        ');
  put(156, '0');
  put(257, 'ustar\x0000');
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(148, `${sum.toString(8).padStart(6, '0')}\0 `);
  return header;
}
