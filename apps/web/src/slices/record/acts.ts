/** Acts of the timeline in words; an act not listed shows its own name, so that none is hidden. */
const words: Readonly<Record<string, string>> = {
  'collect.submit': 'handed in a finding',
  'correlate.merge': 'merged cases',
  'correlate.split': 'split the case',
  'correlate.undo': 'undid a merge or split',
  'validate.request': 'asked for a validation',
  'prioritize.score': 'scored the case',
  'coordinate.invite-owner': 'brought the owner in',
  'coordinate.say': 'wrote a message',
  'coordinate.set-embargo': 'set the hour at which the embargo ends',
  'coordinate.end-embargo': 'ended the embargo',
  'verify.propose': 'proposed a patch',
  'distribute.publish': 'published the advisory',
  'distribute.receipt': 'gave a receipt',
  'record.erase': 'erased a piece of content',
};

/** What was done, in words. */
export function actWords(act: string): string {
  return words[act] ?? act;
}

/** `Entry 1042` or why there is no number yet. */
export function indexWords(index: number | null): string {
  return index === null ? 'waiting for the next signed batch' : `log entry ${index}`;
}
