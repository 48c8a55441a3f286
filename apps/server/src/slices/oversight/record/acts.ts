import { levels } from '../../../platform/commands/audience.ts';

/**
 * The level at which an act on a case is shown on its timeline. Acts that are not named here are
 * shown to coordinators alone: forgetting one hides too much rather than too little. Opening and
 * joining are left out on purpose: their actor is a reporter, whom an owner may not know.
 */
const shownAt: Readonly<Record<string, number>> = {
  'validate.requested': levels.detail,
  'validate.concluded': levels.detail,
  'prioritize.scored': levels.detail,
  'coordinate.owner-invited': levels.detail,
  'coordinate.owner-left': levels.detail,
  'coordinate.acknowledged': levels.detail,
  'coordinate.verdict-given': levels.detail,
  'coordinate.standing-closed': levels.detail,
  'coordinate.standing-reopened': levels.detail,
  'coordinate.said': levels.detail,
  'coordinate.embargo-set': levels.summary,
  'coordinate.embargo-ended': levels.summary,
  'verify.proposed': levels.detail,
  'verify.concluded': levels.detail,
  'distribute.published': levels.summary,
  'distribute.revised': levels.summary,
  'benchmark.item-opened': levels.detail,
  'benchmark.run-begun': levels.detail,
  'benchmark.progressed': levels.detail,
  'benchmark.run-ended': levels.detail,
  'benchmark.taken-in': levels.summary,
  'designate.file-opened': levels.detail,
  'designate.seers-altered': levels.detail,
  'designate.run-attached': levels.detail,
  'designate.evaluated': levels.detail,
  'designate.dissented': levels.detail,
  'designate.consulted': levels.detail,
  'designate.determined': levels.detail,
  'designate.determination-entered': levels.summary,
  'designate.told': levels.detail,
  'designate.bundled': levels.detail,
  // Of a grant its party sees it in detail; the window of which it is, at its summary (EAR-15).
  'early-access.window-opened': levels.summary,
  'early-access.window-shortened': levels.summary,
  'early-access.window-ended': levels.summary,
  'early-access.person-added': levels.detail,
  'early-access.protection-accepted': levels.detail,
  'early-access.revoked': levels.detail,
  'early-access.return-attested': levels.detail,
  'engage.opened': levels.detail,
  'engage.dates-stated': levels.summary,
  'engage.model-stated': levels.detail,
  'engage.sharing-altered': levels.detail,
  'engage.terms-proposed': levels.detail,
  'engage.terms-signed': levels.detail,
  'engage.left': levels.summary,
  'engage.released': levels.summary,
  'engage.erased': levels.detail,
};

/** Whether a reader of `level` may see an act. */
export function isShownAt(act: string, level: number): boolean {
  return level >= (shownAt[act] ?? levels.all);
}

/** Acts a reader of `level` may see. */
export function actsShownAt(level: number): readonly string[] | 'every' {
  if (level >= levels.all) return 'every';
  return Object.keys(shownAt).filter((act) => (shownAt[act] ?? levels.all) <= level);
}
