/** Canaries of one model. */
export const canariesMax = 100;

export const refusals = {
  alreadyClosed: {
    code: 'already-closed',
    expected: 'an incident that is open',
    got: 'one that was closed',
    todo: 'read what it came to; what the watch says later raises another',
  },
  tooManyCanaries: {
    code: 'too-many',
    expected: `at most ${canariesMax} canaries of a model`,
    got: 'one more',
    todo: 'remove one that is watched for no more',
  },
  noSuchCanary: {
    code: 'no-such-canary',
    expected: 'a string that is watched for',
    got: 'one that is not',
    todo: 'list your canaries, and send the digest as it stands there',
  },
} as const;
