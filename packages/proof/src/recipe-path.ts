import { z } from 'zod';

const segment = /^[A-Za-z0-9@+=_,][A-Za-z0-9.@+=_,-]*$/;
const hiddenSegment = /^\.[A-Za-z0-9_-][A-Za-z0-9._-]*$/;

/**
 * A relative, `/`-separated path that cannot leave the folder it is joined to.
 *
 * Narrow on purpose: the path also becomes part of a shell line inside the sandbox and a mount
 * target, so no spaces, quotes, backslashes, control
 * characters or leading hyphens either.
 */
export const RecipePath = z
  .string()
  .min(1)
  .max(200)
  .refine(
    (path) => {
      const segments = path.split('/');
      return (
        segments.length <= 16 && segments.every((s) => segment.test(s) || hiddenSegment.test(s))
      );
    },
    { error: 'a relative path without "..", empty parts, spaces or backslashes' },
  );

/** Like {@link RecipePath}, or `.` for the folder itself. */
export const RecipeFolder = z.union([z.literal('.'), RecipePath]);
