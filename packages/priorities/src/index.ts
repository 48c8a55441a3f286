export type { Bod2604 } from './bod2604.ts';
export type { SsvcPriority } from './cisa-coordinator.ts';
export type { FromFeed, PriorityFacts, PriorityInput, Stated } from './facts.ts';
export { type CvssPriority, type Priority, type PriorityCode, prioritize } from './prioritize.ts';
