import type { claims, Output } from '@breakwater/contract';
import { ok, type Result, refuse } from '@breakwater/kernel';
import { levels } from '../../../../platform/commands/audience.ts';
import { type Call, notFound, responseOf } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { coverageStruck, markStruck } from './record-store.ts';

/** DCF-15: what somebody said it covered stays on the map, as struck. */
export async function strikeCoverage(
  services: Services,
  { actor, body, envelope }: Call<typeof claims.strikeCoverage>,
): Promise<Result<Output<typeof claims.strikeCoverage>>> {
  const { record } = body;
  const ref = await services.content.putText(body.reason, 'reason.txt');
  const executed = await services.execute(envelope, async (tx, now) => {
    const found = await coverageStruck(tx, record);
    if (found === null) return notFound('a record of coverage');
    if (found.struck_at !== null) return refuse(alreadyStruck);
    await markStruck(tx, record, { at: now, by: actor.id, reason: ref.id });
    const commitment = Buffer.from(ref.commitment).toString('hex');
    const data = { record, reason: { content: ref.id, commitment } };
    return ok({
      events: [{ act: 'deconflict.coverage-struck', subject: record, data }],
      contents: [{ ref, subject: record, level: levels.summary }],
      response: { record },
    });
  });
  return responseOf(executed);
}

const alreadyStruck = {
  code: 'already-struck',
  expected: 'a record that stands',
  got: 'one that was struck',
  todo: 'nothing: the map shows it as struck',
  pointer: '/record',
} as const;
