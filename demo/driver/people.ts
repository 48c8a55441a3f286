import { randomUUID } from 'node:crypto';
import { directory, type Role } from '@breakwater/contract';
import { type Caller, createCaller } from './calls.ts';
import type { ServerProcess } from './server.ts';

/** A scripted person or organization, labeled so in its very name. */
export interface Person extends Caller {
  readonly party: `party_${string}`;
  readonly key: string;
  readonly name: string;
}

/** Adds a party and makes its key. A repetition of the whole cast finds what it made before. */
export async function addPerson(
  server: ServerProcess,
  name: string,
  role: Role,
  tag = '',
): Promise<Person> {
  const administrator = createCaller(server, null);
  const label = `${name} (scripted)`;
  const { id } = await administrator.write(`party:${name}${tag}`, directory.addParty, {
    body: { name: label, role },
  });
  const key = await makeKey(administrator, id, `${name}${tag}`);
  return { ...createCaller(server, key), party: id, key, name: label };
}

/** A key is shown once: if the answer was lost with the server, another one is made. */
async function makeKey(
  administrator: Caller,
  party: Person['party'],
  step: string,
): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    try {
      const made = await administrator.write(`key:${step}:${attempt}`, directory.addKey, {
        params: { party: party as never }, // branded by the contract, ours from its answer
        body: { label: 'demo' },
      });
      return made.key;
    } catch (error) {
      if (attempt === 20 || !String(error).includes('shown')) throw error;
    }
  }
}

/** A one-time link that lets a person of flesh and blood into a scripted party. */
export async function linkFor(server: ServerProcess, { party }: Person): Promise<string> {
  const administrator = createCaller(server, null);
  const { link } = await administrator.write(`link:${randomUUID()}`, directory.makeLink, {
    body: { party: party as never }, // as above
  });
  return link;
}
