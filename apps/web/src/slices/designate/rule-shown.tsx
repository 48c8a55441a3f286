import { limitsWords } from '@breakwater/benchmark';
import { percent } from '@breakwater/benchmark/report';
import type { Client, ThresholdRule } from '@breakwater/contract';
import { designate } from '@breakwater/contract';
import { useCallback, useState } from 'react';
import { Button, Buttons } from '../../ui/button.tsx';
import { Digest } from '../../ui/digest.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Time } from '../../ui/moment.tsx';
import { EntryWords } from '../record/entry-words.tsx';
import { DisclosureProof } from '../record/log-proof.tsx';
import { EntryNames } from './entry-names.tsx';
import { hasDigest, isRuleOf } from './entry-of.ts';
import { figureWords, unitOf } from './figure-words.ts';
import { measureWords } from './words.ts';

/** A rule as it was committed, and the entry of the log that says so, checked here when asked. */
export function RuleShown({ rule }: { readonly rule: ThresholdRule }) {
  const { id, document, digest, committedAt, registeredAt, by } = rule;
  const [open, setOpen] = useState(false);
  const ask = useCallback(
    (client: Client) => client.call(designate.ruleProof, { params: { rule: id } }),
    [id],
  );
  return (
    <>
      <Facts
        items={[
          ...(document === null
            ? [['Document', 'erased; its digest stays'] as const]
            : [
                ['Measures', measureWords[document.measure]] as const,
                ['Threshold', figureWords(document.threshold, unitOf(document.measure))] as const,
                ['Interval', `${percent(document.level)}; the whole of it is compared`] as const,
                ['Budget', `${limitsWords(document.budget) ?? 'no limit'}, each sample`] as const,
                ['Repetitions', `${document.repetitions} of each task, at least`] as const,
                [
                  'Counts',
                  document.counts === 'all'
                    ? 'all samples'
                    : 'all samples but those that reviewers found invalid',
                ] as const,
                ['Suite', <Digest key="s" value={`sha256:${document.suite}`} />] as const,
              ]),
          [
            'Registered',
            <span key="r">
              <Time at={registeredAt} />, by {by.name}
            </span>,
          ],
          [
            'In the log',
            committedAt === null ? (
              'not under a signed checkpoint yet; runs count that begin after it is'
            ) : (
              <span key="c">
                <Time at={committedAt} />; runs count that began later
              </span>
            ),
          ],
          ['Digest', <Digest key="d" value={digest} />],
        ]}
      />
      {open ? (
        <DisclosureProof
          name={id}
          ask={ask}
          content={(content) => (
            <>
              <EntryNames
                isSame={isRuleOf(content, rule) && hasDigest(rule)}
                what="this rule, word for word"
              />
              <EntryWords content={content} />
            </>
          )}
        />
      ) : (
        <div className="mt-3">
          <Buttons>
            <Button onPress={() => setOpen(true)}>Check it in the log</Button>
          </Buttons>
        </div>
      )}
    </>
  );
}
