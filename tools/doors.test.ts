import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { operations } from '@breakwater/contract';
import { expect, test } from 'vitest';
import { byTime, disclosures, files, mails, paths, sockets } from './door-list.ts';
import { doorsText } from './doors.ts';

const root = resolve(import.meta.dirname, '..');
const read = (name: string) => readFileSync(join(root, name), 'utf8');
const sources = globSync('apps/server/src/**/*.ts', { cwd: root })
  .filter((file) => !/\.(test|conformance|fixture)\.ts$/.test(file))
  .map((file) => ({ file, text: read(file) }));

test('docs/doors.md is current: node tools/doors.ts --write renews it', () => {
  expect(read('docs/doors.md')).toBe(doorsText());
});

test('every path that the server serves beside the operations is a door of the list', () => {
  const served = sources.flatMap(({ text }) => {
    const named = [...text.matchAll(/const (\w+) = '(\/[^']*)';/g)];
    const value = (name: string) => named.find(([, known]) => known === name)?.[2] ?? name;
    return [...text.matchAll(/\bapp\s*\.(?:get|post|put|delete|all)\(\s*(['`\w][^,]*),/g)].map(
      ([, given]) => {
        const plain = /^['`](.*)['`]$/.exec(given ?? '')?.[1];
        if (plain === undefined) return value(given ?? '');
        return plain.replace(/\$\{(\w+)\}/g, (_, name: string) => value(name));
      },
    );
  });
  // The pages of the web client are a list of their own.
  const beside = [...new Set(served)].filter((path) => path !== 'page').toSorted();
  expect(beside).toEqual(paths.map(({ door }) => door).toSorted());
});

test('every socket that is listened on is a door of the list', () => {
  const listening = sources
    .filter(({ text }) => /\b(?:listen|listenPlainly|PGLiteSocketServer)\(/.test(text))
    .map(({ file }) => file);
  expect(listening.toSorted()).toEqual([
    'apps/server/src/gateway-metrics.ts',
    'apps/server/src/platform/database/embedded-process.ts',
    'apps/server/src/platform/edge/listen.ts',
    'apps/server/src/slices/frontier/gateway/wire/gateway.ts',
    'apps/server/src/start.ts',
  ]);
  expect(sockets).toHaveLength(5);
});

test('everything that is put into the data directory is a door of the list', () => {
  const starting = ['apps/server/src/start.ts', 'apps/server/src/main.ts'].map(read).join('\n');
  const put = [...starting.matchAll(/(?:inData\(|[dD]ataDirectory, )'([a-z./]+)'/g)].map(
    ([, name]) => name ?? '',
  );
  const listed = [...files, ...sockets].map(({ door }) =>
    door.split(/[ ,]/)[0]?.replace(/\/$/, ''),
  );
  expect(put.length).toBeGreaterThan(6);
  expect([...new Set(put)].filter((name) => !listed.includes(name))).toEqual([]);
});

test('every kind of mail is a door of the list', () => {
  const kinds = sources.flatMap(({ text }) =>
    [...text.matchAll(/\bsubject: '([a-z]+)', text\b/g)].map(([, kind]) => kind ?? ''),
  );
  const listed = new Set(mails.map(({ door }) => door));
  expect([...new Set(kinds)].toSorted()).toEqual([...listed].toSorted());
});

test('every disclosure has one number, and a door that is named beside it', () => {
  const page = read('docs/rules/disclosures.md');
  const numbers = [...page.matchAll(/^- \*\*(D-\d+)\*\*/gm)].map(([, number]) => number ?? '');
  expect(numbers.toSorted()).toEqual([...new Set(numbers)].toSorted());
  const told = [...paths, ...sockets, ...files, ...mails].flatMap((door) => door.disclosures);
  const named = new Set([...told, ...byTime, ...Object.values(disclosures).flat()]);
  expect([...named].toSorted()).toEqual(numbers.toSorted());
  const known = new Set(operations.map(({ id }) => id));
  expect(Object.keys(disclosures).filter((id) => !known.has(id))).toEqual([]);
});
