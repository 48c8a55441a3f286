import { z } from 'zod';

/**
 * The revision of a thing as you last saw it. Given, the change is refused with `changed-since`
 * where another came in between; left out, it applies to whatever stands.
 */
export const IfRevision = z.number().int().min(0).max(2_000_000_000);

/** The refusal of every change that takes `ifRevision`. */
export const changedSince = { 'changed-since': 409 } as const;
