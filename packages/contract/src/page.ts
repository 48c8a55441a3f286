import { z } from 'zod';

/** Keyset page request: an opaque cursor from the previous page and a bounded size. */
export const PageQuery = z.object({
  after: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,100}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** One page; `next` is null on the last. There is no total: a count can tell too much. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}
