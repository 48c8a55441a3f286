import { utf8 } from '@breakwater/kernel';
import { describe, expect, it } from 'vitest';
import { parseRequirements } from './requirements.ts';

function read(text: string) {
  const inventory = parseRequirements(utf8(text));
  if (!inventory.ok) throw new Error(`${inventory.refusal.code}: ${inventory.refusal.got}`);
  const { components, notes } = inventory.value;
  return {
    components: components.map(({ name, version, path }) => `${name} ${version} ${path}`),
    notes: notes.map((note) => `${note.code} ${note.path}`),
  };
}

describe('requirements.txt', () => {
  it('lists what is pinned, and says of the rest why it is not', () => {
    const text = `# what the service needs
Django==4.2.1            # the framework
requests[security,socks] === 2.31.0
urllib3 == 1.26.5 \\
    --hash=sha256:aaaa \\
    --hash=sha256:bbbb
pyyaml>=5.4,<7
numpy
celery==5.3.*
pinned==1.0,>=0.9
(odd)
-r base.txt
--constraint=limits.txt
--index-url https://user:secret@pypi.example/simple
-e git+https://user:secret@github.com/s/e.git#egg=e
tagged @ https://example.com/tagged-1.0.zip
./local/wheel-1.0-py3-none-any.whl
colorama==0.4.6; sys_platform == 'win32'
`;
    expect(read(text)).toEqual({
      components: [
        'Django 4.2.1 line 2',
        'requests 2.31.0 line 3',
        'urllib3 1.26.5 line 4',
        'pinned 1.0 line 10',
        'colorama 0.4.6 line 18',
      ],
      notes: [
        'not-pinned line 7',
        'not-pinned line 8',
        'not-pinned line 9',
        'entry-malformed line 11',
        'in-another-file line 12',
        'in-another-file line 13',
        'version-missing line 15',
        'version-missing line 16',
        'version-missing line 17',
        'conditional line 18',
      ],
    });
    expect(JSON.stringify(parseRequirements(utf8(text)))).not.toContain('secret');
  });

  it('reads what pip freeze prints in the shell of Windows', () => {
    const text = 'Django==4.2.1\r\nrequests==2.31.0\r\n';
    const bytes = new Uint8Array([
      0xff,
      0xfe,
      ...Array.from(text).flatMap((c) => [c.charCodeAt(0), 0]),
    ]);
    const inventory = parseRequirements(bytes);
    expect(inventory.ok && inventory.value.components.length).toBe(2);
  });

  it('joins lines before it takes comments away, as pip does', () => {
    expect(read('foo==\\\n\\\n 1.2.3\nbaz == 7.8.9 # \\\nqux == 1\n# end \\\nlast==1\\\n')).toEqual(
      {
        components: ['foo 1.2.3 line 1', 'baz 7.8.9 line 4', 'last 1 line 7'],
        notes: [],
      },
    );
  });

  it.each(['', '\n# nothing\n', '?? ??\n', `${'a'.repeat(70_000)} b\n`])('refuses %j', (text) => {
    const inventory = parseRequirements(utf8(text));
    expect(inventory.ok ? 'read' : inventory.refusal.code).toBe('format-unknown');
  });

  it('a hostile line costs no more than its length', () => {
    for (const line of [
      `a${'.'.repeat(60_000)}`,
      `a[${'['.repeat(60_000)}`,
      'a=='.repeat(20_000),
    ]) {
      expect(read(`x==1\n${line}\n`).components).toEqual(['x 1 line 1']);
    }
  });
});
