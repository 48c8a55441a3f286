/** Readers as they must not be, by which flood.test.ts tries the flood itself. */
import { ok } from '@breakwater/kernel';
import { type Reader, written } from './reader.ts';

const seeds = written('{"a":[1,2,3]}');
const kept: unknown[] = [];

export const readers: readonly Reader[] = [
  { reads: ['fine'], seeds, read: (document) => ok(document.length) },
  {
    reads: ['throws'],
    seeds,
    read: (document) => {
      if (document.length > 20) throw new TypeError('cannot read properties of undefined');
      return ok(0);
    },
  },
  {
    reads: ['hangs'],
    seeds,
    read: (document) => {
      for (let i = 0; document.length > 20; i += 1) if (i < 0) break;
      return ok(0);
    },
  },
  {
    reads: ['hoards'],
    seeds,
    read: (document) => {
      while (document.length > 20) kept.push(Array.from({ length: 1000 }, () => ({})));
      return ok(kept.length);
    },
  },
  { reads: ['grows'], seeds, read: (document) => ok('x'.repeat(document.length * 50_000)) },
  {
    reads: ['pollutes'],
    seeds,
    read: (document) => {
      if (document.length > 20) Object.assign(Object.prototype, { polluted: true });
      return ok(0);
    },
  },
];
