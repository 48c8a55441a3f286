import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { distribute, type Notice } from '@breakwater/contract';
import { z } from 'zod';
import { addPerson, type Person } from './people.ts';
import type { ServerProcess } from './server.ts';

const folder = path.join(import.meta.dirname, '../inventories');

const Expected = z.object({
  inventories: z.array(
    z.object({
      file: z.string(),
      sha256: z.string(),
      kind: z.string(),
      release: z.string().optional(),
      verdicts: z.record(
        z.string(),
        z.object({
          affected: z.boolean(),
          nearMiss: z.string().optional(),
          components: z.array(z.string()).optional(),
        }),
      ),
    }),
  ),
});
export type ExpectedInventory = z.infer<typeof Expected>['inventories'][number];

/** The second opinion: made by npm's semver and dpkg, with none of our code. */
export async function readExpected(): Promise<readonly ExpectedInventory[]> {
  const text = await readFile(path.join(folder, 'expected.json'), 'utf8');
  return Expected.parse(JSON.parse(text)).inventories;
}

export interface Operator extends Person {
  readonly expected: ExpectedInventory;
}

/** One scripted operator for each inventory, with the inventory uploaded. */
export async function addOperators(
  server: ServerProcess,
  expected: readonly ExpectedInventory[],
): Promise<Operator[]> {
  const operators: Operator[] = [];
  const queue = [...expected.entries()];
  async function work(): Promise<void> {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [number, inventory] = next;
      operators[number] = await addOperator(server, number, inventory);
    }
  }
  await Promise.all(Array.from({ length: 6 }, work));
  return operators;
}

async function addOperator(
  server: ServerProcess,
  number: number,
  expected: ExpectedInventory,
): Promise<Operator> {
  const person = await addPerson(
    server,
    `Operator ${String(number + 1).padStart(3, '0')}`,
    'operator',
  );
  const file = await readFile(path.join(folder, expected.file));
  await person.write(`inventory:${expected.file}`, distribute.addInventory, {
    body: {
      name: path.basename(expected.file),
      file: file.toString('base64'),
      ...(expected.release === undefined ? {} : { debianRelease: expected.release }),
    },
  });
  return { ...person, expected };
}

export interface Agreement {
  readonly affected: number;
  readonly nearMisses: number;
  readonly notices: readonly { readonly operator: Operator; readonly notice: Notice }[];
  readonly disagreements: readonly string[];
}

/** Compares who got a card, and for which components, with the second opinion. */
export async function compareNotices(
  operators: readonly Operator[],
  advisoryOf: Readonly<Record<string, string>>,
): Promise<Agreement> {
  const disagreements: string[] = [];
  const notices: { operator: Operator; notice: Notice }[] = [];
  let nearMisses = 0;
  for (const operator of operators) {
    const { items } = await operator.read(distribute.listNotices, {});
    for (const [cve, verdict] of Object.entries(operator.expected.verdicts)) {
      const got = items.filter((n) => n.advisory === advisoryOf[cve]);
      if (verdict.nearMiss !== undefined && !verdict.affected) nearMisses += 1;
      const want = verdict.affected ? [...(verdict.components ?? [])].sort() : [];
      const have = got
        .flatMap((n) => n.card.where.map((w) => `${w.component} ${w.version}`))
        .sort();
      if (got.length !== (verdict.affected ? 1 : 0) || !sameSet(want, have)) {
        disagreements.push(
          `${operator.expected.file}, ${cve}: expected [${want.join()}], got [${have.join()}]`,
        );
      }
    }
    notices.push(...items.map((notice) => ({ operator, notice })));
  }
  return { affected: notices.length, nearMisses, notices, disagreements };
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return [...new Set(a)].join('\n') === [...new Set(b)].join('\n');
}
