import { utf8 } from '@breakwater/kernel';
import { expect, it, test } from 'vitest';
import { inventoryLimits } from '../inventory/inventory.ts';
import { parseCargoLock } from './cargo-lock.ts';

test('Cargo.lock: crates of a registry and of git; those without a source are the project', () => {
  const text = `version = 4

[[package]]
name = "app"
version = "0.1.0"
dependencies = ["time"]

[[package]]
name = "time"
version = "0.3.36"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "5dfd"

[[package]]
name = "fork"
version = "1.0.0"
source = "git+https://github.com/s/fork?rev=1#02fa"

[[package]]
name = "odd"
`;
  const inventory = parseCargoLock(utf8(text));
  if (!inventory.ok) throw new Error(inventory.refusal.got);
  expect(inventory.value).toEqual({
    format: 'cargo-lock',
    components: [
      {
        ecosystem: 'crates.io',
        name: 'time',
        version: '0.3.36',
        purl: 'pkg:cargo/time@0.3.36',
        path: '/package/1',
      },
      {
        ecosystem: 'crates.io',
        name: 'fork',
        version: '1.0.0',
        purl: 'pkg:cargo/fork@1.0.0',
        path: '/package/2',
      },
    ],
    notes: [
      {
        code: 'own-project',
        path: '/package/0',
        text: 'app is a crate of the project itself, or beside it',
      },
      {
        code: 'not-from-registry',
        path: '/package/2',
        text: 'fork came from git+https://github.com/s/fork#02fa, not a registry; its version is its own word',
      },
      { code: 'version-missing', path: '/package/3', text: 'odd has no version' },
    ],
  });
});

it('is refused with the line where it breaks, or with too many entries', () => {
  const broken = parseCargoLock(utf8('version = 4\n[[package]\n'));
  expect(broken.ok ? '' : [broken.refusal.code, broken.refusal.got.split(':')[0]]).toEqual([
    'not-toml',
    'line 2',
  ]);
  const many = '[[package]]\nname = "a"\nversion = "1.0.0"\nsource = "registry+x"\n'.repeat(3);
  const refused = parseCargoLock(utf8(many), { ...inventoryLimits, entriesMax: 2 });
  expect(refused.ok ? 'read' : refused.refusal.code).toBe('too-many-components');
});
