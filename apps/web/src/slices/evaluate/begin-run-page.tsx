import type { Suite } from '@breakwater/contract';
import { runs, suites } from '@breakwater/contract';
import { type Id, parseId } from '@breakwater/kernel';
import { useState } from 'react';
import { pathOf, pathTo } from '../../app/paths.ts';
import { Command } from '../../ui/copy.tsx';
import { Select, TextField } from '../../ui/field.tsx';
import { Note } from '../../ui/note.tsx';
import { Page } from '../../ui/page.tsx';
import { ActForm } from '../session/act-form.tsx';
import type { Address, Screen } from '../session/screen.ts';
import { useAct, useLoad } from '../session/server.ts';
import { Coming } from './nothing-such.tsx';
import { runCommand } from './run-command.ts';
import { SuiteLink } from './suite-link.tsx';

export const screen: Screen = { Page: BeginRunPage };

/** Begins a run here, and gives the command that runs it at the evaluator's machine. */
function BeginRunPage({ search }: Address) {
  const suite = parseId('suite', search['suite'] ?? '');
  return suite === null ? <Begin suite={null} /> : <Found id={suite} />;
}

function Found({ id }: { readonly id: Id<'suite'> }) {
  const read = useLoad(suites.suite, { params: { suite: id } });
  if (read.loaded.state !== 'ready')
    return <Coming title="Begin a run" what="the suite" {...read} />;
  return <Begin suite={read.loaded.data} />;
}

const first = {
  folder: 'my-suite',
  api: 'openai',
  endpoint: 'https://',
  model: '',
  keyVariable: 'MODEL_KEY',
  epochs: '1',
  turns: '',
  tokens: '',
  seconds: '',
};
type Words = typeof first;

function Begin({ suite }: { readonly suite: Suite | null }) {
  const [words, setWords] = useState<Words>(first);
  const [run, setRun] = useState<Id<'run'> | null>(null);
  return (
    <Page
      title="Begin a run"
      lede={
        <>
          {suite === null ? (
            'It stands alone: only your party sees it.'
          ) : (
            <>
              Of <SuiteLink id={suite.id} />.
            </>
          )}{' '}
          The model works in sealed worlds on your machine; this server is told how far it is, and
          takes the log in at the end. <a href={pathOf('runs')}>All runs</a>
        </>
      }
      width="narrow"
    >
      {run === null ? (
        <BeginForm suite={suite} words={words} onWords={setWords} onBegun={setRun} />
      ) : (
        <Begun suite={suite} words={words} run={run} />
      )}
    </Page>
  );
}

interface BeginFormProps {
  readonly suite: Suite | null;
  readonly words: Words;
  readonly onWords: (words: Words) => void;
  readonly onBegun: (run: Id<'run'>) => void;
}

function BeginForm({ suite, words, onWords, onBegun }: BeginFormProps) {
  const { act, busy, problem } = useAct(runs.beginRun);
  const field = (name: keyof Words) => ({
    value: words[name],
    onChange: (value: string) => onWords({ ...words, [name]: value }),
  });
  return (
    <ActForm
      label="Begin it here"
      busy={busy}
      problem={problem}
      reason={missing(words)}
      onSubmit={() => {
        const body = {
          ...(suite === null
            ? {}
            : { suite: suite.id, planned: suite.count * Number(words.epochs) }),
          model: `${words.api}/${words.model.trim()}`,
          limits: limitsOf(words),
          contamination: 'unknown' as const,
        };
        act({ body }, ({ run }) => onBegun(run));
      }}
    >
      <TextField
        label="Model"
        hint="As its endpoint calls it."
        exact
        {...field('model')}
        maxLength={180}
      />
      <Select
        label="What the endpoint speaks"
        {...field('api')}
        choices={[
          ['openai', 'OpenAI’s chat completions'],
          ['anthropic', 'Anthropic’s messages'],
        ]}
      />
      <TextField
        label="Endpoint"
        hint="Its base, such as https://host/v1. It stands in the command alone; this server is not told."
        exact
        type="url"
        {...field('endpoint')}
      />
      <TextField
        label="Variable with the model’s key"
        hint="Its name in the environment of your machine, never the key. Empty where the endpoint asks for none."
        exact
        {...field('keyVariable')}
      />
      <TextField
        label="Folder of the suite"
        hint={
          suite === null ? (
            'On your machine.'
          ) : (
            <>
              On your machine, with what <code>breakwater benchmark commit</code> wrote beside it.
            </>
          )
        }
        exact
        {...field('folder')}
      />
      <TextField label="Epochs" hint="How often each task is run." {...field('epochs')} />
      <div className="few-fields">
        <TextField
          label="Turns at most"
          hint="Of a sample; empty: as its task says."
          {...field('turns')}
        />
        <TextField label="Tokens at most" hint="In and out together." {...field('tokens')} />
        <TextField label="Seconds at most" hint="Model and tools together." {...field('seconds')} />
      </div>
    </ActForm>
  );
}

const limitNames = ['turns', 'tokens', 'seconds'] as const;

function limitsOf(words: Words): Partial<Record<(typeof limitNames)[number], number>> {
  const given = limitNames.filter((name) => words[name].trim() !== '');
  return Object.fromEntries(given.map((name) => [name, Number(words[name])]));
}

/** What is still missing or wrong, in the order of the form; null: nothing. */
function missing(words: Words): string | null {
  const { model, endpoint, keyVariable, folder, epochs } = words;
  const isCount = (text: string) => /^[1-9][0-9]{0,8}$/u.test(text.trim());
  if (model.trim() === '') return 'Name the model.';
  if (!/^https?:\/\/[^/]/u.test(endpoint)) return 'Give the endpoint.';
  if (!/^([A-Za-z_][A-Za-z0-9_]{0,99})?$/u.test(keyVariable)) {
    return 'Give the name of a variable, never a key.';
  }
  if (folder.trim() === '') return 'Name the folder.';
  if (!isCount(epochs) || Number(epochs) > 1_000) return 'Epochs: a number from 1 to 1000.';
  const wrong = limitNames.find((name) => words[name].trim() !== '' && !isCount(words[name]));
  return wrong === undefined ? null : `A number of ${wrong}, or nothing.`;
}

interface BegunProps {
  readonly suite: Suite | null;
  readonly words: Words;
  readonly run: Id<'run'>;
}

function Begun({ suite, words, run }: BegunProps) {
  const command = runCommand({
    folder: words.folder.trim(),
    isSealed: suite !== null,
    api: words.api === 'anthropic' ? 'anthropic' : 'openai',
    endpoint: words.endpoint.trim(),
    model: words.model.trim(),
    keyVariable: words.keyVariable,
    epochs: words.epochs.trim(),
    limits: limitsOf(words),
    server: globalThis.location.origin,
    run,
  });
  return (
    <>
      <Note tone="held" title="It is begun here, and waits for your machine" role="status">
        <p className="small">
          Set your API key as <code>BREAKWATER_KEY</code>, the model’s as the variable you named,
          and run this. The command stands here only until you leave the page.
        </p>
      </Note>
      <Command text={command} />
      <p className="small soft mt-3">
        Stopped or killed it goes on with <code>breakwater benchmark resume &lt;folder&gt;</code>,
        as the same run. <a href={pathTo('run', { run })}>See the run</a>: it moves there by itself.
      </p>
    </>
  );
}
