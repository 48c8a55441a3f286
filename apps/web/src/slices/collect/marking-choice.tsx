import { Select } from '../../ui/field.tsx';

/** Who may be told, in words. */
const markings = [
  ['AMBER+STRICT', 'TLP:AMBER+STRICT: only those who need it in the parties of the case'],
  ['AMBER', 'TLP:AMBER: the parties of the case and who they work for'],
  ['GREEN', 'TLP:GREEN: the community, not the public'],
  ['CLEAR', 'TLP:CLEAR: everybody'],
  ['RED', 'TLP:RED: nobody but the coordinators'],
] as const;
export type Marking = (typeof markings)[number][0];

interface MarkingChoiceProps {
  readonly value: Marking;
  readonly onChange: (value: Marking) => void;
}

/** How far what is handed in may go. */
export function MarkingChoice({ value, onChange }: MarkingChoiceProps) {
  return (
    <Select
      label="Who may be told (TLP 2.0)"
      value={value}
      onChange={(chosen) => onChange(markings.find(([known]) => known === chosen)?.[0] ?? value)}
      choices={markings}
    />
  );
}
