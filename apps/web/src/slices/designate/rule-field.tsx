import { designate } from '@breakwater/contract';
import { Select } from '../../ui/field.tsx';
import { localZone } from '../../ui/moment.tsx';
import { dayAndHour } from '../../ui/time.ts';
import { useLoad } from '../session/server.ts';
import { measureWords } from './words.ts';

interface RuleFieldProps {
  readonly value: string;
  readonly onChange: (rule: string) => void;
}

/** One of the rules that the reader may see. */
export function RuleField({ value, onChange }: RuleFieldProps) {
  const { loaded } = useLoad(designate.rules, { query: { limit: 200 } });
  const rules = loaded.state === 'ready' ? loaded.data.items : [];
  return (
    <Select
      label="By which rule?"
      value={value}
      onChange={onChange}
      choices={[
        ['', 'None yet'],
        ...rules.map(
          ({ id, document, registeredAt }) =>
            [
              id,
              `${document === null ? 'A rule' : measureWords[document.measure]}, registered ${dayAndHour(registeredAt, localZone())}`,
            ] as const,
        ),
      ]}
    />
  );
}
