import { idOf, inDays, sha } from './names.ts';

const operators = [
  ['Lakeside Rural Hospital', 'done'],
  ['Cedar County Water District', 'done'],
  ['First Prairie Bank', 'helper'],
  ['Port of Alder', 'open'],
  ['Northfield School District', 'open'],
] as const;
/** Who runs an affected version. */
export const exposure = {
  inventories: 100,
  affected: 5,
  done: 2,
  helper: 1,
  items: operators.map(([name, status], at) => ({
    notice: idOf('notice', at + 1),
    operator: { id: idOf('party', 20 + at), name },
    status,
    component: 'libcjson1',
    version: '1.7.15-1',
    dueAt: '2026-12-04T17:00:00.000Z',
  })),
};

/** What one of them is told. */
export const notice = {
  id: idOf('notice', 4),
  advisory: 'BW-2026-0007',
  inventory: { id: idOf('inventory', 1), name: 'Gate controllers, dpkg list' },
  createdAt: '2026-11-20T17:00:02.000Z',
  status: 'open',
  receipt: null,
  asHelper: false,
  helper: null,
  revision: 1,
  card: {
    headline: 'Update libcjson1 on your gate controllers',
    why: 'A crafted message can crash the program that reads it, and may show it other memory.',
    steps: [
      {
        text: 'Install the fixed version.',
        command: 'apt-get install --only-upgrade libcjson1=1.7.15-1+deb12u4',
      },
      { text: 'Restart the programs that use it, or the machine.', command: null },
    ],
    patch: { id: idOf('patch', 2), sha256: sha('a'), attestation: idOf('attestation', 2) },
    dueAt: inDays(14),
    dueBecause:
      'You have 14 days.\nBOD 26-04 Table 1, row N Y Y P: 14 calendar days from publication.',
    where: [
      {
        component: 'libcjson1',
        version: '1.7.15-1',
        fixed: '1.7.15-1+deb12u4',
        reason: '1.7.15-1 is older than the fixed version in Debian’s own order',
        path: null,
      },
    ],
    advisory: 'BW-2026-0007',
  },
};
