import { createCipheriv, hkdfSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  concatBytes,
  ok,
  parseInstant,
  type Result,
  refuse,
  toInstant,
  utf8,
} from '@breakwater/kernel';
import { entryBytes, entryInfo, handleBytes, openBucket } from '@breakwater/precheck';
import {
  formatAddress,
  formatExtent,
  formatPlace,
  formatVers,
  neverUntil,
  parseAddress,
  parseCommits,
  parseException,
  parseExtent,
  parseNeverTimes,
  parsePlace,
  parseTarget,
  parseVers,
  parseWeaknesses,
} from '@breakwater/scope';
import { z } from 'zod';
import { all, jsonOf, orNull, type Reader, root, textOf, written } from '../reader.ts';

const commits = { after: 'a'.repeat(40), until: 'b'.repeat(12), ids: ['c'.repeat(40)] };
const extent = {
  targets: ['pkg:npm/lodash', 'repo:github.com/acme/lib#src', '*.example.org', '10.0.0.0/8'],
  versions: 'vers:npm/>=1.0.0|!=1.2.3|<2.0.0',
  commits,
  places: [
    { target: 'pkg:deb/debian/cjson', versions: 'vers:deb/<1.7.15-1|>=2' },
    { target: 'cpe:2.3:a:acme:thing:*:*:*:*:*:*:*:*' },
  ],
  except: ['intern.example.org', 'repo:github.com/acme/lib#src/test', '10.1.0.0/16'],
  methods: ['read', 'static', 'fuzz', 'passive'],
  weaknesses: ['CWE-119', 'CWE-79'],
  exceptWeaknesses: ['CWE-787'],
  from: '2026-02-01T00:00:00.000Z',
  until: '2026-03-01T00:00:00.000Z',
};
const code = {
  ...extent,
  targets: ['https://github.com/acme/lib'],
  versions: undefined,
  except: ['repo:github.com/acme/lib#test'],
  methods: ['read', 'fuzz'],
};
const never = {
  zone: 'Europe/Berlin',
  weekly: [{ days: [1, 7], from: '22:00', until: '06:00' }],
  once: [{ from: '2026-12-24T00:00:00.000Z', until: '2026-12-27T00:00:00.000Z' }],
};
const monday = toInstant(new Date('2026-02-02T00:00:00.000Z'));

// The types alone: how long and how many is for the package to bound, whoever calls it.
const Texts = z.array(z.string());
const Commits = z.object({
  after: z.string().optional(),
  until: z.string().optional(),
  ids: Texts.optional(),
});
const Place = z.object({
  target: z.string(),
  versions: z.string().optional(),
  commits: Commits.optional(),
});
const Extent = z.object({
  targets: Texts.optional(),
  versions: z.string().optional(),
  commits: Commits.optional(),
  places: z.array(Place).optional(),
  except: Texts.optional(),
  methods: Texts,
  weaknesses: Texts.optional(),
  exceptWeaknesses: Texts.optional(),
  from: z.string(),
  until: z.string().nullable(),
});
const Moment = z.string().transform((text, context) => {
  const moment = parseInstant(text);
  if (moment !== null) return moment;
  context.addIssue({ code: 'custom', message: 'expected a moment' });
  return z.NEVER;
});
const times = { from: z.string(), until: z.string(), days: z.array(z.number()) };
const NeverTimes = z.object({
  zone: z.string(),
  weekly: z.array(z.object(times)),
  once: z.array(z.object({ from: Moment, until: Moment })),
});
const Weaknesses = z.object({ only: Texts, except: Texts.optional() });

/** What JSON says in the shape that a caller gives; anything else is refused before it. */
function shaped<T>(shape: z.ZodType<T>, read: (input: T) => Result<unknown>) {
  return (document: Uint8Array): Result<unknown> => {
    const input = shape.safeParse(jsonOf(document));
    return input.success ? read(input.data) : refuse(otherShape);
  };
}

const otherShape = {
  code: 'other-shape',
  expected: 'the shape that a caller gives',
  got: 'another one',
  todo: 'see there',
} as const;

/** Throws where what was written of a value is not read as the same again. */
function sameAgain(first: Result<unknown>, again: () => Result<unknown>): Result<unknown> {
  if (!first.ok) return first;
  const [once, twice] = [JSON.stringify(first), JSON.stringify(again())];
  if (once === twice) return first;
  throw new Error(`read as ${once.slice(0, 300)}, and what is written of it as ${twice}`);
}

/** Every target of the table of pairs, as somebody wrote it. */
function targets(): Uint8Array[] {
  const table = readFileSync(join(root, 'packages/scope/vectors/pairs.tsv'), 'utf8');
  const rows = table.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return rows.flatMap((row) => row.split('\t').slice(1, 3)).map((text) => utf8(text));
}

const sealed = {
  output: new Uint8Array(64).fill(7),
  epoch: 'epoch_0123456789',
  salt: new Uint8Array(16).fill(9),
};

/** A bucket in which one entry is the output's, made as RFC 5869 and AES-GCM have it. */
function bucket(): Uint8Array[] {
  const { output, epoch, salt } = sealed;
  const key = hkdfSync('sha256', output, new Uint8Array(32), entryInfo(epoch, salt), 32);
  const cipher = createCipheriv('aes-256-gcm', new Uint8Array(key), new Uint8Array(12));
  const opened = cipher.update(new Uint8Array(handleBytes).fill(1));
  cipher.final();
  const others = new Uint8Array(entryBytes * 7).fill(3);
  return [concatBytes(others, opened, cipher.getAuthTag(), others)];
}

/** What people, programs and peers say of where they look and may look, and answers of a pre-check. */
export const scopeReaders: readonly Reader[] = [
  {
    reads: ['@breakwater/scope#parseTarget'],
    seeds: all(targets, written('pkg:npm/lodash', '*.example.org', '2001:db8::/32')),
    read: (document) => {
      const target = parseTarget(textOf(document));
      return sameAgain(target, () =>
        target.ok ? parseTarget({ kind: target.value.kind, text: target.value.text }) : target,
      );
    },
  },
  {
    reads: ['@breakwater/scope#parsePlace'],
    seeds: all(
      targets,
      written('pkg:npm/lodash@4.17.20', `https://github.com/acme/lib@${'a'.repeat(40)}`),
    ),
    read: (document) => {
      const place = parsePlace(textOf(document));
      return sameAgain(place, () => (place.ok ? parsePlace(formatPlace(place.value)) : place));
    },
  },
  {
    reads: ['@breakwater/scope#parseException'],
    seeds: all(targets, written('*://www.example.org:443,8443/admin/', '*://example.org/')),
    read: (document) => parseException(textOf(document)),
  },
  {
    reads: ['@breakwater/scope#parseExtent'],
    seeds: written({ ...extent, commits: undefined, versions: undefined }, code),
    read: shaped(Extent, (input) => {
      const read = parseExtent(input);
      return sameAgain(read, () => (read.ok ? parseExtent(formatExtent(read.value)) : read));
    }),
  },
  {
    reads: ['@breakwater/scope#parseVers'],
    seeds: written(
      'vers:npm/>=1.0.0|!=1.2.3|<2.0.0',
      'vers:deb/<1%3A2.38-5|>=2',
      'vers:pypi/*',
      'vers:unheard-of/=1|=2',
    ),
    read: (document) => {
      const range = parseVers(textOf(document));
      return sameAgain(range, () => (range.ok ? parseVers(formatVers(range.value)) : range));
    },
  },
  {
    reads: ['@breakwater/scope#parseCommits'],
    seeds: written(commits, { until: 'abcdef0' }),
    read: shaped(Commits, parseCommits),
  },
  {
    reads: ['@breakwater/scope#parseWeaknesses'],
    seeds: written({ only: ['CWE-119', 'CWE-79'], except: ['CWE-787'] }, { only: [] }),
    read: shaped(Weaknesses, ({ only, except }) => {
      const read = parseWeaknesses(only, except);
      if (!read.ok) return read;
      return sameAgain(read, () => parseWeaknesses(read.value.only, read.value.except));
    }),
  },
  {
    reads: ['@breakwater/scope#parseNeverTimes'],
    seeds: written(never, { zone: 'UTC', weekly: [], once: [] }),
    read: shaped(NeverTimes, (input) => {
      const read = parseNeverTimes(input);
      return read.ok ? ok([read.value, neverUntil(read.value, monday)]) : read;
    }),
  },
  {
    reads: ['@breakwater/scope#parseAddress'],
    seeds: written('192.0.2.1', '2001:db8::1', '::ffff:192.0.2.1', '::'),
    read: (document) => {
      const address = parseAddress(textOf(document));
      if (address === null) return orNull(null);
      return sameAgain(ok(address), () => orNull(parseAddress(formatAddress(address))));
    },
  },
  {
    // The server that answers chooses the salt as well; `ask` takes no bucket of another length.
    reads: ['@breakwater/precheck#openBucket'],
    seeds: bucket,
    // 256 entries are tried twice.
    share: 0.25,
    read: (document) => {
      const bucket = document.subarray(0, 256 * entryBytes);
      openBucket(bucket, { ...sealed, salt: document });
      return orNull(openBucket(bucket, sealed));
    },
  },
];
