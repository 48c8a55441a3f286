/** What is refused of an application, in words. */
export const refusals = {
  over: {
    code: 'application-over',
    expected: 'an application that waits for its answer',
    got: 'one that was answered or withdrawn',
    todo: 'read its answer; a declined one may be appealed once',
  },
  tooMuchSaid: {
    code: 'too-much-said',
    expected: 'at most 100 questions and additions',
    got: 'one more',
    todo: 'let both keys be turned on what is there',
  },
  notDeclined: {
    code: 'not-declined',
    expected: 'an application that was declined',
    got: 'one that was not',
    todo: 'wait for its answer',
  },
  alreadyAppealed: {
    code: 'already-appealed',
    expected: 'an application that was not appealed yet',
    got: 'one that was',
    todo: 'nothing: an appeal is heard once; you may apply anew',
  },
  appealOver: {
    code: 'appeal-over',
    expected: 'an appeal within 30 days of the answer',
    got: 'a later one',
    todo: 'apply anew',
  },
  ownApplication: {
    code: 'own-application',
    expected: 'an application that your party neither made nor helps with',
    got: 'one of your own',
    todo: 'leave it to others',
  },
  interestNotStated: {
    code: 'interest-not-stated',
    expected: 'your statement in this round whether you have an interest, before your key',
    got: 'none',
    todo: 'state it by partners.state-interest',
  },
  interestConflicts: {
    code: 'interest-conflicts',
    expected: 'a key turned by somebody without an interest in the application',
    got: 'somebody who stated one',
    todo: 'leave it to another person of your side',
  },
  nominatedYourself: {
    code: 'nominated-yourself',
    expected: 'a key turned by another person than who nominated',
    got: 'the one who did',
    todo: 'leave it to another person of your side',
  },
  decidedBefore: {
    code: 'decided-before',
    expected: 'an appeal decided by persons who did not decide before',
    got: 'one who did',
    todo: 'leave it to another person of your side',
  },
  keyTurned: {
    code: 'key-turned',
    expected: 'a key of your side that is not turned yet',
    got: 'one that is',
    todo: 'nothing: what was decided stands, and may be appealed',
  },
  criterionUnknown: {
    code: 'criterion-unknown',
    expected:
      'criteria of the version the application is judged by, that apply to what it asks for',
    got: 'another',
    todo: 'see the criteria of that version',
    pointer: '/findings',
  },
  criteriaMissed: {
    code: 'criteria-missed',
    expected: 'each criterion that applies found met or not, once',
    got: 'one missing, or one twice',
    todo: 'say of each of them whether it is met',
    pointer: '/findings',
  },
  verdictDiffers: {
    code: 'verdict-differs',
    expected: 'accept where every criterion is met, decline where one is not',
    got: 'a verdict that no criterion carries',
    todo: 'decide by the published criteria alone: mend the findings or the verdict',
    pointer: '/verdict',
  },
} as const;
