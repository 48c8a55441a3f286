import { expect, test } from 'vitest';
import { callRecipes, keyVariable } from './call-recipes.ts';

const address = 'https://gateway.example.org:8443';

test.each(['openai', 'anthropic'] as const)(
  'a recipe of %s names the address and the model, and never a key',
  (speech) => {
    for (const { text } of callRecipes({
      address,
      model: 'harbor-1',
      speech,
      outputTokensMax: 200,
    })) {
      expect(text).toContain(address);
      expect(text).toContain('"harbor-1"');
      expect(text).toContain(keyVariable);
      expect(text).toMatch(/max_tokens"?[:=] ?200/);
      expect(text).not.toMatch(/bwg_|sk-/);
    }
  },
);

test('a name with quotes stays one word of the shell and one string of the program', () => {
  const [curl, python] = callRecipes({
    address,
    model: `o'"x`,
    speech: 'openai',
    outputTokensMax: 200,
  });
  expect(curl?.text).toContain(`{"model": "o'\\''\\"x"`);
  expect(python?.text).toContain(`model="o'\\"x"`);
});
