import type { AccessGrant, Output } from '@breakwater/contract';
import { earlyAccess } from '@breakwater/contract';
import { Button, Buttons } from '../../ui/button.tsx';
import { Digest } from '../../ui/digest.tsx';
import { Time } from '../../ui/moment.tsx';
import { useSay } from '../../ui/toast.tsx';
import { kindWords } from '../engage/words.ts';
import { ProblemNote, Show } from '../session/problem-note.tsx';
import { useAct, useLoad } from '../session/server.ts';

type Read = Output<typeof earlyAccess.grantTerms>['items'][number];
type Protection = AccessGrant['protections'][number];

interface AcceptTermsProps {
  readonly grant: AccessGrant;
  readonly isOwn: boolean;
}

/** The six, each with the text that binds, and the act of accepting it. */
export function AcceptTerms({ grant, isOwn }: AcceptTermsProps) {
  const read = useLoad(earlyAccess.grantTerms, { params: { grant: grant.id } });
  return (
    <Show what="the terms" {...read}>
      {({ items }) => (
        <ol className="protections">
          {grant.protections.map((protection) => (
            <OneProtection
              key={protection.protection}
              grant={grant}
              protection={protection}
              read={items.find((each) => each.protection === protection.protection)}
              isOwn={isOwn}
            />
          ))}
        </ol>
      )}
    </Show>
  );
}

interface OneProtectionProps extends AcceptTermsProps {
  readonly protection: Protection;
  readonly read: Read | undefined;
}

function OneProtection({ grant, protection, read, isOwn }: OneProtectionProps) {
  const { protection: name, terms, acceptedAt } = protection;
  const [word, more] = kindWords[name];
  const text = read !== undefined && read.terms === terms ? read.text : null;
  return (
    <li className="protection">
      <h3>{word}</h3>
      <p className="small soft">{more}</p>
      {terms === null ? (
        <p className="missing small">no terms are signed by both sides yet</p>
      ) : (
        <>
          {text === null ? (
            <p className="small soft">Its text cannot be read here.</p>
          ) : (
            <details className="fold" open={acceptedAt === null}>
              <summary>Read it</summary>
              <p className="redline terms-text">{text}</p>
              {read?.digest ? <Digest value={read.digest} /> : null}
            </details>
          )}
          {acceptedAt === null ? null : (
            <p className="small accepted">
              accepted <Time at={acceptedAt} />
            </p>
          )}
          {acceptedAt === null && isOwn && grant.revokedAt === null ? (
            <Accept grant={grant} protection={name} terms={terms} hasText={text !== null} />
          ) : null}
        </>
      )}
    </li>
  );
}

interface AcceptProps {
  readonly grant: AccessGrant;
  readonly protection: Protection['protection'];
  readonly terms: NonNullable<Protection['terms']>;
  readonly hasText: boolean;
}

function Accept({ grant, protection, terms, hasText }: AcceptProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(earlyAccess.accept);
  return (
    <div className="mt-3">
      <Buttons>
        <Button
          kind="first"
          busy={busy && 'Accepting…'}
          label={`Accept: ${kindWords[protection][0]}`}
          reason={hasText ? null : 'It has to be read first.'}
          onPress={() =>
            act({ params: { grant: grant.id }, body: { protection, terms } }, ({ active }) =>
              say(active ? 'Accepted. Your access is active.' : 'Accepted.'),
            )
          }
        >
          Accept
        </Button>
      </Buttons>
      {problem === null ? null : <ProblemNote problem={problem} />}
    </div>
  );
}
