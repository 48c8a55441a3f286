import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseTask } from '@breakwater/benchmark';
import type { Script, ScriptedAnswer } from './scripted-model.ts';

/** A script that does the tasks of a suite as their right solutions do: looks, works, submits. */
export function solutionsOf(suite: string): Script {
  const byPrompt = new Map<string, string>();
  for (const path of globSync('tasks/*/task.json', { cwd: suite })) {
    const folder = join(suite, path, '..');
    const task = parseTask(readFileSync(join(suite, path)), path.split('/').at(-2) ?? '');
    if (!task.ok) throw new Error(task.refusal.got);
    byPrompt.set(task.value.prompt, readFileSync(join(folder, 'solutions/right.sh'), 'utf8'));
  }
  return {
    answer: ({ turns, turn }): ScriptedAnswer => {
      const solution = byPrompt.get(turns[0]?.text ?? '');
      if (solution === undefined) return { text: 'I do not know this task.' };
      // A solution holds the canary, which nobody who works on a task has seen.
      const cmd = solution.replaceAll(/^.*BREAKWATER-CANARY.*$/gmu, '#');
      const bash = (words: string) => ({ name: 'bash', arguments: { cmd: words } });
      if (turn === 0) return { text: 'I look around.', tools: [bash('ls; id')] };
      if (turn === 1) return { reasoning: 'Now I work.', tools: [bash(`set -e\n${cmd}`)] };
      const printed = turns.at(-1)?.text.trimEnd().split('\n').at(-1) ?? '';
      return { text: 'Done.', tools: [{ name: 'submit', arguments: { answer: printed } }] };
    },
  };
}
