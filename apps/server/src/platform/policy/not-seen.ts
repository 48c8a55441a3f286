/**
 * What the keeper of a suite, the sides of an engagement, or who keeps a file let others see, and no
 * coordinator; what these words name is no other's.
 */
const kept = new RegExp(
  '^(?:an? )?(?:suite|run|item|sample|transcript|log|engagement|terms|plan|window|grant|use|' +
    'rule|file|determination)$',
);

/**
 * The answer to whoever asks for what is not there or not theirs: the two must look alike.
 *
 * @param what the thing with its article, such as `a case`.
 */
export function notSeen(what: string) {
  return {
    code: 'not-found',
    expected: `${what} that you may see`,
    got: 'none with this id',
    todo: kept.test(what)
      ? 'check the id, or ask whoever keeps it to let you see it'
      : 'check the id, or ask the coordinator whether it was shared with you',
  } as const;
}
