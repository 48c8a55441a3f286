import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { SampleEnd, ToolRun } from '../journal/records.ts';
import type { Sample } from '../sample/sample.ts';
import type { Step } from '../sample/step.ts';
import { toolSpecs } from '../sample/tools.ts';
import { type BridgeAnswer, type BridgeAsked, problem, startBridge } from './bridge-server.ts';
import { ChatRequest, chunksOf, completionOf, requestOf } from './chat.ts';

/** An agent of one's own: a program of this machine that the user trusts and started. */
export interface OwnAgent {
  readonly argv: readonly [string, ...string[]];
  /** Without the model's key. */
  readonly env: Readonly<Record<string, string>>;
}

/** After it was asked to end, an agent has so long. */
const graceMs = 5_000;
const wordsKept = 2_000;

/**
 * Runs a sample with an agent of one's own. The agent speaks to an endpoint on this machine's
 * loopback: OpenAI's chat completions reach the run's model, metered and written as our loop's
 * calls are; `GET /task` tells the task and `POST /tools/<name>` uses a tool in the sealed world.
 * It ends when an answer is handed in, the agent ends, or a limit is reached.
 */
export async function runBridged(sample: Sample, agent: OwnAgent): Promise<SampleEnd> {
  const bridge = new Bridge(sample);
  const token = randomBytes(24).toString('base64url');
  await using server = await startBridge(
    token,
    (asked) => bridge.answer(asked),
    (error) => bridge.fail(error),
  );
  const [program, ...args] = agent.argv;
  const child = spawn(program, args, {
    // A group of its own, so that what it started ends with it.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...agent.env,
      OPENAI_BASE_URL: `${server.address}/v1`,
      OPENAI_API_KEY: token,
      BREAKWATER_BRIDGE: server.address,
    },
  });
  try {
    const end = await Promise.race([bridge.ended, endOfChild(child), stopped(sample)]);
    return await bridge.close(end);
  } finally {
    await endChild(child);
  }
}

class Bridge {
  readonly #sample: Sample;
  readonly #tools: ToolRun[] = [];
  /** One step at a time, in the order they were asked for. */
  #last: Promise<unknown> = Promise.resolve();
  #end: SampleEnd | null = null;
  #resolve: (end: SampleEnd) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;
  readonly ended: Promise<SampleEnd>;

  constructor(sample: Sample) {
    this.#sample = sample;
    this.ended = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.ended.catch(() => undefined);
  }

  fail(error: unknown): void {
    this.#reject(error);
  }

  async answer(asked: BridgeAsked): Promise<BridgeAnswer> {
    const mine = this.#last.then(() => this.#step(asked));
    this.#last = mine.catch(() => undefined);
    return await mine;
  }

  /** The files as they are when it ends are kept, whatever ended it. */
  async close(end: SampleEnd): Promise<SampleEnd> {
    await this.#last;
    const isOver = this.#sample.world.ended !== null;
    const turned = isOver ? { done: null } : await this.#finishTurn('always');
    if ('end' in turned) return turned.end;
    return this.#end ?? end;
  }

  async #step({ method, path, body }: BridgeAsked): Promise<BridgeAnswer> {
    if (this.#end !== null) return { status: 403, json: problem('the task is over', 'limit') };
    const { endpoint } = this.#sample.around;
    const { prompt } = this.#sample.job;
    if (method === 'GET' && path === '/task') {
      return { status: 200, json: { prompt, directory: '/work', tools: toolSpecs } };
    }
    if (method === 'GET' && path === '/v1/models') {
      const data = [{ id: endpoint.model, object: 'model', created: 0, owned_by: 'endpoint' }];
      return { status: 200, json: { object: 'list', data } };
    }
    if (method === 'POST' && path === '/v1/chat/completions') return await this.#chat(body);
    const tool = method === 'POST' ? /^\/tools\/([a-z]{1,20})$/u.exec(path)?.[1] : undefined;
    if (tool !== undefined) return await this.#tool(tool, body);
    return { status: 404, json: problem('no such address') };
  }

  async #chat(body: unknown): Promise<BridgeAnswer> {
    const chat = ChatRequest.safeParse(body);
    if (!chat.success) {
      const [issue] = chat.error.issues;
      const message = `/${issue?.path.join('/') ?? ''}: ${issue?.message ?? 'no JSON'}`;
      return { status: 400, json: problem(message) };
    }
    const turned = await this.#finishTurn('if-begun');
    if ('end' in turned) return this.#over(turned.end);
    const request = requestOf(chat.data);
    const answered = await this.#sample.call(request, request.messages);
    if ('end' in answered) return this.#over(answered.end);
    const { answer, id } = answered.done;
    if (answer === null) throw new Error('a call without an answer and without an end');
    const completion = completionOf(this.#sample.around.endpoint.model, id, answer);
    if (chat.data.stream !== true) return { status: 200, json: completion };
    return { status: 200, events: chunksOf(completion) };
  }

  async #tool(name: string, body: unknown): Promise<BridgeAnswer> {
    const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
    const given = isObject ? Object.fromEntries(Object.entries(body)) : {};
    const used = await this.#sample.useTool({
      id: `tool-${this.#tools.length + 1}`,
      function: name,
      arguments: given,
      type: 'function',
      ...(!isObject && { parse_error: 'the arguments are not a JSON object' }),
    });
    if ('end' in used) return this.#over(used.end);
    this.#tools.push(used.done);
    const { content, error } = used.done.message;
    const { submitted } = used.done;
    if (submitted !== undefined) this.#finish({ kind: 'submitted', answer: submitted });
    return { status: 200, json: { content, ...(error !== undefined && { error }) } };
  }

  async #finishTurn(when: 'always' | 'if-begun'): Promise<Step<null>> {
    const isBegun = this.#sample.standing.waiting !== null || this.#tools.length > 0;
    if (when === 'if-begun' && !isBegun) return { done: null };
    const turned = await this.#sample.finishTurn([...this.#tools]);
    this.#tools.length = 0;
    return turned;
  }

  #over(end: SampleEnd): BridgeAnswer {
    this.#finish(end);
    return { status: 403, json: problem('the task is over', 'limit') };
  }

  #finish(end: SampleEnd): void {
    this.#end ??= end;
    this.#resolve(this.#end);
  }
}

async function endOfChild(child: ChildProcess): Promise<SampleEnd> {
  let words = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8');
    stream?.on('data', (text: string) => {
      words = `${words}${text}`.slice(-wordsKept);
    });
  }
  return await new Promise((resolve) => {
    const failed = (message: string) => resolve({ kind: 'failed', code: 'agent-failed', message });
    child.once('error', (error) => failed(`it could not be started: ${error.message}`));
    child.once('close', (code, signal) => {
      if (code === 0) resolve({ kind: 'agent-left' });
      else failed(`it ended with ${signal ?? `exit code ${code ?? ''}`}: ${words}`);
    });
  });
}

async function stopped({ around: { signal } }: Sample): Promise<never> {
  return await new Promise((_, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

/** Ends an agent and what it started: asked first, then killed. */
async function endChild(child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  if (child.exitCode === null && child.signalCode === null) {
    const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
    signalGroup(pid, 'SIGTERM');
    const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), graceMs);
    await gone;
    clearTimeout(timer);
  }
  signalGroup(pid, 'SIGKILL');
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // nothing of it is left
  }
}
