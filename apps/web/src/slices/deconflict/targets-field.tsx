import { formatTarget } from '@breakwater/scope';
import { TextArea } from '../../ui/field.tsx';
import { linesOf } from './claim-draft.ts';
import { readTarget, targetWords } from './target-field.tsx';

interface TargetsFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly versions?: boolean;
  readonly rows?: number;
}

/** Places in plain text, one a line; beneath it what each was understood as. */
export function TargetsField(props: TargetsFieldProps) {
  const { label, hint, value, onChange, versions = false, rows = 2 } = props;
  const lines = [...new Set(linesOf(value))];
  return (
    <div className="target-field">
      <TextArea label={label} hint={hint} value={value} onChange={onChange} rows={rows} exact />
      <div className="small target-read" role="status">
        {lines.map((line) => (
          <p key={line}>
            <Line line={line} versions={versions} />
          </p>
        ))}
      </div>
    </div>
  );
}

function Line({ line, versions }: { readonly line: string; readonly versions: boolean }) {
  const read = readTarget(line, versions);
  if (read.state === 'blank') return null;
  if (read.state === 'wrong') {
    return (
      <span className="field-error">
        <code>{line.slice(0, 80)}</code> {read.words}
      </span>
    );
  }
  return (
    <>
      Understood as <code>{formatTarget(read.target)}</code>, {targetWords(read.target)}.
    </>
  );
}

/** What keeps these lines from being sent; null: nothing does. */
export function targetsWrong(text: string, versions = false): string | null {
  const lines = linesOf(text);
  if (lines.length === 0) return 'Name a place first.';
  return lines.every((line) => readTarget(line, versions).state === 'read')
    ? null
    : 'A place cannot be read: see above.';
}
