import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readSealed, readSuite, sealedCommitments } from '@breakwater/benchmark';
import { runs, suites } from '@breakwater/contract';
import { suiteFolder } from '@breakwater/evaluator/files';
import type { Id } from '@breakwater/kernel';
import { Reporting } from '../../apps/cli/src/api/evaluate/reporting.ts';
import { newLink } from '../../apps/cli/src/api/evaluate/run-link.ts';
import { createTerminal } from '../../apps/cli/src/terminal.ts';
import { runCli } from '../../apps/cli/test/run-cli.ts';
import { beginRun } from '../../apps/evaluator/src/run/run.ts';
import { memoryWorlds } from '../../apps/evaluator/test/memory-world.ts';
import { runAsked, runGiven } from '../../apps/evaluator/test/run-asked.ts';
import { startScriptedModel } from '../../apps/evaluator/test/scripted-model.ts';
import { smallSuite } from '../../apps/evaluator/test/small-suite.ts';
import { solve } from '../../apps/evaluator/test/tasks.ts';
import type { TestParty, TestServer } from '../../apps/server/test/harness.ts';

/** A suite on an evaluator's machine, committed to, and sealed on the server. */
export interface OwnSuite extends AsyncDisposable {
  readonly id: Id<'suite'>;
  /** Its root, as a rule names it. */
  readonly commitment: string;
  /** Runs it with the scripted model server, tells the server of it, and hands the log in. */
  run(server: TestServer): Promise<Id<'run'>>;
}

export async function sealOwnSuite({ client, key }: TestParty): Promise<OwnSuite> {
  const place = await mkdtemp(path.join(tmpdir(), 'breakwater-framework-'));
  const suite = await smallSuite(place);
  const committed = await runCli(['benchmark', 'commit', suite]);
  if (committed.code !== 0) throw new Error(committed.err);
  const sealed = readSealed(await readFile(`${suite}.sealed.json`));
  const read = await readSuite(suiteFolder(suite));
  if (!sealed.ok || !read.ok) throw new Error('expected a sealed suite');
  const commitments = sealedCommitments(sealed.value, read.value.items);
  if (!commitments.ok) throw new Error(commitments.refusal.got);
  const commitment = sealed.value.root;
  const { suite: id } = await client.call(suites.seal, {
    body: {
      title: 'Harbor tasks',
      commitment,
      items: commitments.value.map((each) => ({ commitment: each })),
    },
  });
  return {
    id,
    commitment,
    run: async (server) => {
      const asked = { place, suite, id, key, sealed: sealed.value };
      return await runIt(server, asked, client);
    },
    [Symbol.asyncDispose]: async () => await rm(place, { recursive: true, force: true }),
  };
}

interface Asked {
  readonly place: string;
  readonly suite: string;
  readonly id: Id<'suite'>;
  readonly key: string;
  readonly sealed: Parameters<typeof sealedCommitments>[0];
}

async function runIt(
  server: TestServer,
  { place, suite, id, key, sealed }: Asked,
  client: TestParty['client'],
): Promise<Id<'run'>> {
  await using model = await startScriptedModel({ answer: solve });
  const to = reporting({ folder: path.join(place, 'run'), address: server.address, id, key });
  const asked = { ...runAsked(suite, model.openai), sealed, epochs: 2 };
  const done = await beginRun(path.join(place, 'run'), asked, {
    ...runGiven(memoryWorlds()),
    onProgress: (progress) => to.tell(progress),
    onReady: async (file) => await to.ready(file),
  });
  if (!done.ok) throw new Error(done.refusal.got);
  const handed = await to.end(done.value.log);
  if (handed?.state !== 'taken-in') throw new Error(JSON.stringify(handed));
  const { items } = await client.call(runs.runs, { query: { suite: id } });
  const [only] = items;
  if (only === undefined) throw new Error('expected the run on the server');
  return only.id;
}

interface Told {
  readonly folder: string;
  readonly address: string;
  readonly id: Id<'suite'>;
  readonly key: string;
}

function reporting({ folder, address, id, key }: Told): Reporting {
  const nowhere = { write: () => 0 };
  return new Reporting({
    folder,
    link: newLink({ suiteId: id }, address),
    isNew: true,
    given: { args: [], options: {} },
    context: {
      terminal: createTerminal(nowhere, nowhere),
      environment: {
        server: undefined,
        key,
        ...{ dataDirectory: '/nowhere', cacheDirectory: '/nowhere', localDirectory: '/nowhere' },
        variables: {},
      },
      signal: new AbortController().signal,
      stdin: (async function* () {})(),
    },
    sleep: async (_, signal) => await pause(10, undefined, { signal }),
  });
}
