import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { treeBytes } from './memory-watch.ts';

it('counts what a child holds, and nothing once it is gone', async () => {
  const script =
    '$| = 1; my $held; vec($held, (64 << 20) - 1, 8) = 1; if (!fork) { sleep 60 } print "ready\\n"; <>';
  const child = spawn('/usr/bin/perl', ['-e', script], { stdio: ['pipe', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  const pid = child.pid ?? 0;
  // one copy, though the fork shares it: the share is proportional
  expect(treeBytes(pid)).toBeGreaterThan(64 << 20);
  expect(treeBytes(pid)).toBeLessThan(120 << 20);
  const end = once(child, 'exit');
  child.kill('SIGKILL');
  await end;
  expect(treeBytes(pid)).toBe(0);
});
