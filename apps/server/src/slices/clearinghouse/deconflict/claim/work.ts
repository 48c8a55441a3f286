import type { Instant, Json, Result } from '@breakwater/kernel';
import { partyOf } from '../../../../platform/commands/audience.ts';
import type { Outcome } from '../../../../platform/commands/commands.ts';
import type { Decided, Member } from '../../../../platform/commands/together.ts';
import type { Reader, Transaction } from '../../../../platform/database/database.ts';
import { partiesWhoMay } from '../../../../platform/directory/recipients.ts';
import { commitOrderOf, readRenames } from '../names/facts.ts';
import { objectorsAt } from '../wishes/index.ts';
import { broughtLook, type Command, namedClaims, namedWaits } from './command.ts';
import { type Look, lookOf, looksWithLeave, repositoriesByCommit } from './extent.ts';
import { answersTo, letIn } from './join-store.ts';
import { endAll, override, passTime, release, renew, use } from './keep.ts';
import { leaveKnown } from './leave.ts';
import { toldOn } from './record-store.ts';
import { type Loaded, openRegister, type Register } from './register.ts';
import { answerJoin, answerOffer, askJoin, offer } from './share.ts';
import { type ClaimRow, claimsAt, claimsById, heldBy, type Places } from './store.ts';
import { take } from './take.ts';
import { endWait, serveWaits, standInLine, withdraw } from './wait.ts';
import { type WaitRow, waitingBy, waitsAt, waitsById } from './wait-store.ts';

/** Decides commands on claims one after the other and writes what came of all of them at once. */
export async function decideClaims(
  tx: Transaction,
  now: Instant,
  members: readonly Member<Command>[],
): Promise<Decided<Json>> {
  const register = openRegister(await load(tx, now, members), now);
  const outcomes = members.map((member) => decide(register, member));
  await register.flush(tx);
  return { outcomes, aside: register.aside };
}

function decide(register: Register, { envelope, input }: Member<Command>): Result<Outcome<Json>> {
  const { actor } = envelope;
  switch (input.kind) {
    case 'claim':
      return take(register, partyOf(actor), input);
    case 'renew':
      return renew(register, actor, input);
    case 'use':
      return use(register, actor, input);
    case 'release':
      return release(register, actor, input);
    case 'override':
      return override(register, input);
    case 'end-all':
      return endAll(register, input);
    case 'pass-time':
      return passTime(register, input);
    case 'serve-waits':
      return serveWaits(register, input);
    case 'withdraw':
      return withdraw(register, actor, input);
    case 'end-wait':
      return endWait(register, input);
    case 'wait':
      return standInLine(register, partyOf(actor), input);
    case 'offer':
      return offer(register, actor, input);
    case 'answer-offer':
      return answerOffer(register, partyOf(actor), input);
    case 'ask-join':
      return askJoin(register, partyOf(actor), input);
    case 'answer-join':
      return answerJoin(register, actor, input);
  }
}

/** Everything that the commands may meet, read at once. */
async function load(
  tx: Reader,
  now: Instant,
  members: readonly Member<Command>[],
): Promise<Loaded> {
  const inputs = members.map(({ input }) => input);
  const answers = await answersTo(
    tx,
    inputs.flatMap((input) => (input.kind === 'answer-join' ? [input.join] : [])),
  );
  const named = await claimsById(tx, [
    ...new Set([...inputs.flatMap(namedClaims), ...answers.map((answer) => answer.claim)]),
  ]);
  const ownWaits = await waitsById(tx, inputs.flatMap(namedWaits));
  const claims = new Map<string, ClaimRow>(named.map((row) => [row.id, row]));
  const waits = new Map<string, WaitRow>(ownWaits.map((row) => [row.id, row]));
  const looks = inputs.flatMap((input) => lookedAt(input, { claims, waits }));
  const places = placesOf(looks);
  const worked = inputs.flatMap((input) => leaveUnder(input, claims));
  for (const row of await claimsAt(tx, places)) claims.set(row.id, row);
  for (const row of await waitsAt(tx, places)) waits.set(row.id, row);
  const askers = askersOf(members, [...waits.values()]);
  return {
    claims: [...claims.values()],
    waits: [...waits.values()],
    answers,
    objectors: await objectorsAt(tx, places),
    held: await heldBy(tx, askers, now),
    told: await toldOn(tx, askers, now),
    waiting: inputs.some(({ kind }) => kind === 'wait') ? await waitingBy(tx, askers) : new Map(),
    letIn: await letIn(tx, [...claims.keys()]),
    leave: await leaveKnown(
      tx,
      [...looks, ...worked],
      [...askers, ...members.map((member) => member.envelope.actor.id)],
    ),
    order: await orderAmong(tx, looks),
    takers: await partiesWhoMay(
      tx,
      inputs.flatMap((input) => (input.kind === 'offer' ? [input.to] : [])),
      'deconflict.claim',
    ),
  };
}

/** The order of the commits that are looked at; what came with a request brought its own. */
async function orderAmong(tx: Reader, looks: readonly Look[]): Promise<Loaded['order']> {
  const repositories = looks
    .filter(({ order }) => order === undefined)
    .flatMap(repositoriesByCommit);
  if (repositories.length === 0) return undefined;
  return await commitOrderOf(tx, repositories, await readRenames(tx));
}

/** Whose limits are asked for. */
function askersOf(
  members: readonly Member<Command>[],
  waits: readonly WaitRow[],
): readonly string[] {
  const asking = members.filter(
    ({ input }) => broughtLook(input) !== null || input.kind === 'answer-offer',
  );
  return [...new Set([...asking.map((m) => m.envelope.actor.id), ...waits.map((w) => w.party)])];
}

/** Whose neighbors a command has to know. */
function lookedAt(
  command: Command,
  known: {
    readonly claims: ReadonlyMap<string, ClaimRow>;
    readonly waits: ReadonlyMap<string, WaitRow>;
  },
): readonly Look[] {
  const brought = broughtLook(command);
  if (brought !== null) return [brought];
  const isKept = command.kind === 'renew' || command.kind === 'answer-offer';
  const rows = [
    ...(isKept ? [known.claims.get(command.claim)] : []),
    ...namedWaits(command).map((id) => known.waits.get(id)),
  ];
  return rows.flatMap((row) => (row === undefined ? [] : [lookOf(row.extent)]));
}

/** What somebody who acts under a claim touches, where that needs leave. */
function leaveUnder(command: Command, claims: ReadonlyMap<string, ClaimRow>): readonly Look[] {
  const row = command.kind === 'use' ? claims.get(command.claim) : undefined;
  return row === undefined ? [] : [lookOf(row.extent)].filter(looksWithLeave);
}

/** The places of all of them, each once. */
export function placesOf(looks: readonly Look[]): Places {
  return {
    lineages: [...new Set(looks.flatMap((look) => look.places.lineages))],
    ancestors: [...new Set(looks.flatMap((look) => look.places.ancestors))],
  };
}
