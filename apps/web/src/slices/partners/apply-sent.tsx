import type { Output, partners } from '@breakwater/contract';
import { Button, Buttons } from '../../ui/button.tsx';
import { Command } from '../../ui/copy.tsx';
import { Time } from '../../ui/moment.tsx';
import { Note } from '../../ui/note.tsx';
import { Page } from '../../ui/page.tsx';
import { LocalLinkNote } from '../session/local-link-note.tsx';

interface SentProps {
  readonly sent: Output<typeof partners.apply>;
  readonly organization: string;
}

/** The one time that the secret link is shown. */
export function ApplySent({ sent, organization }: SentProps) {
  return (
    <Page title="It is sent" lede={`The application of ${organization} is in.`} width="narrow">
      <p>
        You are answered by <Time at={sent.promisedBy} />, with reasons, whatever the answer is.
      </p>
      <Note tone="warn" title="Keep this link. It is shown this once." role="status">
        <p className="small">
          It is the only way to your answer. Whoever has it reads your application and speaks for
          you: give it to nobody else.
        </p>
        <Command text={sent.link} what="the link" />
        <Buttons>
          <Button onPress={() => print()}>Print this page</Button>
        </Buttons>
        <p className="small soft">
          {sent.mailed ? 'It is also on its way to your mail address.' : 'It is not sent by mail.'}
        </p>
      </Note>
      <LocalLinkNote link={sent.link} />
      <Buttons>
        <a className="button" href={sent.link}>
          Open it
        </a>
      </Buttons>
    </Page>
  );
}
