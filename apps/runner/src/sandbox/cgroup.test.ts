import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keyed } from './cgroup-files.ts';
import { cgroup1Home } from './cgroup-v1.ts';
import { cgroup2Home, Group2 } from './cgroup-v2.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'breakwater-cgroup-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('where groups can be made', () => {
  it('finds none where nothing is mounted', () => {
    expect(cgroup2Home('proc /proc proc rw 0 0\n', '0::/\n')).toBeNull();
    expect(cgroup1Home('proc /proc proc rw 0 0\n', '0::/\n')).toBeNull();
  });

  it('passes a unified hierarchy by that carries no memory controller', () => {
    writeFileSync(join(directory, 'cgroup.controllers'), 'hugetlb\n');
    expect(cgroup2Home(`cgroup2 ${directory} cgroup2 rw 0 0\n`, '0::/\n')).toBeNull();
  });

  it('passes version 1 by where pids is not among the controllers', () => {
    const mounts = `cgroup ${directory} cgroup rw,memory 0 0\n`;
    expect(cgroup1Home(mounts, '4:memory:/\n')).toBeNull();
  });
});

describe('a group of the unified hierarchy, on plain files', () => {
  const read = (name: string) => readFileSync(join(directory, name), 'utf8');

  it('limits memory without swap and processes, and kills as one', () => {
    writeFileSync(join(directory, 'memory.swap.max'), 'max');
    writeFileSync(join(directory, 'pids.current'), '3\n');
    const group = new Group2(directory);
    group.join(4321);
    group.prepare({ memoryBytes: 1000, processesMax: 10, endsAsOne: true });
    expect(read('memory.oom.group')).toBe('1');
    group.prepare({ memoryBytes: 1000, processesMax: 10, endsAsOne: false });
    expect(read('memory.oom.group')).toBe('0');
    expect(read('memory.swap.max')).toBe('0');
    expect(read('cgroup.procs')).toBe('4321');
    expect(read('memory.max')).toBe('1000');
    // two processes of the last run are not uncharged yet
    expect(read('pids.max')).toBe('12');
  });

  it('tells a peak only where this run made it', () => {
    writeFileSync(join(directory, 'pids.current'), '1\n');
    writeFileSync(join(directory, 'memory.events'), 'low 0\noom 2\noom_kill 1\noom_group_kill 1\n');
    writeFileSync(join(directory, 'memory.peak'), '500\n');
    const group = new Group2(directory);
    group.prepare({ memoryBytes: 1000, processesMax: 10, endsAsOne: true });
    expect(group.read()).toEqual({ outOfMemoryKills: 1, peakMemoryBytes: null });
    writeFileSync(join(directory, 'memory.peak'), '700\n');
    expect(group.read()).toEqual({ outOfMemoryKills: 1, peakMemoryBytes: 700 });
  });
});

it('reads a flat-keyed file by whole names', () => {
  mkdirSync(join(directory, 'd'));
  const path = join(directory, 'd/memory.oom_control');
  writeFileSync(path, 'oom_kill_disable 0\nunder_oom 0\noom_kill 7\n');
  expect([keyed(path, 'oom_kill'), keyed(path, 'oom')]).toEqual([7, 0]);
});
