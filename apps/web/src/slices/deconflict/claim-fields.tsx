import { type Method, methods } from '@breakwater/contract';
import { Check, Radios, TextField } from '../../ui/field.tsx';
import type { ClaimDraft } from './claim-draft.ts';
import { TargetsField } from './targets-field.tsx';
import { WeaknessField } from './weakness-field.tsx';
import { methodWords } from './words.ts';

interface ClaimFormProps {
  readonly draft: ClaimDraft;
  readonly onDraft: (draft: ClaimDraft) => void;
}

/** What to look at: where, which versions, how, for what, and whether others may be there too. */
export function ClaimFields({ draft, onDraft }: ClaimFormProps) {
  const change = (part: Partial<ClaimDraft>) => onDraft({ ...draft, ...part });
  return (
    <>
      <TargetsField
        label="Where"
        hint="A repository, a package, a product, a host, a network or a web address, one a line. A path narrows it: github.com/kyz/libmspack/src."
        value={draft.targets}
        onChange={(targets) => change({ targets })}
        rows={3}
        versions
      />
      <TextField
        label="Versions"
        hint={
          <>
            Of packages and products, such as <code>vers:npm/&gt;=1.0.0|&lt;2.0.0</code>. Empty: all
            of them.
          </>
        }
        value={draft.versions}
        onChange={(versions) => change({ versions })}
        maxLength={2_000}
        exact
      />
      <MethodsField
        legend="How"
        value={draft.methods}
        onChange={(chosen) => change({ methods: chosen })}
      />
      <WeaknessField
        label="Classes of weakness"
        hint="A class stands for all below it. Empty: every class."
        value={draft.weaknesses}
        onChange={(weaknesses) => change({ weaknesses })}
      />
      <details className="fold" open={draft.except !== '' || draft.exceptWeaknesses !== ''}>
        <summary>Leave something out</summary>
        <div className="form">
          <TargetsField
            label="Not these places"
            hint="Parts of the places above, one a line."
            value={draft.except}
            onChange={(except) => change({ except })}
          />
          <WeaknessField
            label="Not these classes"
            hint="With all below them."
            value={draft.exceptWeaknesses}
            onChange={(exceptWeaknesses) => change({ exceptWeaknesses })}
          />
        </div>
      </details>
      <Radios
        legend="Others at the same time?"
        value={draft.sharing}
        onChange={(sharing) => change({ sharing: sharing === 'alone' ? 'alone' : 'beside' })}
        choices={[
          ['beside', 'Others may be there too', 'Each is told what the others cover, never whose.'],
          ['alone', 'Alone', 'Nobody else is granted the same until it ends.'],
        ]}
      />
      <Check
        label="Show it on the map of coverage"
        more="What is covered and until when, never by whom. Whoever asks for the same is told so in any case."
        checked={draft.listed}
        onChange={(listed) => change({ listed })}
      />
    </>
  );
}

interface MethodsFieldProps {
  readonly legend: string;
  readonly value: readonly Method[];
  readonly onChange: (value: readonly Method[]) => void;
}

/** What is done to the target, from the mildest to the gravest. */
export function MethodsField({ legend, value, onChange }: MethodsFieldProps) {
  return (
    <fieldset className="field method-field">
      <legend>{legend}</legend>
      {methods.map((method) => (
        <Check
          key={method}
          label={methodWords[method][0]}
          more={methodWords[method][1]}
          checked={value.includes(method)}
          onChange={(on) =>
            onChange(methods.filter((each) => (each === method ? on : value.includes(each))))
          }
        />
      ))}
    </fieldset>
  );
}
