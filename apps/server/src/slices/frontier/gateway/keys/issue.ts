import type { gateway as contract, Output } from '@breakwater/contract';
import { earlier, type Id, type Instant, ok, type Result, refuse } from '@breakwater/kernel';
import { newId } from '../../../../platform/clock/clock.ts';
import { levels, sealed } from '../../../../platform/commands/audience.ts';
import { setAudience } from '../../../../platform/commands/visibility.ts';
import type { Transaction } from '../../../../platform/database/database.ts';
import { type Call, notFound } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { type AllotmentRow, findAllotment } from '../allotments/store.ts';
import { isCutOff } from '../cut/store.ts';
import type { KeyLimits } from '../model.ts';
import type { GatewayNeeds } from '../needs.ts';
import { type Stand, standOf } from '../stand.ts';
import { findHolder } from './holder-store.ts';
import { limitsFor } from './limits.ts';
import { dealtOn, overAt } from './look.ts';
import { keysEverMax, refusals } from './refusals.ts';
import { makeKeySecret } from './secret.ts';
import { countKeysEver, insertKey } from './store.ts';

type Issued = Output<typeof contract.issue>;
/** What of the answer is remembered for whoever sends the request again. */
type Kept = Pick<Issued, 'key' | 'until'>;

type Issuing = Call<typeof contract.issue>;

/** GAT-5: a key on what is active now; its secret is in this answer and nowhere else. */
export async function issueKey(
  services: Services,
  needs: GatewayNeeds,
  call: Issuing,
): Promise<Result<Issued>> {
  const { body } = call;
  const name = await services.content.putText(body.name, 'name.txt');
  const { secret, hash } = makeKeySecret();
  let issued: KeyLimits | null = null;
  const executed = await services.execute<Kept>(call.envelope, async (tx, now) => {
    const on = await standingFor(tx, needs, { call, now });
    if (!on.ok) return on;
    const { stand, allotment, holder, by } = on.value;
    const proof = body.proof ?? { kind: 'none' as const };
    if (allotment.demands_proof && proof.kind === 'none') return refuse(refusals.proofDemanded);
    const until = earlier(body.until ?? stand.until, stand.until);
    if (until <= now) return refuse(refusals.alreadyOver);
    const limits = await limitsOn(tx, { stand, allotment, wish: body.limits, now });
    if (!limits.ok) return limits;
    issued = limits.value;
    const id = newId('gkey');
    const { scope, party, developer } = stand;
    await insertKey(tx, {
      ...{ id, hash, party, holder, developer, scope },
      stands_on: stand.id,
      name_content: name.id,
      limits: limits.value,
      proof: proof.kind,
      thumbprint: proof.kind === 'none' ? null : proof.thumbprint,
      usage_in_streams: body.usageInStreams ?? 'as-asked',
      issued_by: by,
      at: now,
      expires_at: until,
    });
    await setAudience(tx, id, [
      { principal: party, level: levels.detail },
      { principal: developer, level: levels.all },
    ]);
    const data = { key: id, standsOn: stand.id, of: scope, holder, by, proof: proof.kind, until };
    return ok({
      events: [{ act: 'gateway.key-issued', subject: id, data }],
      contents: [{ ref: name, subject: id, level: sealed }],
      response: { key: id, until },
    });
  });
  if (!executed.ok) return executed;
  if (executed.value.replayed) return refuse(refusals.shownBefore);
  if (issued === null) throw new Error('expected the limits of a key that was issued');
  return ok({ ...executed.value.response, limits: issued, secret });
}

interface On {
  readonly stand: Stand;
  readonly allotment: AllotmentRow;
  readonly holder: Id<'member'>;
  readonly by: Id<'member'>;
}

/** What the key is to stand on, and for whom: the caller's own, active, and allotted to. */
async function standingFor(
  tx: Transaction,
  needs: GatewayNeeds,
  { call, now }: { readonly call: Issuing; readonly now: Instant },
): Promise<Result<On>> {
  const { actor, body, member } = call;
  const stand = await standOf(tx, needs, { id: body.standsOn, now });
  if (stand === null || stand.party !== actor.id) return notFound('a grant or a partnership');
  if (member === null) return refuse(refusals.personAlone);
  const holder = body.holder ?? stand.of?.member ?? member;
  if (stand.of !== null) {
    const own = [stand.of.member, stand.of.person];
    if (!own.includes(member) || holder !== stand.of.member) return refuse(refusals.personAlone);
  }
  const found = await findHolder(tx, holder);
  if (found?.here !== true || found.party !== stand.party) return refuse(refusals.noSuchPerson);
  // GAT-10: nor in another's name.
  const isCut = await isCutOff(tx, member, [stand.party, stand.developer]);
  if (isCut) return refuse(refusals.cutOff);
  if (!stand.isActive) return refuse(refusals.notActive);
  const allotment = await findAllotment(tx, stand.scope);
  if (allotment === null) return refuse(refusals.nothingAllotted);
  return ok({ stand, allotment, holder, by: member });
}

async function limitsOn(
  tx: Transaction,
  {
    stand,
    allotment,
    wish,
    now,
  }: {
    readonly stand: Stand;
    readonly allotment: AllotmentRow;
    readonly wish: Issuing['body']['limits'];
    readonly now: Instant;
  },
) {
  const { keys, left } = await dealtOn(tx, { stand: stand.id, allotted: allotment.limits, now });
  const standing = keys.filter((key) => overAt(key, now) === null);
  const ever = await countKeysEver(tx, stand.id);
  if (standing.length >= allotment.keys_max || ever >= keysEverMax) {
    return refuse(refusals.tooManyKeys);
  }
  return limitsFor(left, wish);
}
