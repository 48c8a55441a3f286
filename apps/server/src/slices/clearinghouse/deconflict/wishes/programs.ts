import { wishes as contract, type Output } from '@breakwater/contract';
import {
  type DisclosureProgram,
  type NotUnderstood,
  readPrograms,
} from '@breakwater/formats/disclosure-programs';
import {
  bytesToHex,
  canonicalJson,
  fromBase64,
  fromUtf8,
  type Id,
  ok,
  type Result,
  refuse,
  utf8,
} from '@breakwater/kernel';
import { parseTarget } from '@breakwater/scope';
import { pageFrom, parseCursor } from '../../../../page.ts';
import { newId } from '../../../../platform/clock/clock.ts';
import { levels } from '../../../../platform/commands/audience.ts';
import type { ContentRef, ContentStore } from '../../../../platform/content/content.ts';
import { type Call, type Route, responseOf, route } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import {
  findSource,
  type KnownProgram,
  knownPrograms,
  listPrograms,
  movePrograms,
  putPrograms,
  putSource,
  takeAway,
} from './program-store.ts';
import { programView, type SaidOfProgram } from './program-views.ts';

type Imported = Output<typeof contract.importPrograms>;

/** The operations by which published disclosure programs come in and are listed. */
export function programRoutes(services: Services): readonly Route[] {
  return [
    route(contract.importPrograms, (call) => importPrograms(services, call)),
    route(contract.programs, async ({ query }) => {
      const page = { after: parseCursor(query.after), limit: query.limit };
      const source = query.source === undefined ? null : sourceOf(services.content, query.source);
      const rows = await services.database.read((r) => listPrograms(r, source, page));
      const shown = await Promise.all(
        rows.slice(0, query.limit).map((row) => programView(services, row)),
      );
      return ok(
        pageFrom(
          rows,
          query.limit,
          shown.filter((each) => each !== null),
        ),
      );
    }),
  ];
}

/** Rows that are told one by one; of what is beyond, how many. */
const toldMax = 1_000;

/**
 * DCF-58: a whole directory in one act. What is in it as it was before is not written again, so
 * that the same file twice changes nothing.
 */
async function importPrograms(
  services: Services,
  { actor, body, envelope }: Call<typeof contract.importPrograms>,
): Promise<Result<Imported>> {
  const { content } = services;
  const read = readPrograms(fromBase64(body.file) ?? new Uint8Array(), body.format);
  if (!read.ok) {
    const { expected, got, todo } = read.refusal;
    return refuse({ code: 'file-unreadable', expected, got, todo, pointer: '/file' });
  }
  if (actor.id === 'administrator' || actor.id === 'system') throw new Error('expected a party');
  const party = actor.id;
  const source = sourceOf(content, body.source);
  const placed = placePrograms(content, read.value.programs);
  const about = { name: body.source, from: body.from ?? null, license: body.license };
  const known = await services.database.read((r) => knownPrograms(r, source));
  const wanted = changesTo(known, placed.programs).put;
  const kept = await keepAll(content, [about, ...wanted.map(({ said }) => said)]);
  const [sourceRef, ...refs] = kept;
  const saidOf = new Map(wanted.map((each, i) => [hexOf(each.key), refs[i]]));
  const notUnderstood = [...read.value.notUnderstood, ...placed.notUnderstood];
  const executed = await services.execute<Imported>(envelope, async (tx, now) => {
    const prior = await findSource(tx, source);
    if (prior !== null && prior.at > body.at) return refuse(older(prior.at));
    const changes = changesTo(await knownPrograms(tx, source), placed.programs);
    const puts = changes.put.flatMap((each) => {
      const said = saidOf.get(hexOf(each.key));
      return said === undefined ? [] : [{ ...each, said }];
    });
    if (puts.length < changes.put.length || sourceRef === undefined) return refuse(meanwhile);
    await putSource(tx, { source, party, at: body.at, said_content: sourceRef.id });
    await putPrograms(
      tx,
      source,
      puts.map((each) => ({ ...each, said: each.said.id })),
    );
    await movePrograms(tx, changes.moved);
    await takeAway(tx, changes.gone, now);
    const counts = {
      programs: placed.programs.length,
      scopes: placed.programs.reduce((sum, { scopes }) => sum + scopes.length, 0),
      added: changes.put.length - changes.changed,
      changed: changes.changed,
      unchanged: placed.programs.length - changes.put.length,
      gone: changes.gone.length,
    };
    return ok({
      events: [{ act: 'deconflict.programs-imported', subject: sourceRef.id, data: { ...counts } }],
      contents: [
        { ref: sourceRef, subject: sourceRef.id, level: levels.summary },
        ...puts.map(({ said: ref, id: subject }) => ({ ref, subject, level: levels.summary })),
      ],
      response: {
        ...counts,
        notUnderstood: notUnderstood.slice(0, toldMax).map((each) => ({ ...each })),
        notUnderstoodMore: Math.max(0, notUnderstood.length - toldMax),
      },
    });
  });
  return responseOf(executed);
}

interface Placed {
  readonly key: Uint8Array;
  readonly digest: Uint8Array;
  readonly place: number;
  readonly said: SaidOfProgram;
  readonly scopes: readonly { readonly lineage: string; readonly line: number }[];
}

/** Programs with the places their lines name; lines that name none are told. */
function placePrograms(content: ContentStore, programs: readonly DisclosureProgram[]) {
  const notUnderstood: (Omit<NotUnderstood, 'code'> & { code: string })[] = [];
  const own = ownHosts(programs);
  const placed = programs.map((program, place): Placed => {
    const lines = program.scopes.map(({ where, written, says, kind }) => {
      const target = parseTarget(written);
      if (!target.ok) {
        const text = `names no place: ${written.slice(0, 200)}`;
        notUnderstood.push({ where, code: target.refusal.code, text });
      }
      const at = target.ok ? target.value : null;
      return { written, target: at?.text ?? null, lineage: at?.lineage ?? null, says, kind };
    });
    const hosts = (own.get(program.key) ?? []).map(({ text, lineage }) => {
      return { written: text, target: text, lineage, says: 'unsaid' as const, kind: 'host' };
    });
    const { name, policy, contacts, safeHarbor } = program;
    const scopes = [...lines, ...hosts];
    const said = { name, policy, contacts: [...contacts], safeHarbor, scopes };
    return {
      key: content.blind(`deconflict.program\n${program.key}`),
      digest: content.blind(`deconflict.program-said\n${fromUtf8(canonicalJson(said))}`),
      place,
      said,
      scopes: scopes.flatMap(({ lineage }, line) => (lineage === null ? [] : [{ lineage, line }])),
    };
  });
  return { programs: placed, notUnderstood };
}

/** A host that so many programs of a directory name is a platform's, and nobody's own. */
const sharedBy = 3;

/**
 * Hosts a program speaks on: its own name, where that is one, and where its policy and its
 * security.txt lie. They are no scope; they make it found.
 */
function ownHosts(programs: readonly DisclosureProgram[]) {
  const hosts = new Map<string, readonly { text: string; lineage: string }[]>();
  const counts = new Map<string, number>();
  for (const { key, name, policy, securityTxt } of programs) {
    const named = [
      /^[^\s/]+\.[a-z]{2,}$/i.test(name) ? name : null,
      hostIn(policy),
      hostIn(securityTxt),
    ];
    const found = new Map<string, { text: string; lineage: string }>();
    for (const each of named) {
      const target = each === null ? null : parseTarget({ kind: 'host', text: each });
      if (target?.ok === true && target.value.kind === 'host' && !target.value.below) {
        found.set(target.value.text, target.value);
      }
    }
    for (const text of found.keys()) counts.set(text, (counts.get(text) ?? 0) + 1);
    hosts.set(key, [...found.values()]);
  }
  return new Map(
    [...hosts].map(([key, list]) => [
      key,
      list.filter(({ text }) => (counts.get(text) ?? 0) < sharedBy),
    ]),
  );
}

function hostIn(address: string | null): string | null {
  return address !== null && URL.canParse(address) ? new URL(address).hostname : null;
}

/** What an import changes: put anew, in another place, gone. */
function changesTo(known: readonly KnownProgram[], programs: readonly Placed[]) {
  const before = new Map(known.map((each) => [hexOf(each.key), each]));
  const put: (Placed & { readonly id: Id<'program'> })[] = [];
  const moved: Pick<KnownProgram, 'id' | 'place'>[] = [];
  let changed = 0;
  for (const program of programs) {
    const name = hexOf(program.key);
    const prior = before.get(name);
    before.delete(name);
    if (prior === undefined) put.push({ ...program, id: newId('program') });
    else if (prior.gone || hexOf(prior.digest) !== hexOf(program.digest)) {
      put.push({ ...program, id: prior.id });
      if (!prior.gone) changed += 1;
    } else if (prior.place !== program.place) moved.push({ id: prior.id, place: program.place });
  }
  return {
    put,
    moved,
    changed,
    gone: [...before.values()].filter((each) => !each.gone).map(({ id }) => id),
  };
}

/** Puts items at once, in bundles that the store takes. */
async function keepAll(content: ContentStore, items: readonly object[]): Promise<ContentRef[]> {
  const refs: ContentRef[] = [];
  for (let at = 0; at < items.length; at += bundle) {
    const bytes = items.slice(at, at + bundle).map((item) => ({
      bytes: utf8(JSON.stringify(item)),
      mediaType: 'application/json',
      name: 'program.json',
    }));
    refs.push(...(await content.putAll(bytes)));
  }
  return refs;
}

const bundle = 500;

function sourceOf(content: ContentStore, name: string): Uint8Array {
  return content.blind(`deconflict.program-source\n${name.toLowerCase()}`);
}

function hexOf(bytes: Uint8Array): string {
  return bytesToHex(new Uint8Array(bytes));
}

function older(at: string) {
  return {
    code: 'file-older',
    expected: `a file of this directory that is not older than the one of ${at}`,
    got: 'an older one',
    todo: 'take the newest',
    pointer: '/at',
  } as const;
}

const meanwhile = {
  code: 'imports-busy',
  expected: 'nobody else to take in the same directory at the same time',
  got: 'another import in between',
  todo: 'send it again',
} as const;
