import type { GatewayKey } from '@breakwater/contract';
import { gateway } from '@breakwater/contract';
import { Command } from '../../ui/copy.tsx';
import { Empty } from '../../ui/note.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { Show } from '../session/problem-note.tsx';
import { useLoad } from '../session/server.ts';
import { callRecipes, keyVariable } from './call-recipes.ts';

/** The address, and how each usual library is told of it. */
export function HowToCall({ gkey }: { readonly gkey: GatewayKey }) {
  const read = useLoad(gateway.offers, {});
  const [model] = gkey.names;
  return (
    <Show what="the address" {...read}>
      {({ address }) =>
        address === null ? (
          <Empty>This installation does not say where its gateway is.</Empty>
        ) : (
          <>
            <Command text={address} what="the address" />
            {model === undefined || gkey.speaks.length === 0 ? (
              <Empty>The developer names no endpoint for the model yet.</Empty>
            ) : (
              <Recipes address={address} model={model} gkey={gkey} />
            )}
          </>
        )
      }
    </Show>
  );
}

interface RecipesProps {
  readonly address: string;
  readonly model: string;
  readonly gkey: Pick<GatewayKey, 'speaks' | 'limits'>;
}

function Recipes({ address, model, gkey: { speaks, limits } }: RecipesProps) {
  const { outputTokensMax } = limits;
  const recipes = speaks.flatMap((speech) =>
    callRecipes({ address, model, speech, outputTokensMax }),
  );
  return (
    <div className="recipes">
      <p className="small soft">
        Each reads the key from the variable <code>{keyVariable}</code>. Every answer has its id in
        the header <code>x-breakwater-request</code>: what was recorded of it stands below.
      </p>
      <Tabs
        label="Ways to call it"
        tabs={recipes.map(({ key, label, text }) => ({
          key,
          label,
          content: <Command text={text} what={`the recipe: ${label}`} />,
        }))}
      />
    </div>
  );
}
