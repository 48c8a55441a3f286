import type * as PlotModule from '@observablehq/plot';
import { useState } from 'react';
import { Badge } from '../../ui/badge.tsx';
import { Button, Buttons } from '../../ui/button.tsx';
import { Chart } from '../../ui/chart.tsx';
import { Clock } from '../../ui/clock.tsx';
import { Command } from '../../ui/copy.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Digest } from '../../ui/digest.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Check, Radios, Select, TextArea, TextField } from '../../ui/field.tsx';
import { FileDrop } from '../../ui/file-drop.tsx';
import { LongList } from '../../ui/long-list.tsx';
import { TlpLabel } from '../../ui/marking.tsx';
import { Interval, Marks } from '../../ui/marks.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { Time } from '../../ui/moment.tsx';
import { Note } from '../../ui/note.tsx';
import { Path } from '../../ui/path.tsx';
import { Quote, QuoteBlock, RawText } from '../../ui/quote.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Table } from '../../ui/table.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { useSay } from '../../ui/toast.tsx';

export function TextPart() {
  return (
    <div className="grid gap-3">
      <h1>Heading of a page</h1>
      <h2 className="text-l">Heading of a part</h2>
      <h3>Heading of a thing</h3>
      <p>
        Text to read, in a measure one can read, with <a href="#text">a link to another part</a> and{' '}
        <code>exact words</code>.
      </p>
      <p className="soft small">Softer and smaller: what explains.</p>
      <p className="faint small">Fainter: where and when.</p>
      <p>
        <Quote text="A title that came from outside" />
      </p>
      <QuoteBlock text="A passage that came from outside." from="cJSON maintainers" />
      <RawText label="A tool’s own report" text="==1==ERROR: AddressSanitizer" />
    </div>
  );
}

export function MarksPart() {
  return (
    <div className="grid gap-4">
      <p className="buttons">
        <Badge>Received</Badge>
        <Badge tone="sea">With the owner</Badge>
        <Badge tone="held">Published</Badge>
        <Badge tone="warn">Flaky</Badge>
        <Badge tone="fired">Refused</Badge>
      </p>
      <p className="buttons">
        {['RED', 'AMBER+STRICT', 'AMBER', 'GREEN', 'CLEAR'].map((label) => (
          <TlpLabel key={label} label={label} />
        ))}
      </p>
      <Marks
        alarming={false}
        marks={(['full', 'half', 'open', 'cross'] as const).map((shape) => ({
          key: shape,
          shape,
          words: shape,
        }))}
      />
      <Interval low={0.57} high={1} point={1} />
      <Path
        label="A way"
        steps={[
          { label: 'Received', state: 'past' },
          { label: 'Reproduced', state: 'here' },
          { label: 'Published', state: 'ahead' },
        ]}
      />
      <Note tone="sea" title="Something to know first" />
      <Note tone="fired" title="Something went wrong" />
    </div>
  );
}

const day = 86_400_000;

interface TimePartProps {
  /** Two clocks of one name on a page cannot be told apart by ear. */
  readonly scheme: string;
}

export function TimePart({ scheme }: TimePartProps) {
  const [now] = useState(() => Date.now());
  const at = (days: number): string => new Date(now + days * day).toISOString();
  return (
    <div className="grid gap-4">
      <p>
        <Time at={at(-0.2)} />
      </p>
      <Clock
        title={`Embargo, far, ${scheme}`}
        at={at(9)}
        zone="Europe/Berlin"
        over="The hour has come"
      />
      <Clock
        title={`Embargo, near, ${scheme}`}
        at={at(0.5)}
        zone="Asia/Tokyo"
        over="The hour has come"
      />
      <Clock title={`Embargo, over, ${scheme}`} at={at(-1)} zone="UTC" over="The hour has come" />
    </div>
  );
}

export function InputPart() {
  const [text, setText] = useState('');
  const [choice, setChoice] = useState('a');
  const [yes, setYes] = useState(true);
  return (
    <div className="form">
      <TextField label="A line" hint="What it is, and its form." value={text} onChange={setText} />
      <TextField
        label="Wrong"
        error="expected a version, got “latest”"
        value="latest"
        onChange={setText}
        exact
      />
      <TextArea label="More than a line" value={text} onChange={setText} />
      <Select
        label="One of a few"
        value={choice}
        onChange={setChoice}
        choices={[
          ['a', 'This'],
          ['b', 'That'],
        ]}
      />
      <Radios
        legend="One of a few, explained"
        value={choice}
        onChange={setChoice}
        choices={[
          ['a', 'This', 'What follows from it.'],
          ['b', 'That', 'What follows from that.'],
        ]}
      />
      <Check label="Yes" more="What it means." checked={yes} onChange={setYes} />
      <FileDrop
        label="Choose a file, or drop it here"
        hint="JSON up to 8 MB"
        bytesMax={8_000_000}
        onFile={() => {}}
      />
      <Buttons>
        <Button kind="first">The one thing</Button>
        <Button>Another</Button>
        <Button kind="danger">For good</Button>
        <Button kind="quiet">Beside</Button>
        <Button busy="Sending…">Send</Button>
      </Buttons>
      <Button reason="The embargo ends on Monday.">Publish</Button>
    </div>
  );
}

export function OverPart() {
  const [open, setOpen] = useState(false);
  const say = useSay();
  return (
    <div className="buttons">
      <Button onPress={() => setOpen(true)}>Open a dialog</Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title="To decide"
        lede="What happens here."
      >
        <Buttons>
          <Button kind="first" onPress={() => setOpen(false)}>
            Do it
          </Button>
        </Buttons>
      </Dialog>
      <Menu label="A menu">
        <MenuItem onPress={() => say('Done.')}>Say something</MenuItem>
        <MenuItem onPress={() => {}} reason="Not now.">
          Not possible
        </MenuItem>
      </Menu>
      <Button onPress={() => say('The message was sent.')}>Say something</Button>
    </div>
  );
}

const rows = Array.from({ length: 12 }, (_, at) => ({
  id: `row-${at}`,
  name: `Row ${at}`,
  count: at * at,
}));
const found = rows.map(({ name, count }) => ({ name, count }));

function describe(plot: typeof PlotModule): PlotModule.PlotOptions {
  return {
    marginLeft: 50,
    x: { label: null },
    y: { label: null, grid: true },
    marks: [plot.barY(found, { x: 'name', y: 'count', fill: 'var(--color-sea)' }), plot.ruleY([0])],
  };
}

export function DataPart() {
  return (
    <div className="grid gap-5">
      <Facts
        items={[
          ['Format', 'CycloneDX 1.6'],
          ['Digest', <Digest key="d" value={`sha256:${'a'.repeat(64)}`} />],
        ]}
      />
      <Command text="npx breakwater affected package-lock.json" />
      <Table
        caption="A table"
        keyOf={({ id }) => id}
        rows={rows.slice(0, 3)}
        columns={[
          { key: 'name', head: 'Name', cell: ({ name }) => name },
          { key: 'count', head: 'Count', cell: ({ count }) => count, figure: true },
        ]}
      />
      <LongList
        caption="A long list"
        keyOf={({ id }) => id}
        hrefOf={() => '#data'}
        onOpen={() => {}}
        rows={rows}
        more={{ has: false, loading: false, load: () => {} }}
        columns={[
          {
            key: 'title',
            head: 'Name',
            width: 'minmax(0, 1fr)',
            cell: ({ name }) => <a href="#data">{name}</a>,
          },
          { key: 'count', head: 'Count', width: '6rem', cell: ({ count }) => count, figure: true },
        ]}
      />
      <Chart label="Twelve squares, from 0 to 121." describe={describe} />
      <Tabs
        label="Parts"
        tabs={[
          { key: 'one', label: 'One', content: <p>The first part.</p> },
          { key: 'two', label: 'Two', content: <p>The second part.</p> },
        ]}
      />
      <EmptyState title="Nothing yet">
        <p>Why, and how something comes here.</p>
      </EmptyState>
      <Skeleton what="rows" />
    </div>
  );
}
