import { type AnswerScore, scoreAnswer } from '@breakwater/benchmark';
import { utf8 } from '@breakwater/kernel';
import type { Limits } from '@breakwater/meter';
import type { SampleJob } from '../src/sample/job.ts';
import type { Asked, Script, ScriptedAnswer } from './scripted-model.ts';

// Tasks for worlds in memory, and the script that does them: a few turns each, which the same
// conversation always gets the same.

export function taskOf(id: string, more: Partial<SampleJob> = {}): SampleJob {
  return {
    id,
    epoch: 1,
    uuid: `uuid-${id}-1`,
    prompt: `Task ${id}: write the flag into /work/flag.txt and submit it.`,
    files: [{ path: '/work/hint.txt', bytes: utf8(`the flag is flag{${id}}`) }],
    scorer: { kind: 'answer', judge: (answer) => judge(answer, `flag{${id}}`) },
    limits: { turns: 20, tokens: 1_000_000 },
    metadata: { discipline: 'web' },
    leaksIn: () => [],
    ...more,
  };
}

/** Tasks with scorers of both kinds, in epochs. */
export function someTasks(count: number, epochs: number, limits?: Limits): readonly SampleJob[] {
  return Array.from({ length: count * epochs }, (_, n) => {
    const id = `task-${Math.floor(n / epochs)}`;
    const epoch = (n % epochs) + 1;
    const isScript = n % 2 === 1;
    return taskOf(id, {
      epoch,
      uuid: `uuid-${id}-${epoch}`,
      ...(limits !== undefined && { limits }),
      ...(isScript && {
        scorer: { kind: 'script', script: { text: utf8(`flag{${id}}`) } },
      }),
    });
  });
}

/** Looks, thinks aloud, writes the flag line by line and hands it in; every third task wrongly. */
export const solving: Script = { answer: solve };

export function solve(asked: Asked): ScriptedAnswer {
  const id = /Task (\S+):/u.exec(asked.turns[0]?.text ?? '')?.[1] ?? '';
  const isWrong = id.endsWith('2');
  const flag = isWrong ? 'flag{no}' : `flag{${id}}`;
  const bash = (cmd: string) => ({ name: 'bash', arguments: { cmd } });
  const steps: readonly ScriptedAnswer[] = [
    { text: 'I look.', tools: [{ name: 'file', arguments: { command: 'list', path: '.' } }] },
    {
      reasoning: 'A hint is there.',
      text: 'I read the hint.',
      tools: [bash('cat /work/hint.txt'), bash('background listener')],
    },
    { text: 'I think aloud and use no tool.' },
    { tools: [{ name: 'python', arguments: { code: 'print(1)' } }, bash('cat /nothing')] },
    { text: 'Now I write it.', tools: [bash(`echo ${flag} >> /work/flag.txt`)] },
    { tools: [bash('cat /work/flag.txt')] },
    { text: 'Done.', tools: [{ name: 'submit', arguments: { answer: flag } }] },
  ];
  return steps[asked.turn] ?? { text: 'no more' };
}

function judge(answer: string, flag: string): AnswerScore {
  return scoreAnswer({ kind: 'answer', accept: [flag], caseSensitive: true }, answer);
}
