import { gateway } from '@breakwater/contract';
import { z } from 'zod';
import { argument, type Context, type Given } from '../../command.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { fileLimits, readInput } from '../../files.ts';
import { Json, optionsOf } from '../../options.ts';
import { Stop } from '../../stop.ts';
import { here, LocalMoment, momentText } from '../claim/moments.ts';
import { jsonOf, parse } from '../request.ts';
import { answered, sessionFor } from '../session.ts';

const Options = z.object({
  ...Json,
  name: z.string(),
  holder: z.string().optional(),
  until: LocalMoment.optional(),
  limits: z.string().optional(),
  dpop: z.string().optional(),
  mtls: z.string().optional(),
  usageInStreams: z.boolean().default(false),
});

/** `gateway issue-key`: the key alone on standard output, so that it goes where it is kept. */
export async function issueKey(given: Given, context: Context): Promise<ExitCode> {
  const options = optionsOf(Options, given);
  const { name, holder, until, limits, usageInStreams } = options;
  const file =
    limits === undefined ? null : await readInput(limits, fileLimits.request, context.stdin);
  const proof = proofOf(options);
  const body = parse(
    gateway.issue.body,
    {
      standsOn: argument(given, 0),
      name,
      ...(holder === undefined ? {} : { holder }),
      ...(until === undefined ? {} : { until }),
      ...(file === null ? {} : { limits: jsonOf(file) }),
      ...(proof === null ? {} : { proof }),
      ...(usageInStreams ? { usageInStreams: 'always' } : {}),
    },
    'the request',
  );
  const issued = await answered(sessionFor(given, context).call(gateway.issue, { body }));
  const { terminal } = context;
  if (options.json) {
    terminal.json(issued);
    return exitCodes.good;
  }
  terminal.line(issued.secret);
  terminal.say(`${issued.key} until ${momentText(issued.until, here())}`);
  terminal.say('the key is printed this once; what it used: breakwater gateway usage <its id>');
  return exitCodes.good;
}

function proofOf({ dpop, mtls }: z.infer<typeof Options>) {
  if (dpop !== undefined && mtls !== undefined) {
    throw new Stop({
      code: 'options-exclude',
      expected: 'a key that is bound to one thing',
      got: '--dpop and --mtls',
      todo: 'leave one of them out',
    });
  }
  if (dpop !== undefined) return { kind: 'dpop', thumbprint: dpop };
  return mtls === undefined ? null : { kind: 'mtls', thumbprint: mtls };
}
