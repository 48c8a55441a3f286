import type {
  Body,
  PartnerAsk,
  PartnerCriterion,
  PartnerTier,
  partners,
} from '@breakwater/contract';
import { partnerAsks, partnerRegions, partnerSectors, partnerSizes } from '@breakwater/contract';
import { type Id, parseId } from '@breakwater/kernel';
import { z } from 'zod';

const slot = 'breakwater-application';

const Text = z.string().max(8_000);

/** An application as it is typed; kept in this browser until it is sent. */
const ApplyDraft = z.object({
  tier: Text,
  asks: Text,
  organization: Text,
  sector: Text,
  size: Text,
  region: Text,
  purpose: Text,
  contact: Text,
  phone: Text,
  contactMail: Text,
  /** By criterion. */
  meets: z.record(z.string().max(60), Text),
  helped: z.enum(['', 'no', 'words', 'party']),
  helpedBy: Text,
  helper: Text,
  mail: Text,
});
export type ApplyDraft = z.infer<typeof ApplyDraft>;

export const blankDraft: ApplyDraft = {
  tier: '',
  asks: '',
  organization: '',
  sector: '',
  size: '',
  region: '',
  purpose: '',
  contact: '',
  phone: '',
  contactMail: '',
  meets: {},
  helped: '',
  helpedBy: '',
  helper: '',
  mail: '',
};

/** What this browser keeps; a blank one where it keeps none that can be read. */
export function recallDraft(storage: Pick<Storage, 'getItem'>): ApplyDraft {
  try {
    return ApplyDraft.parse(JSON.parse(storage.getItem(slot) ?? 'null'));
  } catch {
    return blankDraft;
  }
}

/** Keeps it for the next look; false where the browser keeps nothing, as in a private window. */
export function keepDraft(storage: Pick<Storage, 'setItem'>, draft: ApplyDraft): boolean {
  try {
    storage.setItem(slot, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

export function forgetDraft(storage: Pick<Storage, 'removeItem'>): void {
  storage.removeItem(slot);
}

/** What a reader has to know to fill it in. */
export interface ApplyGround {
  readonly tiers: readonly PartnerTier[];
  readonly criteria: readonly PartnerCriterion[];
}

/** One screen of the form: `meets-…` for each criterion that applies. */
export interface Step {
  readonly key: string;
  readonly title: string;
  readonly criterion: PartnerCriterion | null;
}

/** The tier that is applied for; the only one there is without asking. */
export function tierOf(draft: ApplyDraft, { tiers }: ApplyGround): PartnerTier | null {
  return (
    tiers.find(({ id }) => id === draft.tier) ?? (tiers.length === 1 ? tiers[0] : null) ?? null
  );
}

/** What is asked for; the only thing that the tier gives without asking. */
export function askOf(draft: ApplyDraft, ground: ApplyGround): PartnerAsk | null {
  const gives = tierOf(draft, ground)?.gives ?? partnerAsks;
  return gives.find((ask) => ask === draft.asks) ?? (gives.length === 1 ? gives[0] : null) ?? null;
}

/** The screens in their order. Those of the criteria follow from what is asked for. */
export function stepsOf(draft: ApplyDraft, ground: ApplyGround): readonly Step[] {
  const ask = askOf(draft, ground);
  const own = ground.criteria.filter(({ appliesTo }) => ask !== null && appliesTo.includes(ask));
  return [
    ...(ground.tiers.length > 1 ? [plain('tier', 'Which tier?')] : []),
    plain('asks', 'What would you like to get?'),
    plain('who', 'Who are you?'),
    plain('size', 'How large, and where?'),
    plain('purpose', 'What will you use it for?'),
    plain('contact', 'Who do we call when something is wrong?'),
    ...own.map((criterion) => ({
      key: `meets-${criterion.id}`,
      title: criterion.words,
      criterion,
    })),
    plain('help', 'Does somebody help you?'),
    plain('mail', 'Where do we send your link?'),
    plain('send', 'Look at it once more'),
  ];
}

function plain(key: string, title: string): Step {
  return { key, title, criterion: null };
}

/** Why one cannot go on from a screen yet; null: one can. What is said of criteria may wait. */
export function lacks(step: Step, draft: ApplyDraft, ground: ApplyGround): string | null {
  switch (step.key) {
    case 'tier':
      return tierOf(draft, ground) === null ? 'Choose one first.' : null;
    case 'asks':
      return askOf(draft, ground) === null ? 'Choose one first.' : null;
    case 'who':
      return !is(draft.organization)
        ? 'Give your name first.'
        : sectorOf(draft) === null
          ? 'Choose what you do first.'
          : null;
    case 'size':
      return sizeOf(draft) === null
        ? 'Choose how many first.'
        : regionOf(draft) === null
          ? 'Choose where first.'
          : null;
    case 'purpose':
      return is(draft.purpose) ? null : 'Write a sentence or two first.';
    case 'contact':
      return contactLacks(draft);
    case 'help':
      return helpLacks(draft);
    case 'mail':
      return mailWrong(draft.mail);
    default:
      return null;
  }
}

function contactLacks({ contact, phone, contactMail }: ApplyDraft): string | null {
  if (!is(contact)) return 'Give a name first.';
  if (!is(phone) && !is(contactMail)) return 'Give a telephone number or a mail address.';
  return phoneWrong(phone) ?? mailWrong(contactMail);
}

function helpLacks({ helped, helpedBy, helper }: ApplyDraft): string | null {
  if (helped === '') return 'Choose one first.';
  if (helped === 'words' && !is(helpedBy)) return 'Say who first.';
  return helped === 'party' && parseId('party', helper.trim()) === null
    ? 'Expected party_ and 26 small letters and digits.'
    : null;
}

/** What is wrong with a mail address; null where it is well, or empty. */
export function mailWrong(text: string): string | null {
  return !is(text) || /^[^\s@<>]{1,64}@[^\s@<>]{1,189}$/.test(text.trim())
    ? null
    : 'Expected an address such as it@hospital.example.';
}

/** What is wrong with a telephone number; null where it is well, or empty. */
export function phoneWrong(text: string): string | null {
  return !is(text) || /^[0-9+() ./x-]{5,40}$/.test(text.trim())
    ? null
    : 'Expected a number such as 208-555-0142.';
}

/** The first screen on which something is missing; null where it can be sent. */
export function firstLacking(draft: ApplyDraft, ground: ApplyGround): Step | null {
  return stepsOf(draft, ground).find((step) => lacks(step, draft, ground) !== null) ?? null;
}

interface Brought {
  readonly criteriaVersion: number;
  /** Of a nomination's link. */
  readonly nomination: string | null;
  readonly renews: Id<'partner'> | null;
  /** Of one's own link, where `renews` is by it. */
  readonly token: string | null;
}

/** What is sent; null where something is missing. */
export function applicationOf(
  draft: ApplyDraft,
  ground: ApplyGround,
  brought: Brought,
): Body<typeof partners.apply> | null {
  const [tier, asks] = [tierOf(draft, ground), askOf(draft, ground)];
  const [sector, size, region] = [sectorOf(draft), sizeOf(draft), regionOf(draft)];
  if (tier === null || asks === null || sector === null || size === null || region === null) {
    return null;
  }
  if (firstLacking(draft, ground) !== null) return null;
  const helper = parseId('party', draft.helper.trim());
  return {
    tier: tier.id,
    asks,
    organization: draft.organization.trim(),
    sector,
    size,
    region,
    purpose: draft.purpose.trim(),
    contacts: [
      {
        name: draft.contact.trim(),
        ...(is(draft.contactMail) ? { mail: draft.contactMail.trim() } : {}),
        ...(is(draft.phone) ? { phone: draft.phone.trim() } : {}),
      },
    ],
    meets: stepsOf(draft, ground).flatMap(({ criterion }) => {
      const how = criterion === null ? '' : (draft.meets[criterion.id] ?? '').trim();
      return criterion === null || how === '' ? [] : [{ criterion: criterion.id, how }];
    }),
    ...(draft.helped === 'words' ? { helpedBy: draft.helpedBy.trim() } : {}),
    ...(draft.helped === 'party' && helper !== null ? { helper } : {}),
    ...(is(draft.mail) ? { mail: draft.mail.trim() } : {}),
    criteriaVersion: brought.criteriaVersion,
    ...(brought.nomination === null ? {} : { nomination: brought.nomination }),
    ...(brought.renews === null ? {} : { renews: brought.renews }),
    ...(brought.token === null ? {} : { token: brought.token }),
  };
}

function is(text: string | undefined): boolean {
  return text !== undefined && text.trim() !== '';
}

function sectorOf({ sector }: ApplyDraft) {
  return partnerSectors.find((known) => known === sector) ?? null;
}

function sizeOf({ size }: ApplyDraft) {
  return partnerSizes.find((known) => known === size) ?? null;
}

function regionOf({ region }: ApplyDraft) {
  return partnerRegions.find((known) => known === region) ?? null;
}
