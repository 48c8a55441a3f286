import type { Rule } from './rule.ts';

/** Exceptions that Jazzer reports, and those of Google's cryptographic tests. */
export const jazzerRules: readonly Rule[] = [
  {
    tool: 'Jazzer',
    words: ['^== Java Exception: '],
    read: (line) => ({
      type: line.includes('FuzzerSecurityIssue') ? 'Security exception' : 'Uncaught exception',
      flag: 'java-stack',
    }),
  },
  {
    tool: 'Java',
    words: [') ', '(com.google.security.wycheproof.', ')'],
    read: (line) => {
      const found =
        /\) ([^()]{0,400}\(com\.google\.security\.wycheproof\.[a-zA-Z0-9]{0,200}\))/.exec(
          line.slice(0, 2_000),
        );
      if (found === null) return null;
      return { type: 'Wycheproof error', lines: [found[1] ?? ''], flag: 'java-stack' };
    },
  },
];

/** Kinds whose stack is Java's. */
export const javaKinds: readonly string[] = [
  'CHECK failure',
  'Fatal Exception',
  'Security exception',
  'Uncaught exception',
];
