/** Bytes from `from` to before `to`. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/**
 * The range that a Range header asks for of `size` bytes (RFC 9110, 14.1.2); null for the whole: no
 * header, another unit, several ranges at once or a form that is none, which may all be ignored
 * (14.2). `not-there` where it is well formed and holds no byte of these.
 */
export function chooseRange(
  header: string | undefined,
  size: number,
): ByteRange | null | 'not-there' {
  const form = /^bytes=[ \t]*(\d{0,15})-(\d{0,15})[ \t]*$/i.exec(header ?? '');
  const [first, last] = [form?.[1] ?? '', form?.[2] ?? ''];
  if (first === '' && last === '') return null;
  if (first === '') {
    const count = Math.min(Number(last), size);
    return count === 0 ? 'not-there' : { from: size - count, to: size };
  }
  const from = Number(first);
  const to = last === '' ? size : Math.min(Number(last) + 1, size);
  if (last !== '' && Number(last) < from) return null;
  return from >= size ? 'not-there' : { from, to };
}
