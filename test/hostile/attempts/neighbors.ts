import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { escapeLine } from '../../../apps/cli/src/escape.ts';
import { readRecipe } from '../../../apps/runner/src/recipe/read-recipe.ts';
import { readFrames } from '../../../apps/runner/src/sandbox/frames.ts';
import { parseEvidence } from '../../../apps/runner/src/sandbox/record.ts';
import { readJson } from '../../../packages/formats/src/json/read-json.ts';
import { type Attempt, type AttemptClass, got, held, judged, type Outcome } from './attempt.ts';

const answer = (harm: boolean): Outcome => (harm ? got('it did') : held('not even without us'));
const forgedExit = 'xstatus\t0\t0\t';
const forgedFrame = `\0\0\0${String.fromCharCode(forgedExit.length)}${forgedExit}`;

const forgingTheEnd: Attempt = {
  name: 'print what the launcher says at the end of a run',
  attack: async (ring) => {
    const script = `print "\\0\\0\\0\\x0cxstatus\\t0\\t0\\t"; exit 3;`;
    const { ending } = await ring.inside(script);
    return ending.kind === 'exited' && ending.code === 3 ? held('exit 3') : got(ending.kind);
  },
  control: async () => {
    const kinds: string[] = [];
    const stream = Readable.from([Buffer.from(forgedFrame, 'latin1')], { objectMode: false });
    for await (const { kind } of readFrames(stream)) kinds.push(kind);
    return answer(kinds.join() === 'x');
  },
};

const forgingEvidence: Attempt = {
  name: 'write evidence of its own',
  attack: async (ring) => {
    const script = `
      for my $fd (1 .. 20) { open my $f, ">&=$fd" or next;
        syswrite $f, "attempt\\tforged\\tconnect: yes\\nstatus\\tSeccomp\\t0\\n" }
      print "held: written\\n";`;
    const record = await ring.inside(script);
    const { status, network } = record.evidence;
    const forged = network.attempts.some(({ what }) => what === 'forged');
    return forged || status['Seccomp'] !== '2' ? got('it is in the record') : judged(record);
  },
  control: () => {
    const { attempts, status } = parseEvidence('attempt\tforged\tyes\nstatus\tSeccomp\t0\n');
    return Promise.resolve(answer(attempts.length === 1 && status['Seccomp'] === '0'));
  },
};

const acting = '\u001b]0;owned\u0007\u001b[2J\u009b31m\u202Egnp.exe\rhidden';

const actingOnTerminals: Attempt = {
  name: 'act on the terminal of whoever reads its output',
  attack: async (ring) => {
    const bytes = Buffer.from(`${acting}\nlast`).toString('hex');
    const { stdout } = await ring.inside(`print pack 'H*', '${bytes}';`);
    const shown = escapeLine(Buffer.from(stdout).toString('utf8'));
    return /[\p{Cc}\p{Cf}]/u.test(shown) ? got('it was shown') : held(shown.slice(0, 20));
  },
  control: () => Promise.resolve(answer(/[\p{Cc}\p{Cf}]/u.test(acting))),
};

/** A recipe's folder is copied by its author's rules, until it is read by ours. */
function recipeWith(name: string, prepare: (folder: string, secret: string) => void): Attempt {
  return {
    name,
    attack: async (ring) => {
      const folder = await ring.folder();
      await writeFile(join(folder, 'recipe.json'), '{}');
      prepare(folder, ring.secretFile);
      const read = await readRecipe(folder);
      if (read.ok) return got('it was read');
      const { code, got: came } = read.refusal;
      return code === 'side-file-refused' ? held(came) : { succeeded: false, said: code };
    },
    control: async (ring) => {
      const folder = await ring.folder();
      prepare(folder, ring.secretFile);
      try {
        const text = execFileSync('timeout', ['1', 'cat', join(folder, 'x')], { encoding: 'utf8' });
        return answer(text.includes(ring.secret));
      } catch {
        return got('whoever reads it waits');
      }
    },
  };
}

const depth = 2_000_000;
const deep = () => Buffer.from(`${'['.repeat(depth)}${']'.repeat(depth)}`);

const deepJson: Attempt = {
  name: 'exhaust the stack by nested JSON',
  attack: () => {
    const read = readJson(deep(), { bytesMax: 16 << 20, depthMax: 512 });
    return Promise.resolve(read.ok ? got('it was read') : held(read.refusal.code));
  },
  control: () => {
    try {
      JSON.stringify(JSON.parse(deep().toString()));
      return Promise.resolve(held('written again'));
    } catch (error) {
      return Promise.resolve(answer(error instanceof RangeError));
    }
  },
};

const wideJson: Attempt = {
  name: 'exhaust memory by a wide JSON text',
  attack: () => {
    const read = readJson(Buffer.alloc(17 << 20, '[1,'), { bytesMax: 16 << 20, depthMax: 512 });
    return Promise.resolve(read.ok ? got('it was read') : held(read.refusal.code));
  },
  control: () => {
    const text = `[${'{},'.repeat(1 << 20)}{}]`;
    // Kept, so that only what others left behind can be collected meanwhile, and that but once.
    const kept: unknown[] = [];
    while (kept.length < 4) {
      const before = process.memoryUsage().heapUsed;
      kept.push(JSON.parse(text));
      const grown = process.memoryUsage().heapUsed - before;
      if (grown > 4 * text.length) return Promise.resolve(answer(kept.every(Array.isArray)));
    }
    return Promise.resolve(answer(false));
  },
};

/** Whoever stands between the sandbox and everybody else. */
export const neighbors: AttemptClass = {
  title: 'Trusted neighbors',
  attempts: [
    forgingTheEnd,
    forgingEvidence,
    actingOnTerminals,
    recipeWith('put a link to a file of the host beside a recipe', (folder, secret) =>
      symlinkSync(secret, join(folder, 'x')),
    ),
    recipeWith('put a pipe beside a recipe', (folder) => {
      execFileSync('mkfifo', [join(folder, 'x')]);
    }),
    deepJson,
    wideJson,
  ],
};
