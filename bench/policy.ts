import { operations } from '@breakwater/contract';
import { builtInRoles } from '../apps/server/src/platform/policy/built-in.ts';
import { openPolicies } from '../apps/server/src/platform/policy/cedar.ts';
import type { Act } from '../apps/server/src/platform/policy/policies.ts';
import type { BenchOptions, Row } from './row.ts';
import { quantile, timed } from './timing.ts';

/** What a decision by policy costs per call, beside looking the operation up in the role's row alone. */
export async function run({ short }: BenchOptions): Promise<Row[]> {
  const opening = await timed(async () => openPolicies());
  const policies = openPolicies();
  const acts = operations.flatMap((operation): Act[] =>
    builtInRoles.map(({ name, permissions }) => ({
      operation,
      party: { id: 'party_bench', role: name },
      roleAllows: permissions.includes(operation.id),
      keyAllows: true,
      subject: operation.needs === undefined ? null : { id: 'one', level: 2, marking: 'AMBER' },
    })),
  );
  const rounds = short ? 2 : 20;
  for (const act of acts) policies.decide(act);
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const act of acts) times.push(await timed(async () => policies.decide(act)));
  }
  const micro = (share: number) => quantile(times, share) * 1000;
  const lookUp = await perLookUp(rounds * 100);
  return [
    {
      name: 'a decision by policy, median',
      value: micro(0.5),
      unit: 'µs',
      ratio: micro(0.5) / lookUp,
    },
    { name: 'a decision by policy, p99', value: micro(0.99), unit: 'µs' },
    { name: 'a look into the role’s row alone', value: lookUp, unit: 'µs' },
    { name: 'reading, validating and preparsing, once', value: opening, unit: 'ms' },
  ];
}

/** Microseconds that the list of a role takes to be searched. */
async function perLookUp(rounds: number): Promise<number> {
  let found = 0;
  const took = await timed(async () => {
    for (let round = 0; round < rounds; round++) {
      for (const { permissions } of builtInRoles) {
        for (const { id } of operations) found += permissions.includes(id) ? 1 : 0;
      }
    }
  });
  if (found === 0) throw new Error('expected a role that may call something');
  return (took * 1000) / (rounds * builtInRoles.length * operations.length);
}
