import type { Result } from '@breakwater/kernel';
import { formatTarget, isLive, parsePlace, parseTarget, type Target } from '@breakwater/scope';
import { TextField } from '../../ui/field.tsx';

/** What somebody typed, read as they type: the place, or what is wrong with it. */
export type ReadTarget =
  | { readonly state: 'blank' }
  | { readonly state: 'wrong'; readonly words: string }
  | { readonly state: 'read'; readonly target: Target; readonly text: string };

/** Reads a target; with `versions` its text may name a version too (`pkg:npm/lodash@4.17.20`). */
export function readTarget(text: string, versions = false): ReadTarget {
  if (text.trim() === '') return { state: 'blank' };
  const parsed: Result<Target> = versions ? placeOf(text) : parseTarget(spelled(text));
  if (parsed.ok) return { state: 'read', target: parsed.value, text: parsed.value.text };
  const { expected, todo } = parsed.refusal;
  return { state: 'wrong', words: `Expected ${expected}; ${todo}.` };
}

function placeOf(text: string): Result<Target> {
  const place = parsePlace(spelled(text));
  return place.ok ? { ok: true, value: place.value.target } : place;
}

/** What is sent of a line: the one form that is compared, or as typed where it names a version. */
export function sentOf(line: string): string {
  const place = parsePlace(spelled(line));
  return place.ok && place.value.revisions.kind === 'all' ? place.value.target.text : spelled(line);
}

/** A page of GitHub inside a repository: its path, with the branch that the page shows or without. */
const inside =
  /^(?:https?:\/\/)?(?:www\.)?github\.com\/([\w.-]+)\/([\w.-]+)(?:\/(?:tree|blob)\/[^/#]+)?[/#](\S+)$/i;

/**
 * People leave the scheme of an address out (`github.com/curl/curl`), and name a place in a
 * repository by its page. What it was understood as stands beneath the field.
 */
function spelled(text: string): string {
  const line = text.trim();
  const [, owner, name, path] = inside.exec(line) ?? [];
  if (owner !== undefined) return `repo:github.com/${owner}/${name}#${path}`;
  const isNetwork = /^[\d.]+\/\d+$/.test(line);
  return !isNetwork && /^[\w-]+(\.[\w-]+)+(:\d+)?\/\S/.test(line) ? `https://${line}` : line;
}

const kindWords: Readonly<Record<Target['kind'], string>> = {
  package: 'a package',
  repository: 'a repository',
  host: 'a host',
  network: 'a network',
  url: 'a web address and all below it',
  product: 'a product',
};

/** What a target is, in words, with whether it is live: that needs its owner's leave. */
export function targetWords(target: Target): string {
  const below = target.kind === 'host' && target.below ? 'every host below a name' : null;
  const kind = below ?? kindWords[target.kind];
  return isLive(target) ? `${kind}: a live system` : kind;
}

interface TargetFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly versions?: boolean;
}

/** A target in plain text; beneath it what was understood, in the one form that is compared. */
export function TargetField({ label, hint, value, onChange, versions = false }: TargetFieldProps) {
  const read = readTarget(value, versions);
  return (
    <div className="target-field">
      <TextField
        label={label}
        hint={hint}
        value={value}
        onChange={onChange}
        maxLength={2_048}
        placeholder="github.com/curl/curl"
        error={read.state === 'wrong' ? read.words : null}
        exact
      />
      <p className="small target-read" role="status">
        {read.state === 'read' ? (
          <>
            Understood as <code>{formatTarget(read.target)}</code>, {targetWords(read.target)}.
          </>
        ) : null}
      </p>
    </div>
  );
}
