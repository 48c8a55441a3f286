import { fromUtf8, utf8 } from '@breakwater/kernel';
import type { CommandOutcome, World, WorldRefusal } from '@breakwater/runner';
import { z } from 'zod';
import type { ToolCall, ToolErrorType } from '../models/messages.ts';
import type { ToolSpec } from '../models/model.ts';

/** What a tool gave. `isOver`: nothing more can be done in this world. */
export interface ToolResult {
  readonly content: string;
  readonly error?: { readonly type: ToolErrorType; readonly message: string };
  readonly submitted?: string;
  readonly isOver?: boolean;
}

/** How long one tool may take and how much of what it says is told to the model. */
export const toolLimits = {
  wallMs: 180_000,
  outputBytes: 1024 * 1024,
  toldChars: 16 * 1024,
  fileBytes: 1024 * 1024,
  answerChars: 64 * 1024,
} as const;

const Bash = z.object({ cmd: z.string().max(256 * 1024) });
const Python = z.object({ code: z.string().max(256 * 1024) });
const File = z.object({
  command: z.enum(['read', 'write', 'list']),
  path: z.string().min(1).max(4096),
  text: z.string().max(toolLimits.fileBytes).optional(),
});
const Submit = z.object({ answer: z.string().max(toolLimits.answerChars) });

const text = (description: string) => ({ type: 'string', description });

/** The tools of an agent, as they are told to a model. */
export const toolSpecs: readonly ToolSpec[] = [
  {
    name: 'bash',
    description: 'Runs a command with bash in /work and gives its output. No network is there.',
    parameters: parameters({ cmd: text('the command') }, ['cmd']),
  },
  {
    name: 'python',
    description: 'Runs a Python 3 program in /work and gives what it prints.',
    parameters: parameters({ code: text('the program') }, ['code']),
  },
  {
    name: 'file',
    description: 'Reads or writes a text file, or lists a directory.',
    parameters: parameters(
      {
        command: { type: 'string', enum: ['read', 'write', 'list'] },
        path: text('absolute, or relative to /work'),
        text: text('what to write'),
      },
      ['command', 'path'],
    ),
  },
  {
    name: 'submit',
    description: 'Hands in the answer. This ends the task.',
    parameters: parameters({ answer: text('the answer') }, ['answer']),
  },
];

function parameters(properties: Record<string, unknown>, required: readonly string[]) {
  return { type: 'object', properties, required, additionalProperties: false };
}

/** Does what a model asked for, in its world, within `wallMs`. Throws nothing. */
export async function runTool(world: World, call: ToolCall, wallMs: number): Promise<ToolResult> {
  if (call.parse_error !== undefined) return problem('parsing', call.parse_error);
  const time = Math.max(1, Math.min(wallMs, toolLimits.wallMs));
  switch (call.function) {
    case 'bash':
      return await parsed(Bash, call, ({ cmd }) => run(world, ['bash', '-c', cmd], time));
    case 'python':
      return await parsed(Python, call, ({ code }) => run(world, ['python3', '-'], time, code));
    case 'file':
      return await parsed(File, call, (asked) => onFile(world, asked, time));
    case 'submit':
      return await parsed(Submit, call, async ({ answer }) => ({
        content: 'handed in',
        submitted: answer,
      }));
    default: {
      const names = toolSpecs.map(({ name }) => name).join(', ');
      return problem('parsing', `there is no tool ${call.function.slice(0, 100)}, only ${names}`);
    }
  }
}

async function parsed<T>(
  schema: z.ZodType<T>,
  { arguments: given }: ToolCall,
  work: (value: T) => Promise<ToolResult>,
): Promise<ToolResult> {
  const result = schema.safeParse(given);
  if (result.success) return await work(result.data);
  const issue = result.error.issues[0];
  return problem('parsing', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'malformed'}`);
}

async function run(
  world: World,
  argv: readonly [string, ...string[]],
  wallMs: number,
  stdin?: string,
): Promise<ToolResult> {
  const { outputBytes } = toolLimits;
  const done = await world.exec({
    argv,
    wallMs,
    outputBytes,
    ...(stdin !== undefined && { stdin: utf8(stdin) }),
  });
  return done.ok ? told(done.value, wallMs) : refused(done.refusal);
}

function told(outcome: CommandOutcome, wallMs: number): ToolResult {
  const parts = [
    decoded(outcome.stdout),
    outcome.stdoutTruncated ? '[more was printed]' : '',
    decoded(outcome.stderr),
    outcome.stderrTruncated ? '[more was printed to standard error]' : '',
    outcome.signal === null ? '' : `[killed by ${outcome.signal}]`,
    outcome.exitCode === null || outcome.exitCode === 0 ? '' : `[exit code ${outcome.exitCode}]`,
  ];
  const content = shortened(parts.filter((part) => part !== '').join('\n'));
  if (!outcome.timedOut) return { content };
  const message = `stopped after ${Math.ceil(wallMs / 1000)} seconds`;
  return { content, error: { type: 'timeout', message } };
}

async function onFile(
  world: World,
  { command, path, text: written = '' }: z.infer<typeof File>,
  wallMs: number,
): Promise<ToolResult> {
  const place = path.startsWith('/') ? path : `/work/${path}`;
  switch (command) {
    case 'list':
      return await run(world, ['ls', '-la', '--', place], wallMs);
    case 'read': {
      const bytes = await world.readFile(place, toolLimits.fileBytes);
      return bytes.ok ? { content: shortened(decoded(bytes.value)) } : refused(bytes.refusal);
    }
    case 'write': {
      const done = await world.writeFile(place, utf8(written));
      return done.ok ? { content: `${utf8(written).length} bytes written` } : refused(done.refusal);
    }
  }
}

/** What an agent may have done to itself is told to it; the end of its world is not. */
function refused({ code, got }: WorldRefusal): ToolResult {
  switch (code) {
    case 'no-such-file':
      return problem('file_not_found', got);
    case 'not-a-plain-file':
      return problem('is_a_directory', got);
    case 'too-large':
      return problem('output_limit', got);
    case 'request-malformed':
      return problem('parsing', got);
    case 'cannot-start':
    case 'world-exhausted':
      return problem('limit', got);
    case 'world-ended':
    case 'sandbox-unavailable':
    case 'too-much-to-keep':
    case 'kept-files-damaged':
    case 'setup-failed':
    case 'services-failed':
    case 'services-not-hidden':
    case 'scorer-failed':
      return { ...problem('unknown', `${code}: ${got}`), isOver: true };
  }
}

function problem(type: ToolErrorType, message: string): ToolResult {
  return { content: '', error: { type, message } };
}

function decoded(bytes: Uint8Array): string {
  return fromUtf8(bytes).replace(/\n+$/u, '');
}

/** A long output loses its middle: both ends say more than either. */
function shortened(words: string): string {
  const { toldChars } = toolLimits;
  if (words.length <= toldChars) return words;
  const half = Math.floor(toldChars / 2);
  const left = words.length - 2 * half;
  // A cut through a surrogate pair leaves half of one, which readers of logs refuse.
  return `${words.slice(0, half)}\n[${left} characters left out]\n${words.slice(-half)}`.toWellFormed();
}
