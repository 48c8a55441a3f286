import type { Scope } from '@breakwater/contract';
import { cweName } from '@breakwater/formats/cwe';
import { Fragment } from 'react';
import { Facts } from '../../ui/facts.tsx';
import { commitsText, placesOf } from './scope-words.ts';
import { methodsWords } from './words.ts';

interface ScopeProps {
  readonly scope: Scope;
}

/** Everything a scope says, each dimension in a line; what it leaves open is said to be open. */
export function ScopeShown({ scope }: ScopeProps) {
  const { except, weaknesses, exceptWeaknesses } = scope;
  return (
    <Facts
      items={[
        ['Where', <Places key="where" scope={scope} />],
        ...(except.length === 0
          ? []
          : [['But not', <Targets key="not" targets={except} />] as const]),
        ['How', methodsWords(scope.methods)],
        ['For', <Classes key="for" weaknesses={weaknesses} except={exceptWeaknesses} />],
      ]}
    />
  );
}

function Places({ scope }: ScopeProps) {
  return (
    <ul className="target-list">
      {placesOf(scope).map(({ target, versions, commits }) => (
        <li key={`${target} ${versions ?? ''}`}>
          <TargetCode target={target} />
          {versions === undefined ? null : (
            <span className="under small soft">
              versions <code>{versions}</code>
            </span>
          )}
          {commits === undefined ? null : (
            <span className="under small soft">
              commits <code>{commitsText(commits)}</code>
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

/** Targets under each other. */
export function Targets({ targets }: { readonly targets: readonly string[] }) {
  return (
    <ul className="target-list">
      {targets.map((target) => (
        <li key={target}>
          <TargetCode target={target} />
        </li>
      ))}
    </ul>
  );
}

/** A target whole, broken where its parts meet if it must be. */
function TargetCode({ target }: { readonly target: string }) {
  const parts = target.split(/(?<=[/#])(?=[^/])/);
  return (
    <code>
      {parts.map((part, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never change places
        <Fragment key={at}>
          {part}
          <wbr />
        </Fragment>
      ))}
    </code>
  );
}

interface ClassesProps {
  readonly weaknesses: readonly string[];
  readonly except: readonly string[];
}

function Classes({ weaknesses, except }: ClassesProps) {
  if (weaknesses.length === 0 && except.length === 0) return 'every class of weakness';
  return (
    <ul>
      {weaknesses.length === 0 ? <li>every class of weakness</li> : null}
      {weaknesses.map((id) => (
        <li key={id}>
          <code>{id}</code> {cweName(id)}
        </li>
      ))}
      {except.map((id) => (
        <li key={id}>
          but not <code>{id}</code> {cweName(id)}
        </li>
      ))}
    </ul>
  );
}
