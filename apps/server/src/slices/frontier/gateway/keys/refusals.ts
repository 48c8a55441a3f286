/** Keys that ever stood on one grant or partnership. */
export const keysEverMax = 10_000;

/** Every refusal about keys but those of their limits. */
export const refusals = {
  notActive: {
    code: 'not-active',
    expected: 'a grant or a partnership that is active',
    got: 'one of which something is missing',
    todo: 'see the grant or the partnership: it lists what is missing',
    pointer: '/standsOn',
  },
  nothingAllotted: {
    code: 'nothing-allotted',
    expected: 'a window or tier for which its developer stated what it gives through the gateway',
    got: 'one for which nothing is stated',
    todo: 'ask the developer',
    pointer: '/standsOn',
  },
  personAlone: {
    code: 'person-alone',
    expected:
      'a person who signed in, or the API key of a service: of a grant, whose it is, or who answers for the service that it is of',
    got: 'somebody else, or an API key that is the party’s and no person’s',
    todo: 'sign in, and make it under Keys to models; of a grant as that person, and without naming a holder',
  },
  cutOff: {
    code: 'cut-off',
    expected: 'somebody who is not cut off',
    got: 'a person or a service that is',
    todo: 'ask whoever cut it off: the reason is with the keys that it has',
  },
  noSuchPerson: {
    code: 'no-such-person',
    expected: 'a person or a service of your party',
    got: 'none with this id',
    todo: 'take the id from the members of your party',
    pointer: '/holder',
  },
  proofDemanded: {
    code: 'proof-demanded',
    expected: 'a key bound to a key pair (dpop) or a client certificate (mtls)',
    got: 'none',
    todo: 'make a key pair on the machine that calls, and send its thumbprint',
    pointer: '/proof',
  },
  alreadyOver: {
    code: 'already-over',
    expected: 'an end that is still to come',
    got: 'one that is past',
    todo: 'name a later one, or leave it out',
    pointer: '/until',
  },
  tooManyKeys: {
    code: 'too-many',
    expected: 'no more keys at one time than the developer stated',
    got: 'one more',
    todo: 'end a key that is not used',
  },
  shownBefore: {
    code: 'shown-before',
    expected: 'a new Idempotency-Key for a new key',
    got: 'one by which a key was made and shown',
    todo: 'end that key if it was lost, and make another',
  },
  holderAlone: {
    code: 'holder-alone',
    expected: 'the party that the key is of',
    got: 'somebody else',
    todo: 'cut the key off instead',
  },
  alreadyEnded: {
    code: 'already-ended',
    expected: 'a key that was not ended',
    got: 'one that was',
    todo: 'nothing: it opens nothing',
  },
} as const;
