import { z } from 'zod';
import { At } from './words.ts';

/** Something to know, with where it is known from. */
const Statement = z.object({ text: z.string(), source: z.string() });

/** What to know before joining the framework, the same for everybody. */
export const BeforeYouJoin = z.object({
  /** By this clock the statutes were looked at. */
  asOf: At,
  sections: z.array(
    z.object({ id: z.string(), title: z.string(), statements: z.array(Statement) }),
  ),
  statutes: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      citation: z.string(),
      /** The last day it is in force, as far as is known here; null: none is known. */
      until: z.string().nullable(),
      inForce: z.boolean(),
      /** What it means for whoever joins, in force or not, as it is now. */
      says: z.string(),
      source: z.string(),
    }),
  ),
});
export type BeforeYouJoin = z.infer<typeof BeforeYouJoin>;
