/** Every answer by which an act in an engagement is refused. None is on a release. */
export const refusals = {
  alreadyLeft: {
    code: 'already-left',
    expected: 'an engagement that you take part in',
    got: 'one that you left',
    todo: 'nothing: see what is owed to you, and whether it was done',
  },
  alreadyReleased: {
    code: 'already-released',
    expected: 'a model whose release was not stated here',
    got: 'one whose release was',
    todo: 'nothing: every window ended then',
  },
  alreadySigned: {
    code: 'already-signed',
    expected: 'a version that your side has not signed',
    got: 'one that it has',
    todo: 'propose another version, where you want other terms',
  },
  developerAlone: {
    code: 'developer-alone',
    expected: 'the developer of the model',
    got: 'another party',
    todo: 'ask the developer to do it',
  },
  digestDiffers: {
    code: 'digest-differs',
    expected: 'the digest of this version',
    got: 'another',
    todo: 'read the text again, and sign what you read',
    pointer: '/digest',
  },
  engagementLeft: {
    code: 'engagement-left',
    expected: 'an engagement that its developer takes part in',
    got: 'one that it left',
    todo: 'open another engagement, on the same model where it is one',
  },
  neitherSide: {
    code: 'neither-side',
    expected: 'the developer or the Government of this engagement',
    got: 'another party',
    todo: 'ask one of the two',
  },
  noSuchVersion: {
    code: 'no-such-version',
    expected: 'a version of the terms of this engagement',
    got: 'none with this id',
    todo: 'take the id from the terms of the engagement',
  },
  notLeft: {
    code: 'not-left',
    expected: 'an engagement that you left',
    got: 'one that you take part in',
    todo: 'leave first, or state another codename, place, contact or endpoint',
  },
  sameText: {
    code: 'same-text',
    expected: 'another text than that of the newest version',
    got: 'the same',
    todo: 'sign the version that is there',
    pointer: '/text',
  },
  termsSuperseded: {
    code: 'terms-superseded',
    expected: 'the newest version of its kind',
    got: 'one that a later version came after',
    todo: 'see what changed, and sign the newest',
  },
  tooManyVersions: {
    code: 'too-many-versions',
    expected: 'at most 500 versions of one kind of terms',
    got: 'one more',
    todo: 'sign one of those that are there',
  },
} as const;
