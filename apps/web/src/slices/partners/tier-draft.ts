import type { Body, OwnTier, PartnerAsk, partners } from '@breakwater/contract';
import { partnerAsks } from '@breakwater/contract';
import { parseId } from '@breakwater/kernel';
import { instantOf, localOf } from '../deconflict/moment-field.tsx';

/** A tier as it is typed; hours as the clocks of one zone show them. */
export interface TierDraft {
  readonly name: string;
  readonly about: string;
  readonly gives: readonly PartnerAsk[];
  readonly terms: string;
  readonly from: string;
  readonly until: string;
  readonly partnershipDays: string;
  readonly reviewDays: string;
  readonly takesApplications: boolean;
  readonly modelTold: string;
  readonly model: string;
}

export const blankTier: TierDraft = {
  name: '',
  about: '',
  gives: ['outputs', 'raw-access'],
  terms: '',
  from: '',
  until: '',
  partnershipDays: '365',
  reviewDays: '180',
  takesApplications: true,
  modelTold: '',
  model: '',
};

/** What stands now, to be changed. */
export function tierDraftOf(tier: OwnTier, zone: string): TierDraft {
  return {
    name: tier.name ?? '',
    about: tier.about ?? '',
    gives: tier.gives,
    terms: tier.terms.text ?? '',
    from: tier.from === null ? '' : localOf(tier.from, zone),
    until: tier.until === null ? '' : localOf(tier.until, zone),
    partnershipDays: String(tier.partnershipDays),
    reviewDays: String(tier.reviewDays),
    takesApplications: tier.takesApplications,
    modelTold: tier.modelTold ?? '',
    model: tier.model ?? '',
  };
}

/** Why it cannot be sent yet; null: it can. */
export function tierLacks(draft: TierDraft, zone: string): string | null {
  if (draft.name.trim() === '') return 'Name it first.';
  if (draft.about.trim() === '') return 'Say what it is first.';
  if (draft.gives.length === 0) return 'Choose what it gives first.';
  if (draft.terms.trim() === '') return 'Write the terms first.';
  for (const hour of [draft.from, draft.until]) {
    if (hour !== '' && instantOf(hour, zone) === null) return 'Give the hours whole.';
  }
  if (!isDays(draft.partnershipDays, 30)) return 'A partnership lasts 30 to 1,095 days.';
  if (!isDays(draft.reviewDays, 7)) return 'It is looked at again after 7 to 1,095 days.';
  const model = draft.model.trim();
  return model !== '' && parseId('model', model) === null
    ? 'Expected model_ and 26 small letters and digits.'
    : null;
}

function isDays(text: string, least: number): boolean {
  return /^\d{1,4}$/.test(text) && Number(text) >= least && Number(text) <= 1_095;
}

/** What is sent. */
export function tierOfDraft(draft: TierDraft, zone: string): Body<typeof partners.openTier> {
  const told = draft.modelTold.trim();
  return {
    name: draft.name.trim(),
    about: draft.about.trim(),
    gives: partnerAsks.filter((ask) => draft.gives.includes(ask)),
    terms: draft.terms.trim(),
    from: draft.from === '' ? null : instantOf(draft.from, zone),
    until: draft.until === '' ? null : instantOf(draft.until, zone),
    partnershipDays: Number(draft.partnershipDays),
    reviewDays: Number(draft.reviewDays),
    takesApplications: draft.takesApplications,
    modelTold: told === '' ? null : told,
    model: parseId('model', draft.model.trim()),
  };
}
