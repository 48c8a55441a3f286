import { wishes as contract, type Output } from '@breakwater/contract';
import { digestOf, hexToBytes, ok, type Result, refuse } from '@breakwater/kernel';
import { namesOf, parseTarget, type RepositoryTarget, type Target } from '@breakwater/scope';
import { newId } from '../../../../platform/clock/clock.ts';
import { partyOf } from '../../../../platform/commands/audience.ts';
import type { CarryOut } from '../../../../platform/commands/together.ts';
import { type Call, type Route, responseOf, route } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { readRepository } from './decide.ts';
import { forgetRenames, namesToAsk, readRenames, renameOf } from './facts.ts';
import { decideNames, mayName, type Named, type NamesWish } from './rename.ts';
import { commitsOf, newestOrders, putOrder, standingRenames } from './store.ts';

/** What is known of repositories that their names do not tell: other names, and order of commits. */
export function namesRoutes(services: Services): readonly Route[] {
  const carryOut: CarryOut<NamesWish, Named> = services.inTurn({
    turn: 'deconflict',
    work: decideNames,
  });
  return [
    route(contract.repository, async ({ query }) => {
      const target = parseTarget(query.target);
      if (!target.ok) {
        return refuse({ ...target.refusal, code: 'target-malformed', pointer: '/target' });
      }
      return ok(await factsAbout(services, target.value));
    }),
    route(contract.renameRepository, async ({ body, envelope }) => {
      const from = readRepository(body.from, '/from');
      if (!from.ok) return from;
      const to = readRepository(body.to, '/to');
      if (!to.ok) return to;
      const reason = await services.content.putText(body.reason, 'reason.txt');
      const input = { kind: 'rename', from: from.value, to: to.value, reason } as const;
      const done = responseOf(await carryOut({ envelope, input }));
      forgetRenames(services);
      return done;
    }),
    route(contract.withdrawRename, async ({ body, envelope }) => {
      const from = readRepository(body.from, '/from');
      if (!from.ok) return { ok: false, refusal: { ...from.refusal, code: 'target-malformed' } };
      const reason = await services.content.putText(body.reason, 'reason.txt');
      const input = { kind: 'withdraw', from: from.value, reason } as const;
      const done = responseOf(await carryOut({ envelope, input }));
      forgetRenames(services);
      return done.ok ? ok({ names: done.value.names }) : done;
    }),
    route(contract.orderCommits, (call) => orderCommits(services, call)),
  ];
}

type Facts = Output<typeof contract.repository>;

async function factsAbout(services: Services, target: Target): Promise<Facts> {
  const { content, database, directory } = services;
  const known = await database.read(async (reader) => {
    const renames = await readRenames(reader);
    const rows = await standingRenames(reader);
    const names = namesOf(target, renames);
    const asked = target.kind === 'repository' ? namesToAsk(target, renames) : [];
    const orders = await newestOrders(reader, asked);
    // Its own comes first, as where ranges are compared.
    const [order = null] = orders.toSorted(
      (a, b) => asked.indexOf(a.repository) - asked.indexOf(b.repository),
    );
    const commits = order === null ? [] : await commitsOf(reader, order.id);
    return { rows, names, order, commits };
  });
  const lineages = known.names.map(({ lineage }) => lineage);
  const isAbout = (each: { readonly lineage: string }) =>
    lineages.some((l) => l.startsWith(each.lineage) || each.lineage.startsWith(l));
  const about = known.rows.filter((row) =>
    renameOf(row).some(({ from, to }) => isAbout(from) || isAbout(to)),
  );
  const { order, commits } = known;
  return {
    names: known.names.map(({ text }) => text),
    renames: await Promise.all(
      about.map(async (row) => ({
        from: row.from_target,
        to: row.to_target,
        by: await directory.refOf(row.by_party),
        at: row.at,
        reason: await content.getText(row.reason_content),
      })),
    ),
    order: order && {
      repository: order.repository,
      commits: commits.length,
      first: commits.at(0) ?? '',
      last: commits.at(-1) ?? '',
      by: await directory.refOf(order.by_party),
      at: order.at,
    },
  };
}

/** DCF-19: the order takes the place of the one before. */
async function orderCommits(
  services: Services,
  { actor, body, envelope }: Call<typeof contract.orderCommits>,
): Promise<Result<Output<typeof contract.orderCommits>>> {
  const repository = readRepository(body.repository, '/repository');
  if (!repository.ok) return repository;
  if (repository.value.every) return refuse(oneAlone);
  const read = readOrder(body.commits);
  if (!read.ok) return read;
  return responseOf(
    await services.execute(envelope, async (tx, now) => {
      const allowed = await mayName(tx, [repository.value], { actor, now });
      if (!allowed.ok) return allowed;
      const id = newId('decision');
      const kept = { id, repository: textOf(repository.value), ...read.value, at: now };
      await putOrder(tx, { ...kept, by_party: partyOf(actor) });
      const commits = body.commits.length;
      const data = { commits, digest: digestOf(read.value.commits) };
      return ok({
        events: [{ act: 'deconflict.commits-ordered', subject: id, data }],
        response: { repository: kept.repository, commits },
      });
    }),
  );
}

function textOf({ text }: RepositoryTarget): string {
  return text;
}

function readOrder(
  commits: readonly string[],
): Result<{ readonly commits: Uint8Array; readonly width: number }, 'commits-malformed'> {
  const [first = ''] = commits;
  const sameLength = commits.every((commit) => commit.length === first.length);
  if (!sameLength || new Set(commits).size < commits.length) return refuse(eachOnce);
  return ok({ commits: hexToBytes(commits.join('')), width: first.length / 2 });
}

const oneAlone = {
  code: 'not-a-repository',
  expected: 'one repository',
  got: 'all of an owner’s',
  todo: 'tell the order of each by itself',
  pointer: '/repository',
} as const;
const eachOnce = {
  code: 'commits-malformed',
  expected: 'names of one length, each commit once',
  got: 'a commit twice, or names of two lengths',
  todo: 'send what `git rev-list --first-parent --reverse HEAD` prints',
  pointer: '/commits',
} as const;
