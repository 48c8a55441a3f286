import type { InventoryPreview } from '@breakwater/contract';
import { pathTo } from '../../app/paths.ts';
import { Note } from '../../ui/note.tsx';
import { Quote } from '../../ui/quote.tsx';
import type { Column } from '../../ui/table.tsx';
import { Table } from '../../ui/table.tsx';
import { openOf } from './unjudged-words.ts';

type Understood = InventoryPreview['understood'][number];
type Not = InventoryPreview['notUnderstood'][number];

const understoodColumns: readonly Column<Understood>[] = [
  {
    key: 'name',
    head: 'Program',
    cell: ({ name }) => (
      <span className="mono">
        <Quote text={name} />
      </span>
    ),
  },
  {
    key: 'version',
    head: 'Version',
    cell: ({ version }) => (
      <span className="mono">
        <Quote text={version} />
      </span>
    ),
  },
  { key: 'ecosystem', head: 'From', cell: ({ ecosystem }) => ecosystem },
];

const notColumns: readonly Column<Not>[] = [
  {
    key: 'path',
    head: 'Where',
    cell: ({ path }) => (path === '' ? 'in the whole list' : <span className="mono">{path}</span>),
  },
  { key: 'text', head: 'Why not', cell: ({ text }) => <Quote text={text} /> },
];

/** What a list was read as: what is affected first, then what was understood, and what was not. */
export function PreviewView({ preview }: { readonly preview: InventoryPreview }) {
  const { affected, components, ecosystems, understood, notes, notUnderstood } = preview;
  const open = openOf({ ...preview, compared: true, notUnderstood: notes });
  const from = ecosystems.map(({ ecosystem, components: n }) => `${n} from ${ecosystem}`);
  return (
    <section className="preview" aria-label="What was understood">
      <p className="preview-sum">
        <strong>{components === 1 ? '1 program' : `${components} programs`}</strong> understood
        {from.length === 0 ? '' : `: ${from.join(', ')}`}.{' '}
        {notes === 0 ? 'Nothing was left out.' : `${notes} left out, and why is below.`}
      </p>
      {open.length === 0 ? null : (
        <Note tone="warn" title="Not everything can be judged">
          {open.map((sentence) => (
            <p key={sentence} className="small">
              {sentence}
            </p>
          ))}
          {preview.releaseMissing === 0 ? null : (
            <p className="small">
              Choose the release above: until then you are not warned of these.
            </p>
          )}
        </Note>
      )}
      {affected.length > 0 || (components === 0 && notes > 0) ? null : open.length > 0 ? (
        <p className="small">Of the rest nothing is known to be affected.</p>
      ) : (
        <Note tone="held" title="Nothing in it is known to be affected">
          <p className="small">By the advisories published here up to now.</p>
        </Note>
      )}
      {affected.length === 0 ? null : (
        <Note tone="warn" title={`${affected.length} of our advisories affect it`}>
          <ul className="small">
            {affected.map(({ advisory, summary, where }) => (
              <li key={advisory}>
                <a href={pathTo('advisory', { advisory })}>
                  <Quote text={summary} />
                </a>
                : {where.map(({ component, version }) => `${component} ${version}`).join(', ')}
              </li>
            ))}
          </ul>
        </Note>
      )}
      {notUnderstood.length === 0 ? null : (
        <details open={components === 0}>
          <summary>What was not understood, and why</summary>
          <Table
            caption="What was not understood"
            columns={notColumns}
            rows={notUnderstood}
            keyOf={({ path, code, text }) => `${path} ${code} ${text}`}
          />
          {notes > notUnderstood.length ? (
            <p className="small soft">The first {notUnderstood.length} are shown.</p>
          ) : null}
        </details>
      )}
      {understood.length === 0 ? null : (
        <details>
          <summary>What was understood</summary>
          <Table
            caption="What was understood"
            columns={understoodColumns}
            rows={understood}
            keyOf={({ path, name, version }) => `${path} ${name} ${version}`}
          />
          {components > understood.length ? (
            <p className="small soft">The first {understood.length} are shown.</p>
          ) : null}
        </details>
      )}
    </section>
  );
}
