import type { RecordOf, SampleEnd, ToolRun } from '../journal/records.ts';
import type { UserMessage } from '../models/messages.ts';
import type { Sample } from './sample.ts';
import type { Step } from './step.ts';
import { toolSpecs } from './tools.ts';

/** A model that asks for no tool so many times in a row is left. */
const idleTurnsMax = 5;

/** So many tools of one answer are run. */
const toolsMax = 32;

const goOn = 'Go on with the tools you have. When you are done, call submit; nothing else ends it.';

/** Our agent: calls the model and runs its tools until it submits, or something ends it. */
export async function runLoop(sample: Sample): Promise<SampleEnd> {
  for (;;) {
    sample.around.signal.throwIfAborted();
    const { submitted, idle, waiting } = sample.standing;
    if (submitted !== null) return { kind: 'submitted', answer: submitted };
    if (waiting === null && idle >= idleTurnsMax) return { kind: 'idle', turns: idle };
    const answered = waiting === null ? await ask(sample) : endedBy(waiting);
    if ('end' in answered) return answered.end;
    const turned = await takeTurn(sample, answered.done);
    if ('end' in turned) return turned.end;
  }
}

async function ask(sample: Sample): Promise<Step<RecordOf<'answered'>>> {
  const { messages } = sample.standing;
  return await sample.call({ messages, tools: toolSpecs, config: sample.around.config });
}

/** A stop between an answer and its end leaves the answer in the journal: it is not asked again. */
function endedBy(waiting: RecordOf<'answered'>): Step<RecordOf<'answered'>> {
  const { excess, answer } = waiting;
  if (Object.keys(excess).length > 0) return { end: { kind: 'provider-excess', excess } };
  if (answer !== null) return { done: waiting };
  const outcome = waiting.attempts.at(-1)?.outcome ?? 'no attempt';
  return { end: { kind: 'failed', code: 'model-failed', message: outcome } };
}

async function takeTurn(
  sample: Sample,
  { answer, turn }: RecordOf<'answered'>,
): Promise<Step<null>> {
  const calls = answer?.message.tool_calls ?? [];
  const tools: ToolRun[] = [];
  for (const [n, call] of calls.entries()) {
    const asked =
      n < toolsMax ? call : { ...call, parse_error: `at most ${toolsMax} tools in one answer` };
    const used = await sample.useTool(asked);
    if ('end' in used) {
      // What was done stands in the log, with the files as they are.
      const isLeft = used.end.kind === 'limit';
      const turned = isLeft ? await sample.finishTurn(tools) : used;
      return 'end' in turned ? turned : used;
    }
    tools.push(used.done);
    if (used.done.submitted !== undefined) break;
  }
  if (calls.length > 0) return await sample.finishTurn(tools);
  const id = `${sample.job.uuid}-${turn}-go-on`;
  const said: UserMessage = { id, role: 'user', content: goOn };
  return await sample.finishTurn([], said);
}
