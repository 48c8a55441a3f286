import type { Found } from '@breakwater/contract';
import { search } from '@breakwater/contract';
import { useRouter } from '@tanstack/react-router';
import { Dialog as Radix } from 'radix-ui';
import type { KeyboardEvent } from 'react';
import { useId, useState } from 'react';
import { useMay } from '../slices/session/me.ts';
import { useLoad } from '../slices/session/server.ts';
import { useSettled } from '../ui/use-settled.ts';
import { hrefOfFound, kindWords } from './found.ts';
import type { Way } from './navigation.ts';

interface PaletteProps {
  readonly onClose: () => void;
  readonly ways: readonly Way[];
}

/** Go anywhere, find anything one may see: one field, the arrows, Enter. */
export default function Palette({ onClose, ways }: PaletteProps) {
  return (
    <Radix.Root open onOpenChange={(now) => (now ? undefined : onClose())}>
      <Radix.Portal>
        <Radix.Overlay className="veil" />
        <Radix.Content className="palette" aria-describedby={undefined}>
          <Radix.Title className="unseen">Search and go</Radix.Title>
          <Search ways={ways} onClose={onClose} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface Hit {
  readonly key: string;
  readonly kind: string;
  readonly title: string;
  readonly more: string | null;
  readonly href: string;
}

function Search({ ways, onClose }: PaletteProps) {
  const id = useId();
  const router = useRouter();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const { hits, said } = useHits(text, ways);
  const chosen = Math.min(at, hits.length - 1);
  function go(hit: Hit | undefined): void {
    if (hit === undefined) return;
    onClose();
    router.history.push(hit.href);
  }
  function press(event: KeyboardEvent): void {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) setAt((chosen + step + hits.length) % Math.max(1, hits.length));
    else if (event.key === 'Enter') go(hits[chosen]);
    else return;
    event.preventDefault();
  }
  return (
    <>
      <input
        className="palette-field"
        type="text"
        role="combobox"
        aria-label="Search and go"
        aria-expanded="true"
        aria-controls={`${id}-hits`}
        aria-activedescendant={hits.length === 0 ? undefined : `${id}-${chosen}`}
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        placeholder="A title, a package, an id, a page…"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={press}
      />
      <div role="listbox" aria-label="Found" id={`${id}-hits`} className="palette-hits">
        {hits.map((hit, place) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's, above
          <div
            key={hit.key}
            id={`${id}-${place}`}
            role="option"
            tabIndex={-1}
            aria-selected={place === chosen}
            className="palette-hit"
            onClick={() => go(hit)}
            onMouseMove={() => setAt(place)}
          >
            <span className="palette-kind">{hit.kind}</span>
            <span className="palette-title">{hit.title}</span>
            {hit.more === null ? null : <span className="palette-more mono">{hit.more}</span>}
          </div>
        ))}
      </div>
      <p className="palette-said small soft" role="status">
        {said}
      </p>
    </>
  );
}

function useHits(text: string, ways: readonly Way[]): { hits: readonly Hit[]; said: string } {
  const asked = useSettled(text.trim(), 60);
  const may = useMay();
  const when = asked.length >= 2 && may(search.find);
  const { loaded } = useLoad(
    search.find,
    { query: { q: asked, limit: 12 } },
    { when, keepLast: true },
  );
  const pages = ways
    .filter(({ label }) => label.toLowerCase().includes(text.trim().toLowerCase()))
    .map(({ label, href, keys }) => ({ key: href, kind: 'Go to', title: label, more: keys, href }));
  if (!when)
    return { hits: pages, said: 'Typing errors are forgiven. Enter opens, Escape closes.' };
  if (loaded.state === 'failed') return { hits: pages, said: loaded.problem.detail };
  if (loaded.state === 'loading') return { hits: pages, said: 'Searching…' };
  const found = loaded.data.items.map(hitOf);
  const partial = loaded.data.complete ? '' : ' The server has just started and still reads.';
  const none =
    found.length + pages.length === 0 ? 'Nothing that you may see holds these words.' : '';
  return { hits: [...pages, ...found], said: `${none}${partial}` };
}

function hitOf(found: Found): Hit {
  return {
    key: `${found.kind} ${found.id}`,
    kind: kindWords[found.kind],
    title: found.title,
    more: found.package,
    href: hrefOfFound(found),
  };
}
