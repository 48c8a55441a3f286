import { type Claim, type Client, type Covered, claims } from '@breakwater/contract';
import { z } from 'zod';
import type { Context, Given } from '../../command.ts';
import { exitCodes } from '../../exit-codes.ts';
import { optionsOf, wholeNumber } from '../../options.ts';
import { Stop } from '../../stop.ts';
import { answered, lastingSession } from '../session.ts';
import { type Ended, startChild } from './child.ts';
import { takeClaim } from './claim.ts';
import { actsOf, hold, type Lost, leaveLost } from './hold.ts';
import { here, lengthText } from './moments.ts';
import { readLive } from './watch.ts';

const exits = z
  .string()
  .regex(/^\d{1,3}(,\d{1,3})*$/, 'exit codes with commas between, such as 0,77')
  .transform((text) => text.split(',').map(Number))
  .default([]);
const RunOptions = z.looseObject({
  json: z.boolean().default(false),
  claim: z.string().optional(),
  clean: exits,
  found: exits,
  grace: wholeNumber(0, 600).default(10),
  renew: z.boolean().default(true),
  keep: z.boolean().default(false),
  passEnv: z.array(z.string().regex(/^[^=\0]+$/, 'a name of a variable, without =')).default([]),
});

type Outcome = z.infer<typeof Covered>['outcome'];

/**
 * `claim run`: holds a claim while a command runs, and stops the command when the claim or the leave
 * it needs is gone. The exit code is the command's own, but for what befell the claim.
 */
export async function runUnderClaim(given: Given, context: Context): Promise<number> {
  const options = optionsOf(RunOptions, given);
  const words = given.rest ?? [];
  if (words.length === 0) throw new Stop(noCommand);
  const client = lastingSession(given, context);
  const claim = await claimToHold(client, given, context);
  if (claim === null) return exitCodes.conflict;
  const began = performance.now();
  const ours = options.claim === undefined && !options.keep;
  const { ended, lost } = await runHeld({ client, claim, words }, options, context).catch(
    async (error: unknown) => {
      // Nothing ran: what was claimed for it is given back, as if it had not been.
      if (ours) await giveBack(client, claim, []);
      throw error;
    },
  );
  const outcome = outcomeOf(ended, lost, options);
  const kept = lost !== null || !ours;
  const covered = [{ scope: claim.scope, outcome }];
  const coverage = kept ? null : await giveBack(client, claim, covered);
  const held = lengthText(performance.now() - began);
  const { terminal } = context;
  if (lost !== null) {
    terminal.say(`breakwater: CLAIM LOST: ${lost.why}`);
    terminal.say(`breakwater: the command was stopped after ${held}; ${lost.todo}`);
  } else if (kept) terminal.say(`breakwater: held for ${held}; ${claim.id} is still yours`);
  else terminal.say(`breakwater: held for ${held} and given back as ${outcomeWords[outcome]}`);
  if (!kept && outcome === 'unfinished' && ended.code === 0) terminal.say(outcomeHint);
  if (options.json) {
    const { code, signal } = ended;
    terminal.json({
      claim: claim.id,
      exit: code,
      signal,
      lost,
      outcome: kept ? null : outcome,
      coverage,
    });
  }
  if (lost !== null) return exitCodes.lost;
  return context.signal.aborted ? exitCodes.interrupted : ended.code;
}

async function claimToHold(client: Client, given: Given, context: Context): Promise<Claim | null> {
  const { claim: id } = optionsOf(RunOptions, given);
  if (id !== undefined && given.args.length > 0) throw new Stop(bothClaimAndTargets);
  if (id !== undefined) return await readLive(client, id);
  // The document of standard output is that of the run.
  const { terminal } = context;
  const line = (text = '') => terminal.say(text);
  const quiet = { ...context, terminal: { ...terminal, line } };
  const { claim, answer } = await takeClaim(given, quiet, given.args);
  if (claim !== null) return await readLive(client, claim);
  if (given.options['json'] === true) terminal.json(answer);
  return null;
}

interface Run {
  readonly client: Client;
  readonly claim: Claim;
  readonly words: readonly string[];
}

async function runHeld(
  { client, claim, words }: Run,
  { grace, renew, json, passEnv: passed }: z.infer<typeof RunOptions>,
  { terminal, signal }: Context,
): Promise<{ readonly ended: Ended; readonly lost: Lost | null }> {
  const needsLeave = actsOf(claim);
  for (const act of needsLeave) {
    const denied = await answered(leaveLost(client, act, here()));
    if (denied !== null) throw new Stop(noLeave(denied));
  }
  const variables = { BREAKWATER_CLAIM: claim.id };
  const child = await startChild(words, { passed, variables, quiet: json });
  const over = new AbortController();
  const stopped = () => void child.stop('SIGINT', grace * 1_000);
  signal.addEventListener('abort', stopped, { once: true });
  if (signal.aborted) stopped();
  const held = hold({ client, claim, renew, needsLeave }, over.signal, terminal);
  const first = await Promise.race([held, child.ended.then(() => null)]);
  if (first !== null) {
    terminal.say(`breakwater: CLAIM LOST: ${first.why}`);
    terminal.say('breakwater: stopping the command');
    await child.stop('SIGTERM', grace * 1_000);
  }
  const ended = await child.ended;
  over.abort();
  signal.removeEventListener('abort', stopped);
  return { ended, lost: first };
}

function outcomeOf(
  { code }: Ended,
  lost: Lost | null,
  { clean, found }: z.infer<typeof RunOptions>,
): Outcome {
  if (lost !== null) return 'unfinished';
  if (found.includes(code)) return 'findings';
  return clean.includes(code) ? 'nothing-found' : 'unfinished';
}

async function giveBack(
  client: Client,
  claim: Claim,
  covered: z.infer<typeof Covered>[],
): Promise<number> {
  const params = { claim: claim.id };
  const { coverage } = await answered(client.call(claims.release, { params, body: { covered } }));
  return coverage;
}

const outcomeWords: Readonly<Record<Outcome, string>> = {
  'nothing-found': 'looked at, nothing found',
  findings: 'looked at, with findings',
  unfinished: 'not finished',
};

const outcomeHint =
  'breakwater: a command that ends well may still have found something: --clean 0 says that 0 means nothing found, --found 77 that 77 means findings';

const noCommand = {
  code: 'command-missing',
  expected: 'a command behind --',
  got: 'none',
  todo: 'such as: breakwater claim run pkg:npm/flat -- ./fuzz.sh',
};

const bothClaimAndTargets = {
  code: 'option-malformed',
  expected: 'targets to claim, or --claim with a claim you hold',
  got: 'both',
  todo: 'leave one out',
};

function noLeave({ why, todo }: Lost) {
  return {
    code: 'no-leave',
    expected: 'the leave of whoever the system belongs to',
    got: why,
    todo,
  };
}
