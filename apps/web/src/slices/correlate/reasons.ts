/** Why a finding stands in a case, in words a reporter understands. */

const byWords = {
  opened: 'Opened this case',
  'exact-identity': 'Joined by itself',
  merge: 'Came with a merge',
  split: 'Came with a split',
  undo: 'Came back when a merge or split was undone',
} as const;

const evidenceWords: Readonly<Record<string, string>> = {
  'crash-signature': 'the same crash signature',
  'location-and-weakness': 'the same place in the code and the same weakness',
  'tool-fingerprint': 'the same result of the same tool',
  identifier: 'the same public identifier',
};

/** `Joined by itself: the same crash signature`; an unknown kind of evidence keeps its own name. */
export function whyJoined(by: keyof typeof byWords, evidence: readonly string[]): string {
  if (evidence.length === 0) return byWords[by];
  const kinds = evidence.map((kind) => evidenceWords[kind] ?? kind);
  return `${byWords[by]}: ${kinds.join(' and ')}`;
}
