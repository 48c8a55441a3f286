import type { Client, Operation } from '@breakwater/contract';
import type { z } from 'zod';
import type { GivenFiles } from './given-files.ts';
import type { HeldClaims } from './held-claims.ts';

/** What an agent may do here: one operation of the contract, in the form an agent fills in. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly operation: Operation;
  /** Others it calls; a key has to allow all of them. */
  readonly also?: readonly Operation[];
  /** It changes nothing, although what it asks does not fit in an address. */
  readonly reads?: true;
  readonly input: z.ZodObject;
  /** `args` have passed `input`. */
  readonly call: (args: Readonly<Record<string, unknown>>, given: Given) => Promise<unknown>;
}

export interface Given {
  readonly client: Client;
  readonly files: GivenFiles;
  readonly held: HeldClaims;
  /** Keys the log is checked with. */
  readonly logKeys: () => Promise<readonly string[]>;
}

/** A tool whose call is given what its input allows. */
export function tool<T extends z.ZodObject>(
  head: Omit<Tool, 'input' | 'call'> & { readonly input: T },
  call: (args: z.infer<T>, given: Given) => Promise<unknown>,
): Tool {
  return { ...head, call: (args, given) => call(head.input.parse(args) as z.infer<T>, given) }; // by the line before
}
