import { z } from 'zod';
import { TargetText } from './extent.ts';
import { fileBodyBytesMax, operation } from './operation.ts';
import { At, PartyRef, Reason } from './words.ts';

const keepers = ['owner', 'operator', 'coordinator'] as const;
const malformed = { 'target-malformed': 422 } as const;

/** One repository, or all of an owner's, that is now called otherwise. */
export const Rename = z.object({
  from: z.string(),
  to: z.string(),
  by: PartyRef,
  at: At,
  /** null: erased. */
  reason: z.string().nullable(),
});

/** What is known of a repository that its name does not tell. */
export const repositories = {
  repository: operation({
    id: 'deconflict.repository',
    method: 'GET',
    path: '/v1/repository-facts',
    summary: 'Under which names a repository is known here, and which order of its commits',
    callers: ['finder', 'owner', 'operator', 'coordinator', 'auditor'],
    query: z.object({ target: TargetText }),
    output: z.object({
      /** All its names in canonical form, the one that was asked for first. */
      names: z.array(z.string()),
      renames: z.array(Rename),
      /** null: nobody told it; ranges of commits then count as met. */
      order: z
        .object({
          repository: z.string(),
          commits: z.number().int(),
          first: z.string(),
          last: z.string(),
          by: PartyRef,
          at: At,
        })
        .nullable(),
    }),
    refusals: malformed,
  }),
  renameRepository: operation({
    id: 'deconflict.rename-repository',
    method: 'POST',
    path: '/v1/repository-renames',
    summary: 'Say that a repository is now called otherwise: who names one name means both',
    callers: keepers,
    body: z.strictObject({
      /** A repository, or all of an owner's (`repo:github.com/old/*`), without a path. */
      from: TargetText,
      to: TargetText,
      reason: Reason,
    }),
    /** Claims and places in line that from now on stand under both names. */
    output: z.object({ names: z.array(z.string()), widened: z.number().int() }),
    refusals: {
      ...malformed,
      'not-a-repository': 422,
      'control-unproven': 403,
      'already-renamed': 409,
      'too-many-renames': 409,
    },
  }),
  withdrawRename: operation({
    id: 'deconflict.withdraw-rename',
    method: 'POST',
    path: '/v1/repository-renames/withdraw',
    summary: 'Say that two names are not of one repository after all, with a reason',
    callers: keepers,
    body: z.strictObject({ from: TargetText, reason: Reason }),
    output: z.object({ names: z.array(z.string()) }),
    refusals: { ...malformed, 'not-renamed': 409, 'control-unproven': 403 },
  }),
  orderCommits: operation({
    id: 'deconflict.order-commits',
    bodyBytesMax: fileBodyBytesMax,
    method: 'POST',
    path: '/v1/commit-orders',
    summary: 'Tell in which order the commits of a repository lie, so that ranges compare',
    callers: keepers,
    body: z.strictObject({
      repository: TargetText,
      /** Whole names on the main line, oldest first: `git rev-list --first-parent --reverse`. */
      commits: z
        .array(z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'expected a whole commit name'))
        .min(2)
        .max(50_000),
    }),
    output: z.object({ repository: z.string(), commits: z.number().int() }),
    refusals: {
      ...malformed,
      'not-a-repository': 422,
      'control-unproven': 403,
      'commits-malformed': 422,
    },
  }),
};
