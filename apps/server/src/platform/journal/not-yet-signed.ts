/** Of an entry that waits for its batch; `cadenceMs` is the time from one batch to the next. */
export function notYetSigned(cadenceMs: number) {
  const seconds = Math.ceil(cadenceMs / 1000);
  return {
    code: 'not-yet-signed',
    expected: 'an entry under a signed checkpoint',
    got: `one that waits for a batch; one is signed every ${seconds} seconds`,
    todo: `look again in ${seconds} seconds`,
  } as const;
}
