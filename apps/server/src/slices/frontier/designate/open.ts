import type { designate as contract } from '@breakwater/contract';
import { type Id, ok, type Result, refuse } from '@breakwater/kernel';
import { newId } from '../../../platform/clock/clock.ts';
import { partyOf } from '../../../platform/commands/audience.ts';
import { levelOf } from '../../../platform/commands/visibility.ts';
import type { Transaction } from '../../../platform/database/database.ts';
import { type Call, notFound, responseOf } from '../../../route.ts';
import type { Services } from '../../../services.ts';
import { carryOut } from './act.ts';
import type { Command } from './model.ts';
import type { DesignateNeeds } from './needs.ts';
import { officials, unknownAmong } from './party-store.ts';
import { findDetermination } from './store.ts';

type Opened = { file: Id<'file'> };

/** DES-6: opens the file for the official, on an engagement that its caller sees, or on a commitment. */
export async function openFile(
  services: Services,
  needs: DesignateNeeds,
  call: Call<typeof contract.openFile>,
): Promise<Result<Opened>> {
  const { engagement, commitment, rule = null } = call.body;
  if ((engagement === undefined) === (commitment === undefined)) return refuse(oneOfTwo);
  const matter = engagement ?? commitment ?? '';
  return await opening(services, needs, {
    call,
    async command(tx, file) {
      const sees = engagement === undefined ? 1 : await levelOf(tx, engagement, call.actor);
      if (sees === 0) return refuse(noSuchEngagement);
      return ok({ matter, command: { act: 'open-file', file, rule } });
    },
  });
}

/** DES-11: a new file that names the former determination, which stays as it is. */
export async function reExamine(
  services: Services,
  needs: DesignateNeeds,
  call: Call<typeof contract.reExamine>,
): Promise<Result<Opened>> {
  const { rule = null } = call.body;
  return await opening(services, needs, {
    call,
    async command(tx, file) {
      const former = await findDetermination(tx, call.params.determination);
      if (former === null) return notFound('a determination');
      const command = { act: 're-examine', file, rule, former: former.id } as const;
      return ok({ matter: former.matter, command });
    },
  });
}

type Opening = Extract<Command, { act: 'open-file' | 're-examine' }>;

async function opening(
  services: Services,
  needs: DesignateNeeds,
  given: {
    readonly call: Call<typeof contract.openFile> | Call<typeof contract.reExamine>;
    command(
      tx: Transaction,
      file: Id<'file'>,
    ): Promise<Result<{ readonly matter: string; readonly command: Opening }>>;
  },
): Promise<Result<Opened>> {
  const { call } = given;
  const executed = await services.execute<Opened>(call.envelope, async (tx, now) => {
    const file = newId('file');
    const asked = await given.command(tx, file);
    if (!asked.ok) return asked;
    const { matter, command } = asked.value;
    const seen = command.rule === null ? 1 : await levelOf(tx, command.rule, call.actor);
    if (seen === 0) return refuse(noSuchRule);
    const official = await officialOf(tx, partyOf(call.actor), call.body.official);
    if (!official.ok) return official;
    const { seers } = call.body;
    if ((await unknownAmong(tx, seers)).length > 0) return refuse(noSuchParty);
    const place = { matter, opening: { official: official.value, seers } };
    const done = await carryOut({ tx, now, needs }, call, { place, command });
    return done.ok ? ok({ ...done.value, response: { file } }) : done;
  });
  return responseOf(executed);
}

/** The party that may enter the determination: the one named, the keeper itself, or the only one. */
async function officialOf(
  tx: Transaction,
  keeper: Id<'party'>,
  named: Id<'party'> | undefined,
): Promise<Result<Id<'party'>, 'no-such-party' | 'official-unclear'>> {
  const known = await officials(tx);
  if (named !== undefined) return known.includes(named) ? ok(named) : refuse(noSuchParty);
  if (known.includes(keeper)) return ok(keeper);
  const [only, ...others] = known;
  return only === undefined || others.length > 0 ? refuse(officialUnclear) : ok(only);
}

export const noSuchParty = {
  code: 'no-such-party',
  expected: 'ids of parties here that may look at files, and an official who may determine',
  got: 'one that is none',
  todo: 'ask the party for its id, or the administrator for its role',
} as const;
const noSuchEngagement = {
  code: 'no-such-engagement',
  expected: 'an engagement that you may see',
  got: 'none with this id',
  todo: 'check the id; if it is right, its developer names who sees it, or open the file on its commitment',
  pointer: '/engagement',
} as const;
const noSuchRule = {
  code: 'no-such-rule',
  expected: 'a threshold rule that you may see',
  got: 'none with this id',
  todo: 'take the id from the rules, or leave it out',
  pointer: '/rule',
} as const;
const oneOfTwo = {
  code: 'one-of-two',
  expected: 'an engagement here, or the commitment of one elsewhere',
  got: 'both, or neither',
  todo: 'name one of the two',
} as const;
const officialUnclear = {
  code: 'official-unclear',
  expected: 'who is to determine, where the installation has not exactly one such party',
  got: 'nobody named',
  todo: 'name the official’s party',
  pointer: '/official',
} as const;
