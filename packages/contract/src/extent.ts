import { z } from 'zod';
import { Line, Moment } from './words.ts';

/** What may be done to a target, from the mildest to the gravest. */
export const methods = ['read', 'static', 'fuzz', 'passive', 'active', 'exploit'] as const;
export type Method = (typeof methods)[number];

/**
 * A target as people write it: a package URL, a repository with a path, a host name, a network, an
 * URL prefix or a product. Answers bear its one canonical form.
 */
export const TargetText = z.string().trim().min(3).max(2_048);

/** A weakness by its number in the Common Weakness Enumeration; it stands for all below it too. */
export const WeaknessId = z.string().regex(/^CWE-[1-9]\d{0,4}$/, 'expected such as CWE-125');

/** Commits by their names, the older one left out as in `git log after..until`. */
export const CommitRange = z.strictObject({
  after: z.string().regex(/^[0-9a-f]{7,64}$/).optional(),
  until: z.string().regex(/^[0-9a-f]{7,64}$/).optional(),
});

/** What one means to look at: where, which versions, how and for what. Left out is everything. */
export const Scope = z.strictObject({
  targets: z.array(TargetText).min(1).max(20),
  /** Parts of the targets that are left out. */
  except: z.array(TargetText).max(40).default([]),
  /** A version range (vers), such as vers:npm/>=1.0.0|<2.0.0. */
  versions: Line.max(2_000).optional(),
  commits: CommitRange.optional(),
  methods: z.array(z.enum(methods)).min(1).max(methods.length),
  weaknesses: z.array(WeaknessId).max(50).default([]),
  /** Classes left out, with all below them. */
  exceptWeaknesses: z.array(WeaknessId).max(50).default([]),
});
export type Scope = z.infer<typeof Scope>;

/** From when, and until when; the end is no part of it. */
export const Term = {
  /** Now, if left out. */
  from: Moment.optional(),
  until: Moment,
};
