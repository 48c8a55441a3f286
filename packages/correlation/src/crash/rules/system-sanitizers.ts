import type { Rule } from './rule.ts';

const bug = '^===BUG DETECTED: ';

/** Sanitizers that watch what a program asks of the system. */
export const systemSanitizerRules: readonly Rule[] = (
  [
    ['Shell corruption===', 'Command injection'],
    ['Shell injection===', 'Command injection'],
    ['Arbitrary file open===', 'Arbitrary file open'],
    ['Arbitrary domain name resolution===', 'Arbitrary DNS resolution'],
    ['PySecSan:', 'PySecSan'],
  ] as const
).map(([words, type]) => ({
  tool: 'system sanitizer',
  words: [`${bug}${words}`],
  says: { type },
}));
