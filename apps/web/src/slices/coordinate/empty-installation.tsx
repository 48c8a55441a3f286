import { example } from '@breakwater/contract';
import { pathOf } from '../../app/paths.ts';
import { Button, ButtonLink } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { useMay } from '../session/me.ts';
import { ProblemNote, Show } from '../session/problem-note.tsx';
import { useAct, useLoad } from '../session/server.ts';

/** The first minute of a new installation: two ways to see it work. */
export function EmptyInstallation() {
  const may = useMay();
  return (
    <EmptyState
      title="No case yet"
      actions={
        <>
          {may(example.load) ? <LoadExample /> : null}
          <ButtonLink href={pathOf('submit')} kind={may(example.load) ? 'plain' : 'first'}>
            Check a file of mine
          </ButtonLink>
          <ButtonLink href={pathOf('people')}>Invite somebody</ButtonLink>
        </>
      }
    >
      <p>
        A case opens when a finding is handed in: by file here, by the API, or with{' '}
        <code>npx breakwater submit crash</code>. Findings of one root cause join one case. Its
        proof runs in the sandbox, its owner is told, a patch is verified, an advisory published,
        and each step is counted on this page.
      </p>
      <p>
        The example is real: published reports, recipes and inventories, run through the same
        commands as everything else. It can be taken away again on this page.
      </p>
    </EmptyState>
  );
}

function LoadExample() {
  const { loaded, reload } = useLoad(
    example.get,
    {},
    { againWhile: ({ state }) => state === 'loading' },
  );
  const { act, busy, problem } = useAct(example.load);
  return (
    <Show what="the example" loaded={loaded} reload={reload}>
      {({ state, hindrance, steps }) => (
        <>
          <Button
            kind="first"
            busy={(busy || state === 'loading') && 'Loading the example…'}
            reason={hindrance}
            onPress={() => act({}, reload)}
          >
            Load the example
          </Button>
          {state === 'loading' ? <p className="small soft w-full">{steps.at(-1)}</p> : null}
          {problem === null ? null : <ProblemNote problem={problem} />}
        </>
      )}
    </Show>
  );
}
