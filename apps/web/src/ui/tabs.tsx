import { Tabs as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { intoStrip } from './into-strip.ts';

interface Tab {
  readonly key: string;
  readonly label: ReactNode;
  readonly content: ReactNode;
}

interface TabsProps {
  readonly label: string;
  readonly tabs: readonly Tab[];
  /** The open one; with `onChange` it can live in the address. */
  readonly value?: string;
  readonly onChange?: (key: string) => void;
}

/** Parts of one thing, of which one is looked at. */
export function Tabs({ label, tabs, value, onChange }: TabsProps) {
  const held = value === undefined ? { defaultValue: tabs[0]?.key ?? '' } : { value };
  return (
    <Radix.Root {...held} {...(onChange === undefined ? {} : { onValueChange: onChange })}>
      <Radix.List className="tabs" aria-label={label}>
        {tabs.map((tab) => (
          <Radix.Trigger
            key={tab.key}
            value={tab.key}
            className="tab"
            ref={tab.key === value ? intoStrip : null}
          >
            {tab.label}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map((tab) => (
        <Radix.Content key={tab.key} value={tab.key} className="tab-content">
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
