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

/** Commits of a repository: some by their whole names, or a range as in `git log after..until`. */
export const Commits = z.strictObject({
  after: z.string().max(64).optional(),
  until: z.string().max(64).optional(),
  ids: z.array(z.string().max(64)).max(1_000).optional(),
});

/** A target in some of its versions or commits. */
export const Place = z.strictObject({
  target: TargetText,
  /** A version range (vers), such as vers:npm/>=1.0.0|<2.0.0, or one version. */
  versions: Line.max(2_000).optional(),
  commits: Commits.optional(),
});

/**
 * What one means to look at: where, which versions, how and for what. Left out is everything. An
 * answer names in `places` what has versions of its own, and in `targets` the rest.
 */
export const Scope = z.strictObject({
  targets: z.array(TargetText).max(20).default([]),
  places: z.array(Place).max(20).default([]),
  /** Parts of the targets that are left out; `*://host:443,8443/path` by several schemes and ports. */
  except: z.array(TargetText).max(40).default([]),
  /** Of every package and product among `targets`. */
  versions: Line.max(2_000).optional(),
  /** Of every repository among `targets`. */
  commits: Commits.optional(),
  methods: z.array(z.enum(methods)).min(1).max(methods.length),
  weaknesses: z.array(WeaknessId).max(50).default([]),
  /** Classes left out, with all below them. */
  exceptWeaknesses: z.array(WeaknessId).max(50).default([]),
});
export type Scope = z.infer<typeof Scope>;

/** A place in an answer: what is left of a range of versions may be longer than what one may ask. */
const PlaceAnswer = Place.extend({
  versions: z.string().optional(),
  commits: Commits.extend({ ids: z.array(z.string()).optional() }).optional(),
});

/** A scope in an answer: canonical, and good to be sent back where it is not longer than one may be. */
export const ScopeAnswer = Scope.extend({
  targets: z.array(TargetText),
  places: z.array(PlaceAnswer),
  except: z.array(TargetText),
  weaknesses: z.array(WeaknessId),
  exceptWeaknesses: z.array(WeaknessId),
});

/** From when, and until when; the end is no part of it. */
export const Term = {
  /** Now, if left out. */
  from: Moment.optional(),
  until: Moment,
};
