import type { Operation } from '@breakwater/contract';

/** One act to be decided, with all that its policies weigh. */
export interface Act {
  readonly operation: Operation;
  readonly party: { readonly id: string; readonly role: string };
  readonly roleAllows: boolean;
  readonly keyAllows: boolean;
  /** The thing it is about; null where it is about none. */
  readonly subject: Subject | null;
}

/** A thing as the party stands to it. */
export interface Subject {
  readonly id: string;
  /** 0 to 3, as `visible` answers. */
  readonly level: number;
  /** A TLP 2.0 label, where the operation weighs it. */
  readonly marking?: string;
}

/** What a policy says to whoever it stops, beside its id. */
export interface Forbidden {
  readonly id: string;
  readonly expected: string | null;
  readonly todo: string | null;
}

export type Decision =
  | { readonly allowed: true }
  /** Empty where nothing permits it. */
  | { readonly allowed: false; readonly by: readonly Forbidden[] };

/**
 * The policies port: whether an act may be done.
 *
 * Consistency: the policies stay what they were when the server started. Default deny; a forbid
 * overrides every permit. Throws where a policy cannot be evaluated: one that was skipped might have
 * been a forbid.
 */
export interface Policies {
  decide(act: Act): Decision;
}

/** A policy set that must not be served with. */
export class PoliciesInvalid extends Error {
  override readonly name = 'PoliciesInvalid';
}
