import type { Answer, Twin, Watcher, Wish } from './twin.ts';

interface Seen {
  readonly twin: Twin;
  readonly wish: Wish;
  readonly watcher: Watcher;
}

/**
 * A fault of a server, planted between it and those who look, on both servers alike: each tells
 * something that depends on rows the watcher may not see. The test has to find every one.
 */
export interface Leak {
  readonly name: string;
  readonly answer?: (answer: Answer, seen: Seen) => Promise<Answer>;
  readonly mail?: (
    mail: readonly string[],
    seen: Pick<Seen, 'twin' | 'watcher'>,
  ) => Promise<readonly string[]>;
  readonly stream?: (
    hints: readonly string[],
    seen: Pick<Seen, 'twin' | 'watcher'>,
  ) => Promise<readonly string[]>;
}

interface List {
  items: { id?: string }[];
  next?: string | null;
}

export const leaks: readonly Leak[] = [
  {
    name: 'count: a list tells how many there are, of all',
    answer: onLists(async (list, twin) => ({ ...list, total: await casesIn(twin) })),
  },
  {
    name: 'order: a list is sorted by something that hidden rows move',
    answer: onLists(async (list, twin) => {
      const turn = (await casesIn(twin)) % 2 === 1;
      return turn ? { ...list, items: [...list.items].reverse() } : list;
    }),
  },
  {
    name: 'cursor: a page goes on from a position among all rows',
    answer: onLists(async (list, twin) => ({ ...list, next: `row-${await casesIn(twin)}` })),
  },
  {
    name: 'error text: a refusal says that the thing is there',
    answer: onHiddenIds((answer) => ({
      ...answer,
      body: answer.body.replace('none with this id', 'one that is not yours'),
    })),
  },
  {
    name: 'status: what is there and not theirs is forbidden instead of missing',
    answer: onHiddenIds((answer) => ({ ...answer, status: 403 })),
  },
  {
    name: 'search hit: words are looked for in all that there is',
    async answer(answer, { twin, wish }) {
      if (!wish.path.startsWith('/v1/search')) return answer;
      const { key } = twin.crews.hidden.coordinator;
      const all = await twin.server.send({ ...wish, key });
      return { ...answer, body: await all.text() };
    },
  },
  {
    name: 'event stream: a hint is sent for every change, whoever may see it',
    async stream(hints, { twin }) {
      const { rows } = await twin.server.services.database.raw(
        'select subject from journal.entry order by at, id',
      );
      return [...hints, ...rows.map((row) => String(row['subject']))];
    },
  },
  {
    name: 'id: what is new gets the next number of all',
    async answer(answer, { twin, wish }) {
      if (wish.method !== 'POST' || answer.status !== 200) return answer;
      const number = await casesIn(twin);
      return { ...answer, body: answer.body.replace(/"case_\w+"/, `"case-${number}"`) };
    },
  },
  {
    name: 'size: an answer is padded by what was left out of it',
    answer: onLists(async (list, twin) => ({ ...list, pad: ' '.repeat(await casesIn(twin)) })),
  },
  {
    name: 'claims: an answer about one path tells how many claims there are, of all',
    async answer(answer, { twin, wish }) {
      if (!wish.path.startsWith('/v1/claims') || answer.status !== 200) return answer;
      return { ...answer, body: answer.body.replace('{', `{"of":${await claimsIn(twin)},`) };
    },
  },
  {
    name: 'benchmarks: an answer about one suite or run tells how many there are, of all',
    async answer(answer, { twin, wish }) {
      if (!/^\/v1\/(suites|runs|items|samples)/.test(wish.path)) return answer;
      return { ...answer, body: answer.body.replace('{', `{"of":${await runsIn(twin)},`) };
    },
  },
  {
    name: 'framework: an answer about engagements tells how many there are, of all',
    async answer(answer, { twin, wish }) {
      if (!/^\/v1\/(engagements|models|windows|grants)/.test(wish.path)) return answer;
      return { ...answer, body: answer.body.replace('{', `{"of":${await engagementsIn(twin)},`) };
    },
  },
  {
    name: 'designating: an answer about files tells how many determinations there are, of all',
    async answer(answer, { twin, wish }) {
      if (!/^\/v1\/(files|rules|determinations)/.test(wish.path)) return answer;
      return { ...answer, body: answer.body.replace('{', `{"of":${await filesIn(twin)},`) };
    },
  },
  {
    name: 'gateway: an answer about keys tells how many there are, of all',
    async answer(answer, { twin, wish }) {
      if (!wish.path.startsWith('/v1/gateway')) return answer;
      return { ...answer, body: answer.body.replace('{', `{"of":${await keysIn(twin)},`) };
    },
  },
  {
    name: 'mail: a digest is sent on days on which anything happened at all',
    async mail(mail, { twin }) {
      const number = await casesIn(twin);
      return [...mail, ...Array.from({ length: number }, () => 'There is something new.')];
    },
  },
];

function onLists(change: (list: List, twin: Twin) => Promise<object>): NonNullable<Leak['answer']> {
  return async (answer, { twin, wish }) => {
    if (wish.method !== 'GET' || answer.status !== 200 || !answer.body.startsWith('{"items":')) {
      return answer;
    }
    const list = JSON.parse(answer.body) as List;
    return { ...answer, body: JSON.stringify(await change(list, twin)) };
  };
}

/** Changes answers about ids that are in the database, whoever asks. */
function onHiddenIds(change: (answer: Answer) => Answer): NonNullable<Leak['answer']> {
  return async (answer, { twin, wish }) => {
    const id = /[a-z]+_[0-9a-z]{26}/.exec(wish.path)?.[0];
    if (id === undefined || answer.status !== 404) return answer;
    const { rows } = await twin.server.services.database.raw(
      'select 1 from journal.entry where subject = $1 or content like $2 limit 1',
      [id, `%${id}%`],
    );
    return rows.length === 0 ? answer : change(answer);
  };
}

async function casesIn(twin: Twin): Promise<number> {
  const { rows } = await twin.server.services.database.raw(
    "select count(distinct subject)::int as n from journal.entry where act = 'correlate.opened'",
  );
  return Number(rows[0]?.['n']);
}

async function claimsIn(twin: Twin): Promise<number> {
  const { rows } = await twin.server.services.database.raw(
    'select count(*)::int as n from deconflict.claim',
  );
  return Number(rows[0]?.['n']);
}

async function runsIn(twin: Twin): Promise<number> {
  const { rows } = await twin.server.services.database.raw(
    'select (select count(*) from benchmark.suite)::int + (select count(*) from benchmark.run)::int as n',
  );
  return Number(rows[0]?.['n']);
}

async function engagementsIn(twin: Twin): Promise<number> {
  const { rows } = await twin.server.services.database.raw(
    'select count(*)::int as n from engage.engagement',
  );
  return Number(rows[0]?.['n']);
}

async function filesIn(twin: Twin): Promise<number> {
  const { rows } = await twin.server.services.database.raw(
    'select (select count(*) from designate.file)::int + (select count(*) from designate.determination)::int as n',
  );
  return Number(rows[0]?.['n']);
}

async function keysIn(twin: Twin): Promise<number> {
  const { rows } = await twin.server.services.database.raw(
    'select (select count(*) from gateway.key)::int + (select count(*) from gateway.request)::int as n',
  );
  return Number(rows[0]?.['n']);
}
