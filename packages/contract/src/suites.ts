import { z } from 'zod';
import { operation } from './operation.ts';
import { PageQuery, pageOf } from './page.ts';
import { Disclosure } from './record.ts';
import { At, idOf, Line, PartyRef } from './words.ts';

/** What somebody may know of a suite; each is given by itself, and every one tells that it exists. */
export const suiteRights = ['know', 'run', 'items', 'results'] as const;
export type SuiteRight = (typeof suiteRights)[number];

/** Items of one suite at most. */
export const suiteItemsMax = 1_000;

/** 32 bytes in hexadecimal: the commitment of an item, or the root over those of a suite. */
export const Commitment = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits');

/** Where the time that a person needs for an item is known from. */
const HumanTimeSource = z.enum([
  'completion',
  'first_blood',
  'expert_estimate',
  'censored',
  'published',
  'unknown',
]);

const SealedItem = z.strictObject({
  /** SHA-256 over salt and canonical JSON, as an entry of the log. */
  commitment: Commitment,
  /** Items of one cluster hang together, and their errors are taken together. */
  cluster: z.number().int().min(0).max(100_000).optional(),
  humanTime: HumanTimeSource.optional(),
});

/** A sealed suite, as far as its reader may know of it. */
export const Suite = z.object({
  id: idOf('suite'),
  title: z.string().nullable(),
  keeper: PartyRef,
  /** The root over the commitments of its items (RFC 6962, 2.1), in their order. */
  commitment: z.string(),
  count: z.number(),
  sealedAt: At,
  /** What the reader may, of all items; items and results may also be given for single ones. */
  rights: z.array(z.enum(suiteRights)),
});
export type Suite = z.infer<typeof Suite>;

/** What shows that an item is the one that was sealed: anybody can compute it again. */
const Opening = z.object({
  /** That of docs/suite-format.md, so that any checker of it takes this. */
  format: z.literal('breakwater-opening/1'),
  /** Base64 of 32 bytes. */
  salt: z.string(),
  /** What was committed: canonical JSON (RFC 8785), as text. */
  item: z.string(),
  /** Base64 hashes from the leaf to the root (RFC 6962, 2.1.1). */
  path: z.array(z.string()),
  place: z.number(),
  count: z.number(),
  root: z.string(),
});

export const SuiteItem = z.object({
  id: idOf('item'),
  suite: idOf('suite'),
  place: z.number(),
  commitment: z.string(),
  cluster: z.number().nullable(),
  humanTime: HumanTimeSource.nullable(),
  /** Its body is kept here, encrypted. */
  kept: z.boolean(),
  /** When its keeper opened it to all who know of it. */
  openedAt: At.nullable(),
});
export type SuiteItem = z.infer<typeof SuiteItem>;

/** The salt, and the item as canonical JSON (RFC 8785), as they were committed. */
const Body = z.strictObject({
  salt: z.base64().length(44),
  item: z.string().min(2).max(1_500_000),
});

const ofSuite = z.strictObject({ suite: idOf('suite') });
const ofItem = z.strictObject({ item: idOf('item') });
const needsSuite = { subject: 'suite', level: 'summary' } as const;
const itemBytesMax = 2 * 1024 * 1024;

const Allowance = z.strictObject({
  party: idOf('party'),
  right: z.enum(suiteRights),
  /** Left out: of all items. */
  item: idOf('item').optional(),
});

export const suites = {
  seal: operation({
    id: 'benchmark.seal',
    method: 'POST',
    path: '/v1/suites',
    summary: 'Seal a suite: its commitment goes into the log, before it is used',
    callers: ['evaluator'],
    body: z.strictObject({
      title: Line,
      commitment: Commitment,
      items: z.array(SealedItem).min(1).max(suiteItemsMax),
    }),
    output: z.object({ suite: idOf('suite'), items: z.array(idOf('item')) }),
    refusals: { 'commitment-differs': 422, 'item-twice': 422 },
  }),
  suites: operation({
    id: 'benchmark.suites',
    method: 'GET',
    path: '/v1/suites',
    summary: 'The suites you may know of, newest first',
    callers: ['evaluator'],
    query: PageQuery,
    output: pageOf(Suite),
  }),
  suite: operation({
    id: 'benchmark.suite',
    method: 'GET',
    path: '/v1/suites/{suite}',
    summary: 'One suite, and what you may of it',
    callers: ['evaluator'],
    needs: needsSuite,
    params: ofSuite,
    output: Suite,
  }),
  sealProof: operation({
    id: 'benchmark.seal-proof',
    method: 'GET',
    path: '/v1/suites/{suite}/seal',
    summary: 'The entry of the log that seals a suite, with its proof under a signed checkpoint',
    callers: ['evaluator'],
    needs: needsSuite,
    params: ofSuite,
    output: Disclosure,
    refusals: { 'not-yet-signed': 409 },
  }),
  allow: operation({
    id: 'benchmark.allow',
    method: 'POST',
    path: '/v1/suites/{suite}/allow',
    summary:
      'Let a party know of a suite, run it, see its items or its results; whole, or one item',
    callers: ['evaluator'],
    needs: needsSuite,
    params: ofSuite,
    body: Allowance,
    output: z.object({ suite: idOf('suite') }),
    refusals: { 'keeper-alone': 403, 'no-such-party': 422, 'no-such-item': 422, 'too-many': 409 },
  }),
  disallow: operation({
    id: 'benchmark.disallow',
    method: 'POST',
    path: '/v1/suites/{suite}/disallow',
    summary: 'Take back what a party was allowed; from now on it reads nothing by it',
    callers: ['evaluator'],
    needs: needsSuite,
    params: ofSuite,
    body: Allowance,
    output: z.object({ suite: idOf('suite') }),
    refusals: { 'keeper-alone': 403, 'not-allowed': 409, 'keeper-stays': 409 },
  }),
  allowed: operation({
    id: 'benchmark.allowed',
    method: 'GET',
    path: '/v1/suites/{suite}/allowed',
    summary: 'Who may what of a suite; for its keeper',
    callers: ['evaluator'],
    needs: needsSuite,
    params: ofSuite,
    output: z.object({
      items: z.array(
        z.object({
          party: PartyRef,
          right: z.enum(suiteRights),
          /** null: of all items. */
          item: idOf('item').nullable(),
          since: At,
        }),
      ),
    }),
    refusals: { 'keeper-alone': 403 },
  }),
  items: operation({
    id: 'benchmark.items',
    method: 'GET',
    path: '/v1/suites/{suite}/items',
    summary: 'The items of a suite that you may know of, by their commitments, in their order',
    callers: ['evaluator'],
    needs: needsSuite,
    params: ofSuite,
    query: PageQuery,
    output: pageOf(SuiteItem),
  }),
  item: operation({
    id: 'benchmark.item',
    method: 'GET',
    path: '/v1/items/{item}',
    summary: 'One item; with what is in it, where you may see that',
    callers: ['evaluator'],
    params: ofItem,
    output: SuiteItem.extend({
      /** null: you may not see it, or its body is not kept here. */
      opening: Opening.nullable(),
    }),
  }),
  keepItem: operation({
    id: 'benchmark.keep-item',
    method: 'POST',
    path: '/v1/items/{item}/body',
    summary: 'Keep the body of an item here, encrypted; it has to be the one that was sealed',
    callers: ['evaluator'],
    params: ofItem,
    body: Body,
    bodyBytesMax: itemBytesMax,
    output: z.object({ item: idOf('item') }),
    refusals: { 'keeper-alone': 403, 'commitment-differs': 422, 'already-kept': 409 },
  }),
  openItem: operation({
    id: 'benchmark.open-item',
    method: 'POST',
    path: '/v1/items/{item}/open',
    summary: 'Open an item for good to all who know of it, checked against what was sealed',
    callers: ['evaluator'],
    params: ofItem,
    body: Body,
    bodyBytesMax: itemBytesMax,
    output: z.object({ item: idOf('item') }),
    refusals: { 'keeper-alone': 403, 'commitment-differs': 422, 'already-opened': 409 },
  }),
};
