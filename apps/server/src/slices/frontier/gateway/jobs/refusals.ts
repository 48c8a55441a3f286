import type { TemplateRepository } from '@breakwater/contract';

/** Jobs by one key that are not over. */
export const openMax = 100;

/** Every refusal about templates and jobs. */
export const refusals = {
  tooManyTemplates: {
    code: 'too-many',
    expected: 'a thousand templates of one developer at most',
    got: 'one more',
    todo: 'go on with those that you have',
  },
  alreadyWithdrawn: {
    code: 'already-withdrawn',
    expected: 'a template that is run',
    got: 'one that was withdrawn',
    todo: 'nothing: it is run no more',
  },
  holderAlone: {
    code: 'holder-alone',
    expected: 'the party that the key is of',
    got: 'somebody else',
    todo: 'nothing: jobs are handed in by whoever has the key',
  },
  personAlone: {
    code: 'person-alone',
    expected: 'the person that the grant is of, or who answers for the service that it is of',
    got: 'somebody else of the same party',
    todo: 'sign in as that person, or ask it to hand the job in',
  },
  inPerson: {
    code: 'in-person',
    expected: 'the person who holds a bound key, or answers for it, signed in',
    got: 'somebody else, or an API key',
    todo: 'sign in as that person and hand the job in there',
  },
  notActive: {
    code: 'not-active',
    expected: 'a key that is taken',
    got: 'one of which something is missing',
    todo: 'see the key: it lists what is missing',
  },
  noSuchTemplate: {
    code: 'no-such-template',
    expected: 'a template of the tier or window that the key stands in',
    got: 'another, or one that is run no more',
    todo: 'see the templates of the key',
    pointer: '/template',
  },
  tooManyJobs: {
    code: 'too-many',
    expected: `at most ${openMax} jobs by one key that are not over`,
    got: 'one more',
    todo: 'wait until one of them is over',
  },
  stillRunning: {
    code: 'still-running',
    expected: 'a job that is over',
    got: 'one that is not',
    todo: 'wait until it is over',
  },
} as const;

/** What was handed in is not what the template names. */
export function inputsDiffer(expected: string, got: string) {
  return {
    code: 'inputs-differ',
    expected,
    got,
    todo: 'see the fields of the template',
    pointer: '/inputs',
  } as const;
}

export function archiveUnreadable(got: string) {
  return {
    code: 'archive-unreadable',
    expected: 'a zip, tar or tar.gz of files',
    got,
    todo: 'pack it anew, such as by: git archive --format=tar.gz -o files.tar.gz HEAD',
    pointer: '/repository',
  } as const;
}

/** More than the calls hold that the template allows. */
export function repositoryTooLarge({ charsMax, callsMax }: TemplateRepository) {
  return {
    code: 'repository-too-large',
    expected: `texts that ${callsMax} calls of ${charsMax} characters hold`,
    got: 'more',
    todo: 'hand in the folder that matters, or each by itself',
    pointer: '/repository',
  } as const;
}

/** Nothing in the archive is a text that the template reads. */
export function nothingToRead(leftOut: number) {
  return {
    code: 'nothing-to-read',
    expected: 'a file with text that the template reads',
    got: `none; ${leftOut} left out`,
    todo: 'see which files the template reads',
    pointer: '/repository',
  } as const;
}
