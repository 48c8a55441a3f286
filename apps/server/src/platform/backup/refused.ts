import type { Refusal } from '@breakwater/kernel';

/** A backup or a restoration cannot be done; nothing half is left. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(`expected ${refusal.expected}; got ${refusal.got}; ${refusal.todo}`);
    this.refusal = refusal;
  }
}
