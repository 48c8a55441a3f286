import { type Run, runs, suites } from '@breakwater/contract';
import type { RunFile } from '@breakwater/evaluator/files';
import type { Id } from '@breakwater/kernel';
import { Stop } from '../../stop.ts';
import type { Line } from './reach.ts';
import type { RunLink } from './run-link.ts';

/**
 * The run of the server that a folder's run is, begun there unless it was. Throws a `Stop` where the
 * server has another suite or another run under these ids than the one that runs here.
 */
export async function beginOnServer(
  { call }: Pick<Line, 'call'>,
  link: RunLink,
  file: RunFile,
): Promise<Id<'run'>> {
  if (link.run !== null) {
    const run = await call(runs.run, { params: { run: link.run } });
    const { suite, state } = run;
    if (state === 'failed' || state === 'cancelled') throw differs('a run that goes on', state);
    if (link.suite !== null && link.suite !== suite) throw differs('a run of this suite', suite);
    if (suite !== null) await needSuite({ call }, suite, file);
    needSame(run, file);
    return run.id;
  }
  if (link.suite !== null) await needSuite({ call }, link.suite, file);
  const { run } = await call(runs.beginRun, {
    body: {
      ...(link.suite === null ? {} : { suite: link.suite }),
      model: modelOf(file),
      limits: limitsOf(file),
      // What no transcript shows, nobody here knows.
      contamination: 'unknown',
      planned: file.samples.length,
    },
    idempotencyKey: `begin-${link.once}`,
  });
  return run;
}

/** As the log names it. */
function modelOf({ api, model }: RunFile): string {
  return `${api}/${model}`;
}

function limitsOf({ limits: { cost, ...rest } }: RunFile): Run['limits'] {
  return { ...rest, ...(cost === undefined ? {} : { cost: cost.micros }) };
}

async function needSuite(
  { call }: Pick<Line, 'call'>,
  id: Id<'suite'>,
  { suite: { sealed }, samples }: RunFile,
): Promise<void> {
  const todo = 'name the file of commit with --sealed; without a suite the run stands alone';
  if (sealed === undefined) throw differs('a run of a committed suite', 'one without', todo);
  const variant = samples.find((sample) => sample.id.includes('.'));
  if (variant !== undefined) {
    const one = 'leave --variants out, or let the run stand alone';
    throw differs('each item as its task puts it', `the variant ${variant.id}`, one);
  }
  const { commitment } = await call(suites.suite, { params: { suite: id } });
  if (commitment !== sealed.root) throw differs(`the suite sealed as ${commitment}`, sealed.root);
}

/** What the server says of a run has to be true of the one that runs here. */
function needSame(run: Run, file: RunFile): void {
  const model = modelOf(file);
  if (run.model !== model) throw differs(`the model ${run.model}`, model);
  const [told, here] = [limitWords(run.limits), limitWords(limitsOf(file))];
  if (told !== here) throw differs(`the limits ${told}`, here);
}

function limitWords(limits: Run['limits']): string {
  const words = Object.entries(limits).map(([name, value]) => `${name} ${value}`);
  return words.length === 0 ? 'of the tasks alone' : words.toSorted().join(', ');
}

function differs(expected: string, got: string | null, todo = defaultTodo): Stop {
  return new Stop({ code: 'run-differs', expected, got: got ?? 'none', todo });
}

const defaultTodo = 'see which suite and run the server has under these ids, and begin with those';
