// An agent of one's own, as a user would write it: it knows two variables and OpenAI's API.
const { OPENAI_BASE_URL: base, OPENAI_API_KEY: key, BREAKWATER_BRIDGE: bridge } = process.env;
const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };

const ask = async (address, body) => {
  const method = body === undefined ? 'GET' : 'POST';
  const answer = await fetch(address, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return answer;
};

const how = process.argv[2];
if (how === 'leave') process.exit(0);
if (how === 'fail') {
  console.error('out of ideas');
  process.exit(3);
}
if (how === 'wrong-token') {
  const { status } = await fetch(`${bridge}/task`, { headers: { authorization: 'Bearer x' } });
  console.error(`status ${status}`);
  process.exit(4);
}
if (how === 'environment') {
  console.error(JSON.stringify(Object.keys(process.env)));
  process.exit(5);
}

const { prompt, tools } = await (await ask(`${bridge}/task`)).json();
const messages = [{ role: 'user', content: [{ type: 'text', text: prompt }] }];
const told = tools.map((each) => ({ type: 'function', function: each }));
for (;;) {
  const isStream = messages.length % 4 === 1;
  const request = { model: 'any', messages, tools: told, stream: isStream, max_tokens: 1000 };
  const answer = await ask(`${base}/chat/completions`, request);
  const message = isStream ? joined(await answer.text()) : (await answer.json()).choices[0].message;
  messages.push({ role: 'assistant', ...message });
  for (const call of message.tool_calls ?? []) {
    const given = JSON.parse(call.function.arguments);
    const result = await (await ask(`${bridge}/tools/${call.function.name}`, given)).json();
    const content = result.error === undefined ? result.content : result.error.message;
    messages.push({ role: 'tool', tool_call_id: call.id, content });
  }
  if (message.tool_calls === undefined) messages.push({ role: 'user', content: 'Go on.' });
}

function joined(events) {
  const message = {};
  for (const [, data] of events.matchAll(/^data: (\{.*\})$/gmu)) {
    const [choice] = JSON.parse(data).choices;
    if (choice !== undefined) Object.assign(message, choice.delta);
  }
  return message;
}
