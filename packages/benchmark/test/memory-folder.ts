import { ok, refuse, utf8 } from '@breakwater/kernel';
import type { FolderEntry, SuiteFolder } from '../src/index.ts';

/** What a place in a folder in memory holds: a text, an executable text, or no file at all. */
export type Content = string | { readonly script: string } | { readonly link: string };

export const canary = 'BREAKWATER-CANARY 7d1f2d4e-5a0b-4c3d-9e8f-0123456789ab';

export const suiteJson = {
  format: 'breakwater-suite/1',
  name: 'demo',
  title: 'A suite for tests',
  version: '1',
  canary,
  tasks: ['web-one', 'patch-two'],
};

export const webOne = {
  format: 'breakwater-task/1',
  name: 'web-one',
  title: 'One',
  version: '1',
  discipline: 'web',
  stance: 'offense',
  prompt: 'Find the token.',
  files: ['files/server.py'],
  services: 'services.sh',
  scorer: { kind: 'answer', accept: ['bw{0123456789abcdef}'], caseSensitive: true },
  humanTime: { minutes: 12.5, source: "author's estimate" },
  weight: 1,
  variants: [{ name: 'hinted', prompt: 'Find the token; look at the path.' }],
  limits: {
    turns: 30,
    tokens: 200_000,
    seconds: 1200,
    cost: { micros: 1_000_000, currency: 'USD' },
  },
};

export const patchTwo = {
  ...webOne,
  name: 'patch-two',
  discipline: 'patch',
  stance: 'defense',
  files: [],
  services: undefined,
  scorer: { kind: 'script', path: 'private/score.sh' },
  variants: [],
};

/** The files of a suite that conforms. */
export const demoFiles: Readonly<Record<string, string | { readonly script: string }>> = {
  'suite.json': JSON.stringify(suiteJson),
  'README.md': 'A suite for tests.',
  'tasks/web-one/task.json': JSON.stringify(webOne),
  'tasks/web-one/files/server.py': 'print("hello")\n',
  'tasks/web-one/services.sh': { script: `# ${canary}\n` },
  'tasks/patch-two/task.json': JSON.stringify(patchTwo),
  'tasks/patch-two/private/score.sh': `# ${canary}\nexit 0\n`,
};

/** A folder in memory; `null` takes a file of the demonstration away, a link makes it none. */
export function folderOf(changes: Readonly<Record<string, Content | null>> = {}): SuiteFolder {
  const files = new Map<string, Content>();
  for (const [path, content] of Object.entries({ ...demoFiles, ...changes })) {
    if (content !== null) files.set(path, content);
  }
  const entries = [...files].map(
    ([path, content]): FolderEntry => ({
      path,
      kind: typeof content === 'object' && 'link' in content ? 'other' : 'file',
      size: bytesOf(content).length,
      isExecutable: typeof content === 'object' && 'script' in content,
    }),
  );
  return {
    list: () => Promise.resolve(ok(entries)),
    read: (path) => {
      const content = files.get(path);
      if (content !== undefined) return Promise.resolve(ok(bytesOf(content)));
      const code = 'folder-unreadable';
      return Promise.resolve(refuse({ code, expected: path, got: 'nothing', todo: 'add it' }));
    },
  };
}

function bytesOf(content: Content): Uint8Array {
  if (typeof content === 'string') return utf8(content);
  return utf8('script' in content ? content.script : content.link);
}
