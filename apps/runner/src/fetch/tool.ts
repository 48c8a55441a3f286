import { execFile } from 'node:child_process';

const toolTimeoutMs = 180_000;
const toolOutputBytesMax = 16 * 1024 * 1024;

export interface ToolRun {
  readonly ok: boolean;
  readonly stdout: string;
  /** What it said when it failed, cut to 500 characters. */
  readonly problem: string;
}

/** Runs one of the host's own trusted programs; never rejects, never through a shell. */
export function runTool(
  command: readonly [string, ...string[]],
  options: {
    readonly cwd: string;
    readonly signal?: AbortSignal | undefined;
    /** Besides this process's own environment. */
    readonly env?: Readonly<Record<string, string>>;
  },
): Promise<ToolRun> {
  const [program, ...words] = command;
  const settings = {
    cwd: options.cwd,
    timeout: toolTimeoutMs,
    maxBuffer: toolOutputBytesMax,
    env: { ...process.env, ...options.env },
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  };
  return new Promise((resolve) => {
    execFile(program, words, settings, (error, stdout, stderr) => {
      const said = stderr.trim() === '' ? (error?.message ?? '') : stderr.trim();
      resolve({ ok: error === null, stdout, problem: said.slice(0, 500) });
    });
  });
}
