import { expect, it } from 'vitest';
import { readers as broken } from './broken-readers.ts';
import { flood } from './flood.ts';

it('finds readers that throw, hang, hoard, grow and pollute, and goes on after each', async () => {
  const report = await flood({
    module: new URL('./broken-readers.ts', import.meta.url),
    readers: broken,
    seed: 1,
    documents: 30,
    children: 1,
    documentMs: 1_500,
    memoryMiB: 200,
  });
  const whatBy = (name: string) =>
    new Set(report.faults.filter((fault) => fault.reader === name).map(({ what }) => what));
  expect([...whatBy('fine')]).toEqual([]);
  expect([...whatBy('throws')].join()).toMatch(/^threw TypeError: cannot read/);
  expect([...whatBy('hangs')]).toEqual(['hangs']);
  expect([...whatBy('hoards')].join()).toMatch(/^took more than 200 MiB|^ended its process/);
  expect([...whatBy('grows')].join()).toMatch(/^grew beyond/);
  expect([...whatBy('pollutes')]).toEqual(['the prototype of all objects was changed']);
  expect(report.readers.find(({ name }) => name === 'fine')?.documents).toBe(5);
});
