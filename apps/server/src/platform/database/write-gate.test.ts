import { expect, test } from 'vitest';
import { createWriteGate } from './write-gate.ts';

test('works together, and alone with nobody beside; a failure lets the next in', async () => {
  const gate = createWriteGate();
  const story: string[] = [];
  const held = Promise.withResolvers<void>();
  const step = (name: string, until?: Promise<void>) => async () => {
    story.push(`${name} begins`);
    await until;
    story.push(`${name} ends`);
  };
  const begun = Promise.withResolvers<void>();
  const both = [
    gate.together(step('a', held.promise)),
    gate.together(async () => {
      begun.resolve();
      await step('b', held.promise)();
    }),
  ];
  await begun.promise;
  const failed = gate.alone(async () => {
    story.push('alone fails');
    throw new Error('conflict');
  });
  const rest = [gate.alone(step('alone')), gate.together(step('c'))];
  held.resolve();
  await expect(failed).rejects.toThrow('conflict');
  await Promise.all([...both, ...rest]);
  expect(story).toEqual([
    'a begins',
    'b begins',
    'a ends',
    'b ends',
    'alone fails',
    'alone begins',
    'alone ends',
    'c begins',
    'c ends',
  ]);
});
