/**
 * Order keys: printable ASCII texts whose plain code-unit order (`<` in JavaScript, bytewise in
 * PostgreSQL's C collation) is the order of the versions they were made from; equal versions have
 * equal keys. Made once per version, they turn every range question into a binary search.
 */

/** Digits one length character can announce: '0' (0x30) to '}' (0x7d). */
const shortRunMax = 0x7d - 0x30;

/**
 * Key of a run of decimal digits, compared as a number of any size.
 *
 * In: zero or more ASCII digits; none and all-zero mean 0. Out: the length, then the digits
 * without leading zeros, so that a longer number sorts after every shorter one.
 */
export function numberKey(digits: string): string {
  const start = firstNonZero(digits);
  const length = digits.length - start;
  if (length <= shortRunMax) return String.fromCharCode(0x30 + length) + digits.slice(start);
  return `~${String(length).padStart(4, '0')}${digits.slice(start)}`;
}

function firstNonZero(digits: string): number {
  let at = 0;
  while (digits.charCodeAt(at) === 0x30) at += 1;
  return at;
}
