import type { Body, InventoryPreview } from '@breakwater/contract';
import { distribute } from '@breakwater/contract';
import { toBase64, utf8 } from '@breakwater/kernel';
import { useRef, useState } from 'react';
import { Button, Buttons } from '../../ui/button.tsx';
import { Command } from '../../ui/copy.tsx';
import { Select, TextArea, TextField } from '../../ui/field.tsx';
import { FileDrop, type GivenFile } from '../../ui/file-drop.tsx';
import { Section } from '../../ui/section.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ProblemNote } from '../session/problem-note.tsx';
import { useAct } from '../session/server.ts';
import { PreviewView } from './inventory-preview.tsx';
import { saidOf, systems } from './systems.ts';

interface AddProps {
  readonly onDone: () => void;
  readonly onCancel: () => void;
}

/** What is sent, for the preview and for keeping alike. */
type Sent = Body<typeof distribute.previewInventory>;

interface Given {
  readonly name: string;
  readonly sent: Sent;
}

const fileBytesMax = 8 * 1024 * 1024;

const choices = [['', 'It is not such a list, or I do not know'], ...systems] as const;

/**
 * The list of Debian that tells the most: its release, and the source packages, which advisories
 * name. Every other form of it tells the names of binary packages only.
 */
const debianList =
  `(cat /etc/os-release; dpkg-query -W -f '\${Package}\\t\${Version}\\t\${source:Package}\\t\${source:Version}\\n')` +
  ' > packages.txt';

/** Takes a file or typed lines, shows at once what was understood, and keeps it when told to. */
export function AddInventory({ onDone, onCancel }: AddProps) {
  const preview = useAct(distribute.previewInventory);
  const [given, setGiven] = useState<Given | null>(null);
  const [seen, setSeen] = useState<InventoryPreview | null>(null);
  const latest = useRef<Given | null>(null);
  function look(next: Given): void {
    latest.current = next;
    setGiven(next);
    setSeen(null);
    // An answer about what was given before must not stand beside what is kept now.
    preview.act({ body: next.sent }, (answer) => {
      if (latest.current === next) setSeen(answer);
    });
  }
  return (
    <Section
      id="add"
      title="Add a list"
      lede="You see what was understood before anything is kept."
    >
      <Tabs
        label="How to give the list"
        tabs={[
          { key: 'file', label: 'A file', content: <FromFile onGiven={look} /> },
          { key: 'typed', label: 'Typed by hand', content: <Typed onGiven={look} /> },
        ]}
      />
      {preview.busy ? <p role="status">Reading {given?.name}…</p> : null}
      {preview.problem === null ? null : <ProblemNote problem={preview.problem} />}
      {seen === null || given === null ? null : (
        <>
          <PreviewView preview={seen} />
          <Keep given={given} onDone={onDone} />
        </>
      )}
      <Buttons>
        <Button kind="quiet" onPress={onCancel}>
          Leave it
        </Button>
      </Buttons>
    </Section>
  );
}

interface GivenProps {
  readonly onGiven: (given: Given) => void;
}

function FromFile({ onGiven }: GivenProps) {
  const [release, setRelease] = useState('');
  const [read, setRead] = useState<Given | null>(null);
  function give({ name, sent }: Given, chosen: string): void {
    onGiven({ name, sent: { ...sent, ...saidOf(chosen) } });
  }
  function take({ name, bytes }: GivenFile): void {
    const taken = { name: nameOf(name), sent: { file: toBase64(bytes) } };
    setRead(taken);
    give(taken, release);
  }
  return (
    <div className="given-file">
      <Select
        label="For a package list: of which system?"
        value={release}
        onChange={(chosen) => {
          setRelease(chosen);
          if (read !== null) give(read, chosen);
        }}
        choices={choices}
      />
      <FileDrop
        label="Drop the file here, or choose it"
        hint={
          <>
            An SBOM (CycloneDX or SPDX), a lock file such as <code>package-lock.json</code>,{' '}
            <code>poetry.lock</code> or <code>go.mod</code>, or what <code>dpkg -l</code>,{' '}
            <code>rpm -qa</code> or <code>apk list</code> prints
          </>
        }
        bytesMax={fileBytesMax}
        onFile={take}
      />
      <details className="small">
        <summary>How to make a list of Debian packages</summary>
        <p className="soft">
          This command writes one that tells everything needed. What <code>dpkg -l</code> prints is
          read as well, but says less: neither the release nor the source packages, which most
          advisories name.
        </p>
        <Command text={debianList} />
      </details>
    </div>
  );
}

/** `desk.package-lock.json` is a name nobody would choose; `desk` is. */
function nameOf(fileName: string): string {
  return fileName.replace(/\.[^.]+$/, '').slice(0, 200) || fileName;
}

const ecosystems = [
  ['npm', 'npm (JavaScript)'],
  ['PyPI', 'PyPI (Python)'],
  ['Maven', 'Maven (Java)'],
  ['NuGet', 'NuGet (.NET)'],
  ['Packagist', 'Packagist (PHP)'],
  ['RubyGems', 'RubyGems (Ruby)'],
  ['Go', 'Go'],
  ['crates.io', 'crates.io (Rust)'],
  ['Debian:11', 'Debian 11'],
  ['Debian:12', 'Debian 12'],
  ['Debian:13', 'Debian 13'],
] as const;
type Ecosystem = (typeof ecosystems)[number][0];

function Typed({ onGiven }: GivenProps) {
  const [text, setText] = useState('');
  const [ecosystem, setEcosystem] = useState<Ecosystem>('Debian:12');
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        const file = toBase64(utf8(text));
        onGiven({ name: 'Typed list', sent: { file, as: 'product-list', ecosystem } });
      }}
    >
      <Select
        label="Where do these programs come from?"
        value={ecosystem}
        onChange={(value) =>
          setEcosystem(ecosystems.find(([known]) => known === value)?.[0] ?? ecosystem)
        }
        choices={ecosystems}
      />
      <TextArea
        label="What you run"
        hint="One program a line, its name and its version, such as: openssl 3.0.11-1"
        value={text}
        onChange={setText}
        rows={6}
        exact
      />
      <Buttons>
        <Button type="submit" reason={text.trim() === '' ? 'Type at least one line.' : null}>
          See what is understood
        </Button>
      </Buttons>
    </form>
  );
}

function Keep({ given, onDone }: { readonly given: Given; readonly onDone: () => void }) {
  const { act, busy, problem } = useAct(distribute.addInventory);
  const say = useSay();
  const [name, setName] = useState(given.name);
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        act({ body: { ...given.sent, name: name.trim() } }, ({ components }) => {
          say(`Kept: ${components} programs are watched from now on.`);
          onDone();
        });
      }}
    >
      <TextField
        label="What is this list called?"
        hint="Such as: Front desk, or Server 2. A list of the same name is replaced by this one."
        value={name}
        onChange={setName}
        maxLength={200}
      />
      {problem === null ? null : <ProblemNote problem={problem} />}
      <Buttons>
        <Button
          type="submit"
          kind="first"
          busy={busy && 'Keeping…'}
          reason={name.trim() === '' ? 'Give it a name first.' : null}
        >
          Keep this list
        </Button>
      </Buttons>
    </form>
  );
}
