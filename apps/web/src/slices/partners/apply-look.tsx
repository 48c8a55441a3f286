import { type ApplyDraft, type ApplyGround, askOf, stepsOf, tierOf } from './apply-draft.ts';
import { askWords, regionName, sectorNames, sizeNames } from './words.ts';

interface LookProps {
  readonly draft: ApplyDraft;
  readonly ground: ApplyGround;
  readonly onChange: (step: string) => void;
}

/** Everything that will be sent, each with a way back to it. */
export function ApplyLook({ draft, ground, onChange }: LookProps) {
  const steps = stepsOf(draft, ground).filter(({ key }) => key !== 'send');
  return (
    <dl className="apply-look">
      {steps.map(({ key, title }) => (
        <div key={key}>
          <dt>{title}</dt>
          <dd>
            <Said text={saidOf(key, draft, ground)} />
          </dd>
          <dd>
            <button type="button" className="link" onClick={() => onChange(key)}>
              Change<span className="unseen">: {title}</span>
            </button>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Said({ text }: { readonly text: string }) {
  return text.trim() === '' ? <span className="faint">Nothing said</span> : text;
}

/** What was answered on one screen, in one line. */
function saidOf(key: string, draft: ApplyDraft, ground: ApplyGround): string {
  switch (key) {
    case 'tier':
      return tierOf(draft, ground)?.name ?? '';
    case 'asks': {
      const ask = askOf(draft, ground);
      return ask === null ? '' : askWords[ask][0];
    }
    case 'who':
      return joined(draft.organization, nameIn(sectorNames, draft.sector));
    case 'size':
      return joined(nameIn(sizeNames, draft.size), regionName(draft.region));
    case 'purpose':
      return draft.purpose;
    case 'contact':
      return joined(draft.contact, draft.phone, draft.contactMail);
    case 'help':
      return draft.helped === 'words'
        ? draft.helpedBy
        : draft.helped === 'party'
          ? draft.helper
          : 'No';
    case 'mail':
      return draft.mail;
    default:
      return draft.meets[key.replace(/^meets-/, '')] ?? '';
  }
}

function nameIn(names: Readonly<Record<string, string>>, key: string): string {
  return names[key] ?? '';
}

function joined(...parts: readonly string[]): string {
  return parts
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join(', ');
}
