import { isDeepStrictEqual } from 'node:util';
import { type Alternative, authorizations, claims, wishes } from '@breakwater/contract';
import { addMilliseconds, type Id, toInstant } from '@breakwater/kernel';
import type { Cast, Story } from './chain.ts';

const dayMs = 24 * 60 * 60 * 1_000;
/** All that goes wrong with a resource, memory and objects among them. */
const resources = 'CWE-664';

/** How two labs came to share one package without learning of each other. */
export interface Looking {
  readonly package: string;
  readonly asked: string;
  /** In what the part that was offered differs, in the contract's words; null: none was. */
  readonly instead: readonly string[] | null;
  readonly held: readonly { readonly by: 'first' | 'second'; readonly claim: Id<'claim'> }[];
  /** Whose wishes were there to read. */
  readonly wishedBy: string | null;
}

/**
 * The chapter before the first finding: the owner says what it wishes, one lab claims what it reads,
 * another asks about all of it, is told of a conflict and takes the part that is free.
 */
export async function shareTheWork(cast: Cast, story: Story): Promise<Looking> {
  const { first, second } = cast;
  await stateWishes(cast, story);
  const until = addMilliseconds(toInstant(new Date()), dayMs);
  const scope = { targets: [story.package], places: [], except: [], exceptWeaknesses: [] };
  const one = await first.write('looking:first', claims.claim, {
    body: {
      scope: { ...scope, methods: ['read', 'static'], weaknesses: [resources] },
      sharing: 'alone',
      until,
      listed: true,
    },
  });
  const asked = await second.read(claims.preview, {
    body: {
      scope: { ...scope, methods: ['read', 'static', 'fuzz'], weaknesses: [] },
      sharing: 'beside',
      until,
    },
  });
  const part = asked.alternatives.find(isPart);
  const other =
    part === undefined
      ? null
      : await second.write('looking:part', claims.claim, {
          body: { scope: part.scope, sharing: 'beside', until: part.until, listed: true },
        });
  const said = await second.read(wishes.wishes, { query: { target: story.package } });
  return {
    package: story.package,
    asked: asked.answer,
    instead: part?.differs ?? null,
    held: [
      ...(one.claim === null ? [] : [{ by: 'first' as const, claim: one.claim }]),
      ...(other === null || other.claim === null
        ? []
        : [{ by: 'second' as const, claim: other.claim }]),
    ],
    wishedBy: said.items[0]?.source.by.name ?? null,
  };
}

/** What the map says was covered of the package in the end. */
export interface CoveredParts {
  /** Parts that the two gave back, told in the very scope they were held in. */
  readonly shared: number;
  /** With what our own fuzzer claimed for itself. */
  readonly all: number;
}

/** Gives the claims back with what came of them, and reads the map of the package. */
export async function tellWhatWasCovered(cast: Cast, looking: Looking): Promise<CoveredParts> {
  const shared: unknown[] = [];
  for (const { by, claim } of looking.held) {
    const params = { claim };
    const { scope } = await cast[by].read(claims.get, { params });
    shared.push(scope);
    await cast[by].write(`looking:release:${by}`, claims.release, {
      params,
      body: { covered: [{ scope, outcome: 'findings' }] },
    });
  }
  const map = await cast.second.read(claims.map, { body: { target: looking.package, days: 1 } });
  const found = map.items.filter(({ outcome }) => outcome === 'findings');
  return {
    shared: found.filter(({ scope }) => shared.some((own) => isDeepStrictEqual(own, scope))).length,
    all: found.length,
  };
}

/** Whatever in it did not come as the rules say. */
export function faultsOfLooking(
  { asked, instead, held, wishedBy }: Looking,
  { shared }: CoveredParts,
) {
  return [
    ...(asked === 'conflict' ? [] : [`the second claim was answered ${asked}`]),
    ...(instead === null ? ['nothing was offered instead'] : []),
    ...(held.length === 2 ? [] : [`${held.length} of two claims were granted`]),
    ...(wishedBy === null ? ['the wishes of the owner were not there'] : []),
    ...(shared === 2 ? [] : [`the map has ${shared} of two parts`]),
  ];
}

function isPart(alternative: Alternative): alternative is Extract<Alternative, { kind: 'part' }> {
  return alternative.kind === 'part';
}

async function stateWishes({ owner, coordinator }: Cast, story: Story): Promise<void> {
  const target = story.package;
  const opened = await owner.write('looking:control', authorizations.openControl, {
    body: { target, way: 'statement', statement: 'We maintain it.' },
  });
  await coordinator.write('looking:rule', authorizations.ruleControl, {
    params: { control: opened.id },
    body: { stands: true, reason: 'They have answered for it before.' },
  });
  await owner.write('looking:wishes', wishes.stateWishes, {
    body: {
      target,
      optOut: null,
      quiet: [],
      showPace: false,
      policies: [],
      channels: [{ kind: 'here', address: null }],
      threatModel: 'Documents come from anywhere. Whoever calls us is trusted.',
      notVulnerabilities: [
        { weakness: 'CWE-400', path: 'tests/**', words: 'Tests may take as long as they like.' },
      ],
    },
  });
}
