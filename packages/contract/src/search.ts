import { z } from 'zod';
import { stages } from './coordinate.ts';
import { operation } from './operation.ts';
import { idOf, SearchText } from './words.ts';

/** What can be found, each only by whoever may see it. */
export const foundKinds = [
  'case',
  'finding',
  'message',
  'advisory',
  'recipe',
  'inventory',
  'notice',
] as const;
export type FoundKind = (typeof foundKinds)[number];

/** Where the words stood. */
export const foundIn = ['id', 'identifier', 'title', 'package', 'version', 'text'] as const;
export type FoundIn = (typeof foundIn)[number];

/** Something that matches, with what its own page is asked for by. */
export const Found = z.object({
  kind: z.enum(foundKinds),
  /** Its id; a recipe's name. */
  id: z.string(),
  /** Its title as its own page shows it to you; for a message, its case's. */
  title: z.string(),
  package: z.string().nullable(),
  /** The case it belongs to, where you may see one. */
  case: idOf('case').nullable(),
  /** The stage of that case. */
  stage: z.enum(stages).nullable(),
  in: z.array(z.enum(foundIn)),
});
export type Found = z.infer<typeof Found>;

export const search = {
  find: operation({
    id: 'search.find',
    method: 'GET',
    path: '/v1/search',
    summary: 'What you may see that holds all these words, typing errors forgiven, best first',
    callers: ['coordinator', 'owner', 'finder', 'operator', 'auditor'],
    query: z.object({
      q: SearchText,
      limit: z.coerce.number().int().min(1).max(50).default(20),
    }),
    output: z.object({
      items: z.array(Found),
      /** False while the server, just started, is still reading what there is to be found. */
      complete: z.boolean(),
    }),
  }),
};
