import { partners } from '@breakwater/contract';
import { z } from 'zod';
import { argument, type Context, type Given } from '../../command.ts';
import type { ExitCode } from '../../exit-codes.ts';
import { optionsOf } from '../../options.ts';
import { parse } from '../request.ts';
import { answered, sessionFor } from '../session.ts';
import { write } from '../writing.ts';
import { inTwo } from './in-two.ts';

const Options = z.object({
  reason: z.string(),
  unmet: z.array(z.string()).default([]),
  // As commander reads --no-interest.
  interest: z.boolean().default(true),
});

/**
 * `partners decide`: each criterion that applies is met unless it is said not to be, by the version
 * that the application is judged by.
 */
export async function decide(given: Given, context: Context): Promise<ExitCode> {
  const { reason, unmet, interest } = optionsOf(Options, given);
  const session = sessionFor(given, context);
  const of = { application: argument(given, 0) };
  const params = parse(partners.application.params, of, 'an application');
  const { criteriaVersion: version, asks } = await answered(
    session.call(partners.application, { params }),
  );
  const { criteria } = await answered(session.call(partners.criteria, { query: { version } }));
  const against = unmet.map((text) => inTwo(text, '--unmet'));
  const applying = criteria.filter(({ appliesTo }) => appliesTo.includes(asks));
  const named = against.filter(([id]) => !applying.some((each) => each.id === id));
  const findings = [
    ...applying.map(({ id }) => {
      const why = against.find(([criterion]) => criterion === id)?.[1];
      return why === undefined ? { criterion: id, met: true } : { criterion: id, met: false, why };
    }),
    // Of none that applies: the server says so.
    ...named.map(([criterion, why]) => ({ criterion, met: false, why })),
  ];
  if (!interest) {
    const body = { conflicted: false };
    await answered(session.call(partners.stateInterest, { params, body }));
  }
  const body = { verdict: argument(given, 1), reason, findings };
  return await write(partners.decide, { params, body }, { given, context });
}
