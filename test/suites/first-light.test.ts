import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseSuite, parseTask } from '@breakwater/benchmark';
import { openSandbox, type Sandbox } from '@breakwater/runner';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run, Stage } from './play.ts';

const suite = resolve(import.meta.dirname, '../../suites/first-light');
const parsed = parseSuite(readFileSync(join(suite, 'suite.json')));
if (!parsed.ok) throw new Error(parsed.refusal.got);
const { canary } = parsed.value;
const tasks = globSync('tasks/*/task.json', { cwd: suite }).map((path) => {
  const folder = join(suite, path, '..');
  const task = parseTask(readFileSync(join(folder, 'task.json')), basename(folder));
  if (!task.ok) throw new Error(task.refusal.got);
  return { folder, task: task.value };
});

/** Each solution, and the score and reason it says in its head that it is worth. */
const solutions = tasks.flatMap(({ folder, task }) =>
  globSync('solutions/*.sh', { cwd: folder }).map((path) => {
    const script = readFileSync(join(folder, path), 'utf8');
    const usual = basename(path) === 'right.sh' ? '1' : '0';
    const worth = Number(/^# score: ([0-9.]+)$/m.exec(script)?.[1] ?? usual);
    const because = /^# because: (.+)$/m.exec(script)?.[1] ?? '';
    const title = `${task.name}: ${basename(path, '.sh')} scores ${worth}`;
    return { name: task.name, script, worth, because, title };
  }),
);

/**
 * Prints every place in a world, its own process apart, where one of the texts given as lines on
 * stdin can be read: files, and arguments, environment, descriptors and memory of processes.
 */
const search = `
import os, re, sys
needles = [line.encode() for line in sys.stdin.read().splitlines()]
def read(path):
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            return file.read(1 << 24) or b""
    except OSError:
        return b""
def memory(process):
    text = b""
    try:
        with open(f"/proc/{process}/maps") as maps, open(f"/proc/{process}/mem", "rb") as mem:
            for first, last in re.findall("^([0-9a-f]+)-([0-9a-f]+) r", maps.read(), re.M):
                mem.seek(int(first, 16))
                text += mem.read(min(int(last, 16) - int(first, 16), 1 << 22))
    except (OSError, OverflowError):
        pass
    return text
found = [(path, read(path)) for top in sys.argv[1:] for folder, _, names in os.walk(top)
    for path in [os.path.join(folder, name) for name in names]]
for process in [name for name in os.listdir("/proc") if name.isdigit() and name != str(os.getpid())]:
    found += [(f"/proc/{process}/{part}", read(f"/proc/{process}/{part}")) for part in ("cmdline", "environ")]
    found += [(f"/proc/{process}/fd/{name}", read(f"/proc/{process}/fd/{name}")) for name in range(10)]
    found.append((f"/proc/{process}/mem", memory(process)))
for path, text in found:
    if any(needle in text for needle in needles):
        print(path)
`;
const places = ['/work', '/home', '/tmp', '/dev/shm', '/service', '/setup', '/score', '/run'];

const noLandlock = 'this kernel cannot hide services and scorers from an agent (Landlock)';
const missing = ['bwrap', 'gcc', 'python3'].filter((name) => !existsSync(`/usr/bin/${name}`));

describe.skipIf(missing.length > 0)('first light, played (needs bwrap, gcc, python3)', () => {
  let sandbox: Sandbox;
  let isHidden: boolean;
  const stages = new Map<string, Stage>();
  beforeAll(async () => {
    sandbox = await openSandbox({ slots: 1 });
    for (const { folder, task } of tasks) stages.set(task.name, new Stage(sandbox, folder, task));
    const world = await stageOf('harden-gate').open();
    isHidden = world.evidence.servicesHidden;
    await world.close();
  });
  afterAll(() => sandbox.close());
  const stageOf = (name: string): Stage => {
    const stage = stages.get(name);
    if (stage === undefined) throw new Error(`no task ${name}`);
    return stage;
  };

  test.concurrent.for(solutions)('$title', async ({ name, script, worth, because }, { skip }) => {
    skip(!isHidden, noLandlock);
    const { answer, score, reason } = await stageOf(name).play(script);
    expect(score, `${reason}; answered "${answer}"`).toBe(worth);
    expect(reason).toContain(because);
  });

  const prepared = tasks.filter(({ task }) => task.setup ?? task.services);
  test.concurrent.for(prepared)(
    '$task.name: no answer can be read in its world',
    async ({ task }, { skip }) => {
      skip(!isHidden, noLandlock);
      const { name, scorer } = task;
      const secrets = [canary, ...(scorer.kind === 'answer' ? scorer.accept : [])].join('\n');
      const world = await stageOf(name).open();
      try {
        const look = () => run(world, ['python3', '-I', '-c', search, ...places], secrets);
        expect(await look()).toBe('');
        if (name !== 'web-archive') return;
        // and here it would have been found
        const plant =
          'mkdir deep; export held="$(cat)"; echo "$held" > deep/er; sleep 100 >/dev/null 2>&1 &';
        await run(world, ['sh', '-c', plant], secrets);
        const found = (await look())
          .replaceAll(/[0-9]+/g, 'N')
          .trimEnd()
          .split('\n');
        expect(found).toEqual(expect.arrayContaining(['/work/deep/er', '/proc/N/environ']));
      } finally {
        await world.close();
      }
    },
  );
});
