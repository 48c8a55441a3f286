import { refuse } from '@breakwater/kernel';
import type { WorldRefusal, WorldRefusalCode } from './world.ts';

const words: Record<WorldRefusalCode, { readonly expected: string; readonly todo: string }> = {
  'sandbox-unavailable': {
    expected: 'a host that offers one more sealed sandbox',
    todo: 'see what it lacks, or close worlds that are not needed',
  },
  'request-malformed': {
    expected: 'a request as its type says',
    todo: 'ask again with what is wrong put right',
  },
  'world-ended': {
    expected: 'a world that lives',
    todo: 'open one anew, or restore what was kept last',
  },
  'cannot-start': {
    expected: 'a program that is there and may be run',
    todo: 'name another one',
  },
  'world-exhausted': {
    expected: 'room in the world for one more process or file',
    todo: 'end processes or remove files in it, or open a world with higher limits',
  },
  'no-such-file': { expected: 'a file by this path', todo: 'name one that is there' },
  'not-a-plain-file': {
    expected: 'a regular file that may be read, below directories and no links',
    todo: 'read it by a command inside instead',
  },
  'too-large': {
    expected: 'no more bytes than were allowed for',
    todo: 'allow more, or read a part by a command inside',
  },
  'too-much-to-keep': {
    expected: 'as many files and bytes as may be kept',
    todo: 'end the sample, or open worlds with higher limits',
  },
  'kept-files-damaged': {
    expected: 'a manifest as it was kept, and every blob it names',
    todo: 'restore from an earlier one that is whole',
  },
  'setup-failed': { expected: 'a setup script that ends with 0', todo: 'mend the task' },
  'services-failed': { expected: 'a services script that ends with 0', todo: 'mend the task' },
  'services-not-hidden': {
    expected: 'a kernel with Landlock (Linux 5.19 or later, in its list of security modules)',
    todo: 'use such a host, or a task without services',
  },
  'scorer-failed': {
    expected: 'one line {"score": 0..1, "reason": "…"} on descriptor 3',
    todo: 'mend the scorer',
  },
};

const GOT_MAX = 600;

/** A refusal of a world; what came from inside is cut, and shown without what acts on a terminal. */
export function no(
  code: WorldRefusalCode,
  got: string,
): { readonly ok: false; readonly refusal: WorldRefusal } {
  const shown = got.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, GOT_MAX);
  return refuse({ code, got: shown, ...words[code] });
}

/** The code a first process inside named, if it is one it may name. */
export function insideCode(text: string): WorldRefusalCode {
  switch (text) {
    case 'world-exhausted':
    case 'cannot-start':
    case 'no-such-file':
    case 'too-large':
    case 'too-much-to-keep':
    case 'request-malformed':
      return text;
    default:
      return 'not-a-plain-file';
  }
}
