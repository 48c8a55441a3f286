/** In which forms an upstream is spoken to; the gateway passes bodies on as they come. */
export type Speech = 'openai' | 'anthropic';

interface Recipe {
  readonly key: string;
  /** Whose library, in which language. */
  readonly label: string;
  readonly text: string;
}

interface Called {
  /** The endpoint, without a slash at its end: `https://gateway.example.org`. */
  readonly address: string;
  /** What a client says for the model. */
  readonly model: string;
  readonly speech: Speech;
  /** Output tokens that one request may have at most. */
  readonly outputTokensMax: number;
}

/** How a model is called by the makers' own libraries and by curl; the key stands in a variable. */
export function callRecipes({
  address,
  model,
  speech,
  outputTokensMax,
}: Called): readonly Recipe[] {
  const named = { address, name: JSON.stringify(model), most: Math.min(500, outputTokensMax) };
  return speech === 'openai' ? openai(named) : anthropic(named);
}

/** The variable of the environment that the recipes read the key from. */
export const keyVariable = 'GATEWAY_KEY';

const said = 'Explain this alert.';

interface Named {
  readonly address: string;
  /** The model's, as a literal. */
  readonly name: string;
  readonly most: number;
}

function openai({ address, name, most }: Named): readonly Recipe[] {
  return [
    {
      key: 'openai-curl',
      label: 'curl',
      text: `curl ${address}/v1/chat/completions \\
  -H "authorization: Bearer $${keyVariable}" \\
  -H "content-type: application/json" \\
  -d ${quoted(`{"model": ${name}, "max_tokens": ${most}, "messages": [{"role": "user", "content": "${said}"}]}`)}`,
    },
    {
      key: 'openai-python',
      label: 'OpenAI, Python',
      text: `import os
from openai import OpenAI

client = OpenAI(base_url="${address}/v1", api_key=os.environ["${keyVariable}"])
answer = client.chat.completions.create(
    model=${name}, max_tokens=${most},
    messages=[{"role": "user", "content": "${said}"}],
)
print(answer.choices[0].message.content)`,
    },
    {
      key: 'openai-node',
      label: 'OpenAI, JavaScript',
      text: `import OpenAI from 'openai';

const client = new OpenAI({
  baseURL: '${address}/v1',
  apiKey: process.env.${keyVariable},
});
const answer = await client.chat.completions.create({
  model: ${name},
  max_tokens: ${most},
  messages: [{ role: 'user', content: '${said}' }],
});
console.log(answer.choices[0].message.content);`,
    },
  ];
}

function anthropic({ address, name, most }: Named): readonly Recipe[] {
  return [
    {
      key: 'anthropic-curl',
      label: 'curl, messages',
      text: `curl ${address}/v1/messages \\
  -H "x-api-key: $${keyVariable}" \\
  -H "anthropic-version: 2023-06-01" \\
  -H "content-type: application/json" \\
  -d ${quoted(`{"model": ${name}, "max_tokens": ${most}, "messages": [{"role": "user", "content": "${said}"}]}`)}`,
    },
    {
      key: 'anthropic-python',
      label: 'Anthropic, Python',
      text: `import os
from anthropic import Anthropic

client = Anthropic(base_url="${address}", api_key=os.environ["${keyVariable}"])
answer = client.messages.create(
    model=${name}, max_tokens=${most},
    messages=[{"role": "user", "content": "${said}"}],
)
print(answer.content[0].text)`,
    },
    {
      key: 'anthropic-node',
      label: 'Anthropic, JavaScript',
      text: `import Anthropic from '@anthropic-ai/sdk';

const client = new Anthropic({
  baseURL: '${address}',
  apiKey: process.env.${keyVariable},
});
const answer = await client.messages.create({
  model: ${name},
  max_tokens: ${most},
  messages: [{ role: 'user', content: '${said}' }],
});
console.log(answer.content[0].text);`,
    },
  ];
}

/** One word of a POSIX shell, whatever stands in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
