export { type Interval, readVers, writeVers } from './vers.ts';
