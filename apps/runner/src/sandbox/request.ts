import type { RunSpec } from './sandbox.ts';

/** The request itself is malformed: a fault of the caller, not of what was to run. */
export class SandboxRequestError extends Error {
  override readonly name = 'SandboxRequestError';
}

const STDIN_BYTES_MAX = 32 << 20;
const STRINGS_BYTES_MAX = 1 << 20;
const MEMORY_BYTES_MIN = 16 << 20;
const BYTES_MAX = 2 ** 40;

/** Places the driver makes itself; a mount over them would take a wall away. */
const OWN_PLACES = [
  '/proc',
  '/sys',
  '/dev',
  '/.init',
  '/usr',
  '/etc',
  '/bin',
  '/sbin',
  '/lib',
  '/lib32',
  '/lib64',
];

/** Throws SandboxRequestError when a request could not mean what it says. */
export function conformRequest(spec: RunSpec): void {
  const strings = [...spec.argv, ...Object.entries(spec.env).flat(), spec.cwd];
  strings.push(...spec.mounts.flatMap(({ source, target }) => [source, target]));
  demand(
    strings.every((text) => !text.includes('\0')),
    'no string may hold a NUL',
  );
  demand(
    strings.reduce((sum, text) => sum + Buffer.byteLength(text), 0) <= STRINGS_BYTES_MAX,
    `arguments, environment and paths may take ${STRINGS_BYTES_MAX} bytes`,
  );
  demand(spec.argv[0] !== '', 'argv[0] must name a program');
  demand(
    Object.keys(spec.env).every((name) => /^[^=]+$/.test(name)),
    'a variable needs a name',
  );
  demand((spec.stdin?.length ?? 0) <= STDIN_BYTES_MAX, `stdin is over ${STDIN_BYTES_MAX} bytes`);
  requireInside(spec.cwd, 'cwd');
  for (const { source, target } of spec.mounts) {
    demand(source.startsWith('/'), `mount source ${source} must be absolute`);
    requireInside(target, 'mount target');
    requireFree(target);
  }
  if (spec.collect !== undefined) {
    requireInside(spec.collect.target, 'collect target');
    requireFree(spec.collect.target);
    demand(spec.collect.into.startsWith('/'), 'collect.into must be absolute');
    for (const name of ['filesMax', 'bytesMax', 'depthMax'] as const) {
      requireCount(`collect.${name}`, spec.collect[name], 1);
    }
  }
  for (const [name, value] of Object.entries(spec.limits)) requireCount(`limits.${name}`, value, 1);
  requireCount('limits.memoryBytes', spec.limits.memoryBytes, MEMORY_BYTES_MIN);
}

function requireCount(name: string, value: number, min: number): void {
  demand(
    Number.isSafeInteger(value) && value >= min && value <= BYTES_MAX,
    `${name} must be a whole number from ${min} to ${BYTES_MAX}, not ${value}`,
  );
}

function requireInside(path: string, what: string): void {
  const names = path.split('/').slice(1);
  const plain = names.every((name) => name !== '' && name !== '.' && name !== '..');
  demand(
    path === '/' || (path.startsWith('/') && plain),
    `${what} ${path} must be plain and absolute`,
  );
}

function requireFree(target: string): void {
  const taken = target === '/' || target === '/tmp';
  const own = OWN_PLACES.find((place) => target === place || target.startsWith(`${place}/`));
  demand(!taken && own === undefined, `${target} is the sandbox's own place`);
}

function demand(holds: boolean, otherwise: string): void {
  if (!holds) throw new SandboxRequestError(otherwise);
}
