/** Acts of the timeline in words; an act not listed shows its own name, so that none is hidden. */
const words: Readonly<Record<string, string>> = {
  'collect.received': 'handed in a finding',
  'collect.let-in': 'let in what waited of a party',
  'correlate.opened': 'opened the case',
  'correlate.joined': 'joined a finding to the case',
  'correlate.merged': 'merged cases',
  'correlate.split': 'split the case',
  'correlate.undone': 'undid a merge or split',
  'validate.requested': 'asked for a validation',
  'validate.concluded': 'concluded a validation',
  'prioritize.scored': 'scored the case',
  'coordinate.owner-invited': 'brought the owner in',
  'coordinate.owner-queued': 'put the case in line until the owner has room',
  'coordinate.owner-dropped': 'took the case out of the owner’s line',
  'coordinate.owner-left': 'left as an owner',
  'coordinate.said': 'wrote a message',
  'coordinate.embargo-set': 'set the hour at which the embargo ends',
  'coordinate.embargo-ended': 'ended the embargo',
  'verify.proposed': 'proposed a patch',
  'verify.concluded': 'concluded the verification of a patch',
  'distribute.published': 'published the advisory',
  'distribute.revised': 'published a later version of the advisory',
  'distribute.notified': 'sent a card to an affected operator',
  'distribute.receipted': 'gave a receipt',
  'distribute.receipt-undone': 'took a receipt back',
  'distribute.delegated': 'handed a card on',
  'distribute.help-opened': 'opened a card that was handed on',
  'distribute.help-ended': 'ended the handing on of a card',
  'distribute.taken-back': 'took a card back',
  'benchmark.sealed': 'sealed a suite',
  'engage.opened': 'opened the engagement',
  'engage.dates-stated': 'stated planned dates',
  'engage.model-stated': 'stated the model anew',
  'engage.sharing-altered': 'named anew who may see it',
  'engage.terms-proposed': 'proposed terms',
  'engage.terms-signed': 'signed terms',
  'engage.left': 'left the engagement',
  'engage.released': 'released the model',
  'record.erased': 'erased a piece of content',
  'record.replayed': 'tried failed work again',
};

/** What was done, in words. */
export function actWords(act: string): string {
  return words[act] ?? act;
}

/** `log entry 1042`, or why there is no number yet. */
export function indexWords(index: number | null): string {
  return index === null ? 'waiting for the next signed batch' : `log entry ${index}`;
}
