import { type PartnerTier, partnerRegions, partners } from '@breakwater/contract';
import { expect, test } from 'vitest';
import {
  type ApplyDraft,
  type ApplyGround,
  applicationOf,
  blankDraft,
  firstLacking,
  keepDraft,
  lacks,
  recallDraft,
  stepsOf,
} from './apply-draft.ts';
import { regionNames } from './words.ts';

const id = (kind: string) => `${kind}_${'0'.repeat(25)}1`;
const [tier] = partners.tiers.output.parse({
  items: [
    {
      id: id('tier'),
      name: 'Harbor',
      about: 'What it is.',
      developer: { id: id('party'), name: 'Meridian' },
      gives: ['raw-access', 'outputs'],
      terms: { version: 1, digest: `sha256:${'a'.repeat(64)}`, text: 'Terms.' },
      from: null,
      until: null,
      partnershipDays: 365,
      reviewDays: 180,
      takesApplications: true,
      answerDays: 30,
    },
  ],
}).items;
const criterion = (name: string, appliesTo: ('outputs' | 'raw-access')[]) => ({
  id: name,
  words: `It ${name}`,
  judgedBy: 'what it says',
  shownBy: 'a sentence',
  appliesTo,
});
const both = criterion('defends', ['raw-access', 'outputs']);
const raw = criterion('safe-place', ['raw-access']);
const ground: ApplyGround = { tiers: tier === undefined ? [] : [tier], criteria: [both, raw] };
const filled: ApplyDraft = {
  ...blankDraft,
  asks: 'outputs',
  organization: ' Clearwater County Hospital ',
  sector: 'healthcare',
  size: '50-249',
  region: 'ID',
  purpose: 'Find what is open.',
  contact: 'Ruth Ames',
  phone: '208-555-0142',
  meets: { defends: ' The only hospital for 60 miles. ', 'safe-place': 'left from before' },
  helped: 'no',
};
const brought = { criteriaVersion: 2, nomination: null, renews: null, token: null };

test('who asks for results is asked less; one tier is no question', () => {
  const keysOf = (draft: ApplyDraft, on = ground) => stepsOf(draft, on).map(({ key }) => key);
  expect(keysOf(filled)).toEqual(
    'asks who size purpose contact meets-defends help mail send'.split(' '),
  );
  expect(keysOf({ ...filled, asks: 'raw-access' })).toContain('meets-safe-place');
  expect(keysOf(blankDraft)).not.toContain('meets-defends');
  const other: PartnerTier[] = [...ground.tiers, ...ground.tiers];
  expect(keysOf(blankDraft, { ...ground, tiers: other })[0]).toBe('tier');
});

test('what is sent is what the contract takes, without what is no longer asked', () => {
  const body = applicationOf(filled, ground, brought);
  expect(partners.apply.body.safeParse(body).error).toBeUndefined();
  expect(body?.meets).toEqual([{ criterion: 'defends', how: 'The only hospital for 60 miles.' }]);
  expect(body).not.toHaveProperty('mail');
  expect(body?.organization).toBe('Clearwater County Hospital');
});

test.each([
  ['who', { organization: ' ' }],
  ['who', { sector: 'piracy' }],
  ['size', { region: 'XX' }],
  ['contact', { phone: '', contactMail: '' }],
  ['contact', { phone: 'ring me' }],
  ['help', { helped: 'party', helper: 'party_1' }],
  ['mail', { mail: 'ruth at hospital' }],
] as const)('%s: is asked again with %o, and nothing is sent', (key, part) => {
  const draft = { ...filled, ...part };
  expect(firstLacking(draft, ground)?.key).toBe(key);
  expect(applicationOf(draft, ground, brought)).toBeNull();
});

test('a criterion may be left empty, and an address', () => {
  const draft = { ...filled, meets: {}, mail: '' };
  for (const step of stepsOf(draft, ground)) expect(lacks(step, draft, ground)).toBeNull();
  expect(applicationOf(draft, ground, brought)?.meets).toEqual([]);
});

test('it is kept and found again; what cannot be read is a blank one', () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
  expect(recallDraft(storage)).toEqual(blankDraft);
  expect(keepDraft(storage, filled)).toBe(true);
  expect(recallDraft(storage)).toEqual(filled);
  for (const bad of ['', '[]', '{"tier":1}', '{']) {
    expect(recallDraft({ getItem: () => bad })).toEqual(blankDraft);
  }
  const full = () => {
    throw new Error('QuotaExceededError');
  };
  expect(keepDraft({ setItem: full }, filled)).toBe(false);
});

test('every region has a name', () => {
  expect(regionNames.map(([code]) => code).toSorted()).toEqual([...partnerRegions].toSorted());
});
