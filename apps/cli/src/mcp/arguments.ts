import { z } from 'zod';

/** A file that the person opened to the agent. */
export const fileName = z
  .string()
  .min(1)
  .max(1_000)
  .describe('path inside the folder that was opened with --files');

/** A page of a list, no longer than an agent reads. */
export const page = {
  after: z.string().max(100).optional().describe('`next` of the page before'),
  limit: z.number().int().min(1).max(50).default(20),
};

/** The same as the contract asks for it. */
export function pageOf(after: string | undefined, limit: number) {
  return { ...(after === undefined ? {} : { after }), limit };
}
