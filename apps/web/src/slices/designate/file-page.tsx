import type { DesignationFile } from '@breakwater/contract';
import { designate } from '@breakwater/contract';
import { type Id, parseId } from '@breakwater/kernel';
import { pathOf } from '../../app/paths.ts';
import { Empty } from '../../ui/note.tsx';
import { Page } from '../../ui/page.tsx';
import { Section } from '../../ui/section.tsx';
import { Show } from '../session/problem-note.tsx';
import type { Address, Screen } from '../session/screen.ts';
import { begin, useLoad } from '../session/server.ts';
import { AboutModel } from './about-model.tsx';
import { Assessments } from './assessments.tsx';
import { Consultations } from './consultations.tsx';
import { Determined } from './determined.tsx';
import { Dissents } from './dissents.tsx';
import { Evaluations } from './evaluations.tsx';
import { FileActs } from './file-acts.tsx';
import { FileRuns } from './file-runs.tsx';
import { NothingSuch } from './nothing-such.tsx';
import { RuleShown } from './rule-shown.tsx';

export const screen: Screen = {
  load: (reader, { params }) => {
    const file = parseId('file', params['file'] ?? '');
    if (file !== null) begin(reader, designate.file, { params: { file } });
  },
  Page: FilePage,
};

/** One file: all that lies before the official, in the order in which it is read. */
function FilePage({ params }: Address) {
  const id = parseId('file', params['file'] ?? '');
  return id === null ? <NothingSuch what="file" /> : <Found id={id} key={id} />;
}

function Found({ id }: { readonly id: Id<'file'> }) {
  const read = useLoad(designate.file, { params: { file: id } });
  if (read.loaded.state !== 'ready') {
    return (
      <Page title="File">
        <Show what="the file" {...read}>
          {() => null}
        </Show>
      </Page>
    );
  }
  return <Known file={read.loaded.data} />;
}

function Known({ file }: { readonly file: DesignationFile }) {
  const { keeper, rule, former } = file;
  return (
    <Page
      title="The file"
      lede={
        <>
          On <AboutModel file={file} linked />, kept by {keeper.name}.{' '}
          {former === null ? null : 'It looks again at what was determined. '}
          <a href={pathOf('files')}>All files</a>
        </>
      }
    >
      <Section
        id="estimate"
        title="The interval and the threshold"
        lede="Where the whole interval lies, never a point. It decides nothing: the official determines."
      >
        <Evaluations file={file} />
      </Section>
      <Section
        id="rule"
        title="The rule"
        lede="Said before any run, and committed to the log, so that it cannot be fitted to a result."
      >
        {rule === null ? <Empty>The file names no rule.</Empty> : <RuleShown rule={rule} />}
      </Section>
      <Section
        id="runs"
        title="The runs"
        lede="Of the rule’s suite, begun after the rule was committed."
      >
        <FileRuns file={file} />
      </Section>
      <Section
        id="dissents"
        title="Dissents"
        lede="Each stays with the file, with its name and unaltered."
      >
        <Dissents file={file} />
      </Section>
      <Section
        id="consultations"
        title="Consultations"
        lede="That each office was consulted, and when; nothing of what it said."
      >
        <Consultations file={file} />
      </Section>
      <Section
        id="determination"
        title="The determination"
        lede="The official’s alone. It says what the model is, and changes nothing about its release."
      >
        <Determined file={file} />
      </Section>
      <Section
        id="told"
        title="What the developer is told"
        lede="The outcome always; of an evaluation the parts chosen here, and no more."
      >
        <Assessments file={file} />
      </Section>
      <Section
        id="acts"
        title="Every act"
        lede="Each is an entry in a signed log, and its proof can be checked here."
      >
        <FileActs id={file.id} />
      </Section>
    </Page>
  );
}
