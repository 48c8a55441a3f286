import { authorizations, type Control } from '@breakwater/contract';
import { argument, type Context, type Given } from '../../command.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { Stop } from '../../stop.ts';
import { here } from '../claim/moments.ts';
import { parse } from '../request.ts';
import { answered, sessionFor } from '../session.ts';
import { printControl } from './control.ts';

/** `authorization rule`: whether what a party stated about its target stands. */
export async function rule(given: Given, context: Context): Promise<ExitCode> {
  const { yes, no, reason } = given.options;
  if ((yes === true) === (no === true)) throw new Stop(yesOrNo);
  const operation = authorizations.ruleControl;
  const params = parse(operation.params, { control: argument(given, 0) }, 'a proof');
  const body = parse(operation.body, { stands: yes === true, reason }, 'the ruling');
  const control = await answered(sessionFor(given, context).call(operation, { params, body }));
  if (given.options['json'] === true) context.terminal.json(control);
  else printControl(control, here(), context.terminal);
  return exitCodes.good;
}

/** `authorization contests`. */
export async function listContests(given: Given, context: Context): Promise<ExitCode> {
  const found = await answered(sessionFor(given, context).call(authorizations.contests, {}));
  const { terminal } = context;
  if (given.options['json'] === true) terminal.json(found);
  else if (found.items.length === 0) terminal.line('no two parties have proven the same');
  else for (const { controls } of found.items) printContest(controls, context);
  return exitCodes.good;
}

function printContest([one, other]: readonly [Control, Control], { terminal }: Context): void {
  terminal.line('both have proven control, and neither is believed:');
  for (const control of [one, other]) printControl(control, here(), terminal);
  terminal.line(
    `  decide     breakwater authorization settle ${one.id} --over ${other.id} --reason "…", or the other way around`,
  );
}

/** `authorization settle`. */
export async function settle(given: Given, context: Context): Promise<ExitCode> {
  const operation = authorizations.settle;
  const { over, reason } = given.options;
  const wish = { believed: argument(given, 0), over, reason };
  const body = parse(operation.body, wish, 'the decision');
  const settled = await answered(sessionFor(given, context).call(operation, { body }));
  if (given.options['json'] === true) context.terminal.json(settled);
  else context.terminal.line('decided: it holds for this place, and for later proofs of the two');
  return exitCodes.good;
}

const yesOrNo = {
  code: 'option-malformed',
  expected: '--yes or --no',
  got: 'both or neither',
  todo: 'say --yes where the statement stands, --no where it does not',
};
