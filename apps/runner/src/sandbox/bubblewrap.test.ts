import { expect, it } from 'vitest';
import { openSandbox } from './bubblewrap.ts';
import { sandboxConformance, shell } from './sandbox.conformance.ts';

sandboxConformance('bubblewrap, limits as the host offers', () => openSandbox({ slots: 2 }));
sandboxConformance('bubblewrap, limits by rlimits', () =>
  openSandbox({ slots: 2, limitsBy: 'rlimits' }),
);

it('is of the reduced tier when nothing but rlimits holds memory, and says so', async () => {
  const sandbox = await openSandbox({ slots: 1, limitsBy: 'rlimits' });
  try {
    const { tier, limitsBy, reason } = sandbox.capabilities;
    expect([tier, limitsBy]).toEqual(['reduced', 'rlimits']);
    expect(reason).toContain('memory is watched from outside');
  } finally {
    await sandbox.close();
  }
});

it('refuses in plain words when bubblewrap is not installed', async () => {
  const sandbox = await openSandbox({ slots: 1, searchPath: '/nowhere' });
  expect(sandbox.capabilities).toEqual({
    driver: 'bubblewrap',
    version: 'none',
    limitsBy: 'none',
    tier: 'refuse',
    reason: 'bubblewrap is not installed: apt-get install bubblewrap',
  });
  await expect(sandbox.run(shell(':'))).rejects.toThrow('bubblewrap is not installed');
});

it('ends what runs when it is closed, and takes nothing more', async () => {
  const sandbox = await openSandbox({ slots: 1 });
  const running = sandbox.run(shell('sleep 1000'));
  const waiting = sandbox.run(shell(':'));
  const [ended, refused] = await Promise.allSettled([running, waiting, sandbox.close()]);
  expect(ended).toMatchObject({ status: 'fulfilled', value: { ending: { kind: 'aborted' } } });
  expect(refused).toMatchObject({ reason: { name: 'SandboxUnavailable' } });
  await expect(sandbox.run(shell(':'))).rejects.toThrow('closed');
});
