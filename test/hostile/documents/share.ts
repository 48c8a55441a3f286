import { z } from 'zod';

/** A share of the documents of one reader, for one child to read. */
export const Job = z.object({
  seed: z.int(),
  reader: z.int(),
  from: z.int(),
  to: z.int(),
});
export type Job = z.infer<typeof Job>;

const Fault = z.object({ reader: z.string(), index: z.int(), what: z.string() });
/** One document, told by its reader, seed and index, that a reader did not withstand. */
export type Fault = z.infer<typeof Fault>;

/** What a child says of its share. */
export const Share = z.object({
  reader: z.int(),
  documents: z.int(),
  accepted: z.int(),
  bytes: z.int(),
  slowestMs: z.number(),
  readMs: z.number(),
  faults: z.array(Fault),
});
export type Share = z.infer<typeof Share>;
