export { decide } from './decide.ts';
export { evolve } from './evolve.ts';
export type { Command, Engagement, Event, Facts } from './model.ts';
