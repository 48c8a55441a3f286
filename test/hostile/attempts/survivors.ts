import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { type Attempt, got, held, judged } from './attempt.ts';

/** Forked twice, in a session of its own, deaf, its streams closed. */
const daemon = `
if (!fork) { POSIX::setsid(); if (!fork) { $SIG{$_} = 'IGNORE' for qw(TERM HUP INT);
  close STDIN; close STDOUT; close STDERR; sleep 60 } exit }
wait; print "held: left a daemon\\n";`;

export const leftBehind: Attempt = {
  name: 'leave a process behind',
  attack: async (ring) => {
    const outcome = judged(await ring.inside(daemon));
    return ring.arena.survivors().length > 0 ? got('it lives') : outcome;
  },
  control: async (ring) => {
    const mark = randomBytes(12).toString('hex');
    const script = `use POSIX (); ${daemon}`;
    const child = spawn('/usr/bin/perl', ['-e', script], { env: { MARK: mark }, stdio: 'ignore' });
    await new Promise((over) => child.once('exit', over));
    const left = marked(mark);
    for (const pid of left) process.kill(pid, 'SIGKILL');
    return left.length > 0 ? got(`${left.length} live`) : held(ring.arena.mark);
  },
};

export const stoppedOnPurpose: Attempt = {
  name: 'stop itself, so that no polite signal ends it',
  attack: async (ring) => {
    const script = `kill 'STOP', $$; sleep 60;`;
    return judged(await ring.inside(script, { limits: { wallMs: 500 } }), 'timed-out');
  },
  control: async () => {
    const child = spawn('/usr/bin/perl', ['-e', `kill 'STOP', $$; sleep 60;`], { stdio: 'ignore' });
    while (stateOf(child.pid) !== 'T') await turn();
    child.kill('SIGTERM');
    await turn();
    const state = stateOf(child.pid);
    child.kill('SIGKILL');
    return state === 'T' ? got('it outlives SIGTERM') : held(`state ${state}`);
  },
};

function stateOf(pid: number | undefined): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).charAt(0);
  } catch {
    return 'gone';
  }
}

function marked(mark: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark);
      } catch {
        return false;
      }
    })
    .map(Number);
}
