/** Random histories: what people on both sides of a wall do, in an order that chance decides. */

/** Whose people act. `hidden` acts are left out on the server that has no hidden case. */
export type Side = 'outside' | 'hidden';

/** Who looks at what, and what is asked ahead of it. */
export const claimActs = [
  'claim',
  'wait-for-claim',
  'ask-to-join',
  'renew-claim',
  'use-claim',
  'release-claim',
  'open-control',
  'authorize',
  'stop',
  'ask-ahead',
] as const;

/** What is sealed, run, shared and looked at of benchmarks. */
export const benchmarkActs = [
  'seal-suite',
  'bring-run',
  'begin-run',
  'let-know',
  'work-on-unseen',
  'look-at-suites',
] as const;

/** What developers open, state and end, and what is read of engagements. */
export const engageActs = [
  'engage',
  'state-dates',
  'come-to-terms',
  'let-see',
  'end-engagement',
  'look-at-engagements',
] as const;

/** What is planned and opened of windows, who is let in, and what is read of it. */
export const accessActs = ['open-window', 'work-in-window', 'look-at-windows'] as const;

/** Who applies as a partner, what is done about it, and what is read of it. */
export const partnersActs = ['apply', 'work-on-application', 'look-at-partners'] as const;

/** What is put before an official, and what is read of it. */
export const designateActs = [
  'open-file',
  'work-in-file',
  'determine',
  'evaluate-in-file',
  'look-at-files',
] as const;

/** Keys that are made, used, cut off and ended, and what is read of them. */
export const gatewayActs = ['work-on-keys', 'look-at-gateway'] as const;

export const acts = [
  'submit',
  'submit-with-proof',
  'say-as-finder',
  'say-as-owner',
  'say-as-coordinator',
  'invite-owner',
  'set-embargo',
  'end-embargo',
  'merge',
  'split',
  'publish',
  'add-inventory',
  'report-done',
  'propose-patch',
  'probe',
  ...claimActs,
  ...benchmarkActs,
  ...engageActs,
  ...accessActs,
  ...partnersActs,
  ...designateActs,
  ...gatewayActs,
] as const;
export type Act = (typeof acts)[number];

export interface Step {
  readonly side: Side;
  readonly act: Act;
  /** Which of the things at hand it is about, and which words it uses; reduced by whoever acts. */
  readonly pick: number;
}

/** A step that looks at something, or says who may. */
export interface ClaimStep extends Step {
  readonly act: (typeof claimActs)[number];
}

export function isOfClaims(act: Act): act is ClaimStep['act'] {
  return (claimActs as readonly Act[]).includes(act); // wider for the question alone
}

/** A step of those who evaluate models. */
export interface BenchmarkStep extends Step {
  readonly act: (typeof benchmarkActs)[number];
}

export function isOfBenchmarks(act: Act): act is BenchmarkStep['act'] {
  return (benchmarkActs as readonly Act[]).includes(act); // wider for the question alone
}

/** A step of the voluntary framework. */
export interface EngageStep extends Step {
  readonly act: (typeof engageActs)[number];
}

export function isOfEngagements(act: Act): act is EngageStep['act'] {
  return (engageActs as readonly Act[]).includes(act); // wider for the question alone
}

/** A step of early access. */
export interface AccessStep extends Step {
  readonly act: (typeof accessActs)[number];
}

export function isOfAccess(act: Act): act is AccessStep['act'] {
  return (accessActs as readonly Act[]).includes(act); // wider for the question alone
}

/** A step of those who want to be partners, and of those who decide. */
export interface PartnersStep extends Step {
  readonly act: (typeof partnersActs)[number];
}

export function isOfPartners(act: Act): act is PartnersStep['act'] {
  return (partnersActs as readonly Act[]).includes(act); // wider for the question alone
}

/** A step of designating a model. */
export interface DesignateStep extends Step {
  readonly act: (typeof designateActs)[number];
}

export function isOfDesignating(act: Act): act is DesignateStep['act'] {
  return (designateActs as readonly Act[]).includes(act); // wider for the question alone
}

/** A step at the gateway. */
export interface GatewayStep extends Step {
  readonly act: (typeof gatewayActs)[number];
}

export function isOfGateway(act: Act): act is GatewayStep['act'] {
  return (gatewayActs as readonly Act[]).includes(act); // wider for the question alone
}

export interface History {
  readonly steps: readonly Step[];
  /** Decides which doors the outsiders look through at the end. */
  readonly look: number;
}

/** A source of whole numbers below `bound`; the same seed gives the same numbers (mulberry32). */
export type Draw = (bound: number) => number;

export function drawFrom(seed: number): Draw {
  let state = seed >>> 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
}

/** Weighted so that most histories have a case on each side before much happens to it. */
const likely: readonly Act[] = [
  ...acts,
  'submit',
  'submit',
  'invite-owner',
  'say-as-finder',
  'publish',
  'add-inventory',
  'probe',
  'claim',
  'claim',
  'claim',
  'claim',
  'ask-ahead',
  'ask-ahead',
  'look-at-suites',
  'engage',
  'open-window',
  'open-file',
  'determine',
  'work-on-keys',
  'work-on-keys',
  'look-at-gateway',
];

const outsideOnly: readonly Act[] = [
  'publish',
  'probe',
  'ask-ahead',
  'look-at-suites',
  'look-at-engagements',
  'look-at-windows',
  'look-at-partners',
  'look-at-files',
  'look-at-gateway',
];
const hiddenOnly: readonly Act[] = ['work-on-unseen', 'evaluate-in-file'];

/** One history of at most `stepsMax` steps. Publishing is public: the hidden side never does. */
export function drawHistory(draw: Draw, stepsMax: number): History {
  const steps: Step[] = [
    { side: 'hidden', act: 'submit', pick: draw(1 << 16) },
    { side: 'outside', act: 'submit', pick: draw(1 << 16) },
  ];
  const size = 2 + draw(stepsMax - 2);
  while (steps.length < size) {
    const side: Side = draw(2) === 0 ? 'outside' : 'hidden';
    const act = likely[draw(likely.length)] ?? 'submit';
    if ((side === 'hidden' ? outsideOnly : hiddenOnly).includes(act)) continue;
    steps.push({ side, act, pick: draw(1 << 16) });
  }
  return { steps, look: draw(2 ** 31) };
}
