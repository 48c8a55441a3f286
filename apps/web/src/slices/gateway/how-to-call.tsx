import { Command } from '../../ui/copy.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { callRecipes, keyVariable, type Speech } from './call-recipes.ts';

interface HowToCallProps {
  readonly address: string;
  readonly model: string;
  readonly speech: Speech;
}

/** The address, and how each usual library is told of it. */
export function HowToCall(called: HowToCallProps) {
  return (
    <>
      <Command text={called.address} what="the address" />
      <p className="small soft">
        The recipes read the key from the variable <code>{keyVariable}</code>.
      </p>
      <Tabs
        label="Ways to call it"
        tabs={callRecipes(called).map(({ key, label, text }) => ({
          key,
          label,
          content: <Command text={text} what={`the recipe: ${label}`} />,
        }))}
      />
    </>
  );
}
