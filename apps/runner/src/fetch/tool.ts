import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const toolTimeoutMs = 180_000;
const toolOutputBytesMax = 16 * 1024 * 1024;

export interface ToolRun {
  readonly ok: boolean;
  readonly stdout: string;
  /** What it said when it failed, cut to 500 characters. */
  readonly problem: string;
}

/**
 * Runs one of the host's own trusted programs; never rejects, never through a shell. What it reads
 * comes from outside: of this process's environment it is given how to reach the net and its own
 * settings, and a home that is empty and goes with it.
 */
export async function runTool(
  command: readonly [string, ...string[]],
  options: {
    readonly cwd: string;
    readonly signal?: AbortSignal | undefined;
    /** Besides what is passed on. */
    readonly env?: Readonly<Record<string, string>>;
  },
): Promise<ToolRun> {
  const home = await mkdtemp(join(tmpdir(), 'breakwater-tool-'));
  try {
    const env = { ...passedOn(process.env), HOME: home, ...options.env };
    return await run(command, { ...options, env });
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

function run(
  [program, ...words]: readonly [string, ...string[]],
  options: {
    readonly cwd: string;
    readonly env: NodeJS.ProcessEnv;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<ToolRun> {
  const { cwd, env, signal } = options;
  const settings = {
    cwd,
    timeout: toolTimeoutMs,
    maxBuffer: toolOutputBytesMax,
    env,
    ...(signal === undefined ? {} : { signal }),
  };
  return new Promise((resolve) => {
    execFile(program, words, settings, (error, stdout, stderr) => {
      const said = stderr.trim() === '' ? (error?.message ?? '') : stderr.trim();
      resolve({ ok: error === null, stdout, problem: said.slice(0, 500) });
    });
  });
}

/** By full name: the system's, the net's, and the settings of git, npm, pip and Go. */
const passed = [
  /^(?:PATH|LANG|LC_ALL|TMPDIR)$/,
  /^(?:https?|all|no)_proxy$/i,
  /^(?:SSL_CERT_FILE|SSL_CERT_DIR|CURL_CA_BUNDLE|REQUESTS_CA_BUNDLE|NODE_EXTRA_CA_CERTS)$/,
  /^(?:GIT_|PIP_|npm_config_)\w+$/i,
  /^GO(?:PROXY|PRIVATE|INSECURE|FLAGS|TOOLCHAIN)$/,
];
/** Even among those: what lets one in elsewhere. */
const secret = /token|auth|passw|secret|askpass|credential/i;

/** What a tool is given of an environment. */
export function passedOn(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => passed.some((pattern) => pattern.test(name)) && !secret.test(name),
    ),
  );
}
