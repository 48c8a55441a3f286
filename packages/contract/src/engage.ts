import { isZone } from '@breakwater/kernel';
import { z } from 'zod';
import { BeforeYouJoin } from './before-you-join.ts';
import { levelNames, operation, roles } from './operation.ts';
import { PageQuery, pageOf } from './page.ts';
import { Disclosure, TimelineEntry } from './record.ts';
import { sides, termsKinds } from './terms.ts';
import { At, idOf, Line, Moment, PartyRef } from './words.ts';

/** What a developer wants of an engagement. */
export const engagementWants = ['inquiry', 'early-access', 'both'] as const;
export type EngagementWant = (typeof engagementWants)[number];

/** Parties that one engagement names beside the two sides. */
export const seersMax = 100;

/** A time zone of the IANA database, by which calendar days are counted, such as America/New_York. */
export const ZoneName = z
  .string()
  .max(64)
  .regex(/^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/)
  .refine(isZone, 'expected a time zone of the IANA database, such as America/New_York');

/** Where a model answers; told to those who may call it and to nobody else. */
export const Endpoint = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).max(2_000),
  /** The name the model has there. */
  name: Line,
});

/** When the developer plans to release; its own word, in which nobody else has a say. */
const PlannedDates = z.strictObject({
  /** To trusted partners other than the Government; null: not planned, or not said. */
  partners: Moment.nullable(),
  /** To everybody. */
  general: Moment.nullable(),
});

/** One statement of dates. Every one is kept; the newest counts. */
export const DatesStatement = z.object({
  partners: At.nullable(),
  general: At.nullable(),
  statedAt: At,
});
export type DatesStatement = z.infer<typeof DatesStatement>;

/** Who sees an engagement beside its developer: a party, and how much. */
const Seer = z.strictObject({
  party: idOf('party'),
  /** summary: that it is there, its names and dates · detail: all but where the model answers · all. */
  level: z.enum(levelNames),
});

/** Something that one side owes, or did. */
export const Owed = z.object({
  what: z.enum([
    'state-dates',
    'propose-terms',
    'sign-terms',
    'end-windows',
    'cut-keys',
    'return-or-destroy',
    'attest-return',
  ]),
  side: z.enum(sides),
  /** The terms, window or grant it is about; null: the engagement. */
  about: z.string().nullable(),
  /** For terms: of which kind. */
  kind: z.enum(termsKinds).nullable(),
  since: At,
  /** null: still owed. What follows from leaving by itself is done with the same act. */
  doneAt: At.nullable(),
});
export type Owed = z.infer<typeof Owed>;

/** What is told, where the installation counts a kind of model as outside the framework. */
const Outside = z.object({ said: z.string(), source: z.string() });

/** An engagement, in lists. */
export const EngagementSummary = z.object({
  id: idOf('engagement'),
  model: idOf('model'),
  /** null: erased. */
  codename: z.string().nullable(),
  developer: PartyRef,
  government: PartyRef,
  wants: z.enum(engagementWants),
  /** In which calendar days are counted. */
  zone: z.string(),
  openedAt: At,
  leftAt: At.nullable(),
  releasedAt: At.nullable(),
  dates: DatesStatement.nullable(),
});
export type EngagementSummary = z.infer<typeof EngagementSummary>;

/** An engagement, as far as its reader may see it. */
export const Engagement = EngagementSummary.extend({
  /** How much of it the reader sees. */
  sees: z.enum(levelNames),
  /** Which side the reader is of; null: of neither. */
  side: z.enum(sides).nullable(),
  openWeight: z.boolean(),
  /** null: nothing speaks against it. Told, and nothing else follows from it. */
  outside: Outside.nullable(),
  hosting: z.string().nullable(),
  contacts: z.string().nullable(),
  /** null: you may not see where the model answers, or it was erased. */
  endpoints: z.array(Endpoint).nullable(),
  /** What stands of each kind of terms. */
  terms: z.array(
    z.object({
      kind: z.enum(termsKinds),
      /** The newest version signed by both sides. */
      inForce: idOf('terms').nullable(),
      /** A later one, signed by one side or none. */
      proposed: idOf('terms').nullable(),
    }),
  ),
  /** What each side owes now, and what was owed when it ended. */
  owed: z.array(Owed),
});
export type Engagement = z.infer<typeof Engagement>;

const About = {
  codename: Line,
  hosting: Line,
  contacts: z.string().trim().min(1).max(4_000),
  endpoints: z.array(Endpoint).max(20),
  openWeight: z.boolean(),
} as const;

const ofEngagement = z.strictObject({ engagement: idOf('engagement') });
const readers = ['developer', 'liaison', 'official', 'evaluator'] as const;
const needsSummary = { subject: 'engagement', level: 'summary' } as const;
const needsDetail = { subject: 'engagement', level: 'detail' } as const;
const done = z.object({ engagement: idOf('engagement') });
/** Text with classification markings is kept out of this system. */
const unclassified = { 'classified-text': 422 } as const;
const developers = { 'developer-alone': 403 } as const;
const notLeft = { ...developers, 'engagement-left': 409 } as const;

/** What an act that ends something brought about, told with its answer. */
const Ended = z.object({ engagement: idOf('engagement'), at: At, owed: z.array(Owed) });

export const engage = {
  open: operation({
    id: 'engage.open',
    method: 'POST',
    path: '/v1/engagements',
    summary: 'Open an engagement on a model under development; a codename suffices',
    callers: ['developer'],
    body: z.strictObject({
      codename: About.codename,
      /** The same model as in an earlier engagement of yours: days used stay used. Left out: another. */
      model: idOf('model').optional(),
      wants: z.enum(engagementWants),
      zone: ZoneName,
      openWeight: About.openWeight,
      dates: PlannedDates.optional(),
      hosting: About.hosting.optional(),
      contacts: About.contacts.optional(),
      endpoints: About.endpoints.optional(),
      /** Whom you engage; left out: the installation's liaisons, where there is one such party. */
      government: idOf('party').optional(),
      /** Others who may see it. */
      seers: z.array(Seer).max(seersMax).default([]),
    }),
    output: z.object({ engagement: idOf('engagement'), model: idOf('model') }),
    refusals: {
      ...unclassified,
      'no-such-model': 422,
      'no-such-party': 422,
      'liaison-unclear': 422,
    },
  }),
  list: operation({
    id: 'engage.list',
    method: 'GET',
    path: '/v1/engagements',
    summary: 'The engagements you may see, the newest first',
    callers: readers,
    query: PageQuery,
    output: pageOf(EngagementSummary),
  }),
  get: operation({
    id: 'engage.get',
    method: 'GET',
    path: '/v1/engagements/{engagement}',
    summary: 'One engagement on one page: where it stands, and what each side owes',
    callers: readers,
    needs: needsSummary,
    params: ofEngagement,
    output: Engagement,
  }),
  models: operation({
    id: 'engage.models',
    method: 'GET',
    path: '/v1/models',
    summary: 'Your own models with the codenames they had, the newest first',
    callers: ['developer'],
    query: PageQuery,
    output: pageOf(
      z.object({
        id: idOf('model'),
        codenames: z.array(z.string()),
        engagements: z.array(idOf('engagement')),
      }),
    ),
  }),
  liaisons: operation({
    id: 'engage.liaisons',
    method: 'GET',
    path: '/v1/liaisons',
    summary: 'The parties by which the Government takes part here',
    callers: ['developer', 'liaison', 'official'],
    output: z.object({ items: z.array(PartyRef) }),
  }),
  stateDates: operation({
    id: 'engage.state-dates',
    method: 'POST',
    path: '/v1/engagements/{engagement}/dates',
    summary: 'State when you plan to release; nobody else has a say in it',
    callers: ['developer'],
    needs: needsSummary,
    params: ofEngagement,
    body: z.strictObject(PlannedDates.shape),
    output: done,
    refusals: notLeft,
  }),
  dates: operation({
    id: 'engage.dates',
    method: 'GET',
    path: '/v1/engagements/{engagement}/dates',
    summary: 'Every statement of dates with its time, the newest first',
    callers: readers,
    needs: needsSummary,
    params: ofEngagement,
    query: PageQuery,
    output: pageOf(DatesStatement),
  }),
  stateModel: operation({
    id: 'engage.state-model',
    method: 'POST',
    path: '/v1/engagements/{engagement}/model',
    summary: 'State another codename, place, contact or endpoint, or that it is an earlier model',
    callers: ['developer'],
    needs: needsSummary,
    params: ofEngagement,
    body: z.strictObject({
      codename: About.codename.optional(),
      hosting: About.hosting.optional(),
      contacts: About.contacts.optional(),
      endpoints: About.endpoints.optional(),
      openWeight: About.openWeight.optional(),
      /** The model of an earlier engagement that this one is; from then on the two are one. */
      sameAs: idOf('model').optional(),
    }),
    output: z.object({ engagement: idOf('engagement'), model: idOf('model') }),
    refusals: { ...notLeft, ...unclassified, 'no-such-model': 422 },
  }),
  sharing: operation({
    id: 'engage.sharing',
    method: 'GET',
    path: '/v1/engagements/{engagement}/sharing',
    summary: 'Who may see the engagement, and how much',
    callers: ['developer', 'liaison', 'official'],
    needs: needsDetail,
    params: ofEngagement,
    output: z.object({
      items: z.array(z.object({ party: PartyRef, level: z.enum(levelNames) })),
    }),
  }),
  alterSharing: operation({
    id: 'engage.alter-sharing',
    method: 'POST',
    path: '/v1/engagements/{engagement}/sharing',
    summary: 'Name anew who may see the engagement beside you; who is not named sees it no more',
    callers: ['developer'],
    needs: needsSummary,
    params: ofEngagement,
    body: z.strictObject({
      /** The Government's party stays, at least at detail; name it to show it the endpoints. */
      seers: z.array(Seer).max(seersMax),
    }),
    output: done,
    refusals: { ...developers, 'no-such-party': 422 },
  }),
  leave: operation({
    id: 'engage.leave',
    method: 'POST',
    path: '/v1/engagements/{engagement}/leave',
    summary: 'Leave, at any time and without a reason; what follows is done with the same act',
    callers: ['developer'],
    needs: needsSummary,
    params: ofEngagement,
    body: z.strictObject({}),
    output: Ended,
    refusals: { ...developers, 'already-left': 409 },
  }),
  release: operation({
    id: 'engage.release',
    method: 'POST',
    path: '/v1/engagements/{engagement}/release',
    summary: 'State that the model is released now; every window on it ends with the same act',
    callers: ['developer'],
    needs: needsSummary,
    params: ofEngagement,
    body: z.strictObject({}),
    output: Ended,
    refusals: { ...developers, 'already-released': 409 },
  }),
  erase: operation({
    id: 'engage.erase',
    method: 'POST',
    path: '/v1/engagements/{engagement}/erase',
    summary: 'Erase what you wrote into an engagement you left: names, places, contacts, endpoints',
    callers: ['developer'],
    needs: needsSummary,
    params: ofEngagement,
    body: z.strictObject({}),
    output: z.object({ engagement: idOf('engagement'), erased: z.number().int() }),
    refusals: { ...developers, 'not-left': 409 },
  }),
  acts: operation({
    id: 'engage.acts',
    method: 'GET',
    path: '/v1/engagements/{engagement}/acts',
    summary: 'Every act on an engagement that you may see, the oldest first',
    callers: ['developer', 'liaison', 'official'],
    needs: needsDetail,
    params: ofEngagement,
    output: z.object({ items: z.array(TimelineEntry) }),
  }),
  actProof: operation({
    id: 'engage.act-proof',
    method: 'GET',
    path: '/v1/engagements/{engagement}/acts/{entry}/proof',
    summary: 'One act with its proof under a signed checkpoint, to be checked without this server',
    callers: ['developer', 'liaison', 'official'],
    needs: needsDetail,
    params: z.strictObject({ ...ofEngagement.shape, entry: idOf('entry') }),
    output: Disclosure,
    refusals: { 'not-yet-signed': 409 },
  }),
  before: operation({
    id: 'engage.before',
    method: 'GET',
    path: '/v1/before-you-join',
    summary: 'What to know before joining: what is shared, with whom, for what, and how to leave',
    callers: ['public', ...roles],
    output: BeforeYouJoin,
    sameForAll: true,
  }),
  beforePack: operation({
    id: 'engage.before-pack',
    method: 'GET',
    path: '/v1/before-you-join/pack',
    summary: 'The same for counsel, as one page to print',
    callers: ['public', ...roles],
    output: z.string(),
    file: 'text/html; charset=utf-8',
  }),
};
