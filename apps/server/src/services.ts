import type { Clock } from './platform/clock/clock.ts';
import type { Execute, Recall } from './platform/commands/commands.ts';
import type { InTurn } from './platform/commands/together.ts';
import type { ContentStore } from './platform/content/content.ts';
import type { Database } from './platform/database/database.ts';
import type { Directory } from './platform/directory/directory.ts';
import type { SignInMail } from './platform/directory/mail.ts';
import type { Site } from './platform/directory/site.ts';
import type { Sequencer } from './platform/journal/sequencer.ts';
import type { Live } from './platform/live/live.ts';
import type { Mail } from './platform/mail/mail.ts';
import type { Outbound } from './platform/outbound/outbound.ts';
import type { Reach } from './platform/outbound/reach.ts';
import type { Policies } from './platform/policy/policies.ts';
import type { Queue } from './platform/queue/queue.ts';
import type { Proving } from './platform/sandbox/proving.ts';
import type { Search } from './platform/search/search.ts';
import type { Signer } from './platform/signer/signer.ts';

/** What slices stand on; chosen in main.ts alone. */
export interface Services {
  readonly database: Database;
  readonly content: ContentStore;
  readonly clock: Clock;
  readonly execute: Execute;
  /** For commands that come in great number and all touch the same tables. */
  readonly inTurn: InTurn;
  readonly recall: Recall;
  readonly directory: Directory;
  readonly signer: Signer;
  readonly policies: Policies;
  readonly sequencer: Sequencer;
  readonly queue: Queue;
  readonly proving: Proving;
  readonly search: Search;
  /** null: no mail leaves this installation. */
  readonly mail: Mail | null;
  readonly live: Live;
  /** What outsiders published, by which they show what is theirs. */
  readonly outbound: Outbound;
  readonly logOrigin: string;
  /** From one batch of the log to the next. */
  readonly logCadenceMs: number;
  /** Origins of issuers that may stand at a private address. */
  readonly localIssuers: readonly string[];
  readonly signInMail: SignInMail;
  /** Who publishes advisories here, as the settings name it. */
  readonly publisher: { readonly name: string | null; readonly contact: string | null };
  /** The federation this installation is in, as the settings name it; null: in none. */
  readonly federation: { readonly salt: string; readonly contact: string } | null;
  /** What one party may ask of the blind pre-check in 24 hours, in elements. */
  readonly precheckElementsPerDay: number;
  /** Keys by which bundles from systems apart are checked, as text. */
  readonly outcomeKeys: readonly string[];
  /** Whether models with open weights are told to be outside the framework, as reported. */
  readonly openWeight: 'outside' | 'within';
  /** Where clients reach the gateway, as it is told to them. */
  readonly gatewayUrl: string | null;
  /** Where upstreams of the gateway may lie. */
  readonly gatewayReach: Reach;
  /** How people reach this installation; throws before the server listens. */
  readonly site: () => Site;
}
