import { z } from 'zod';
import { advisories, Ecosystem } from './advisories.ts';
import { fileBodyBytesMax, operation } from './operation.ts';
import { PageQuery, pageOf } from './page.ts';
import { changedSince, IfRevision } from './revision.ts';
import { At, Base64, DigestText, idOf, Line, PartyRef, Prose } from './words.ts';

/** Why nobody can say whether an advisory affects a component. */
export const Doubt = z.enum([
  'release-unknown',
  'version-malformed',
  'order-unknown',
  'range-malformed',
  'range-of-commits',
]);
export type Doubt = z.infer<typeof Doubt>;

/** Components of which nobody can say, and of how many advisories; one may stand under two doubts. */
const Undecided = z.array(
  z.object({ doubt: Doubt, components: z.number(), advisories: z.number() }),
);

export const Inventory = z.object({
  id: idOf('inventory'),
  name: z.string(),
  format: z.string(),
  components: z.number(),
  sha256: DigestText,
  uploadedAt: At,
  /** How much of it did not become a component; null: it came in before this was counted. */
  notUnderstood: z.number().nullable(),
  /** The Debian release its operator named; null: none, or the list tells it itself. */
  debianRelease: z.string().nullable(),
  /** Components of a distribution whose release nobody named: advisories for one pass them by. */
  releaseMissing: z.number(),
  /** False while it is still being compared with what is published. */
  compared: z.boolean(),
  undecided: Undecided,
  /** Goes up with each newer list of the same name, and with each change. */
  revision: z.number(),
});

/** Everything an operator must do, in plain words, on one card. */
export const Card = z.object({
  headline: z.string(),
  /** One sentence: what can happen. */
  why: z.string(),
  /** What to do, in order; commands are exact and can be copied. */
  steps: z.array(z.object({ text: z.string(), command: z.string().nullable() })),
  patch: z
    .object({ id: idOf('patch'), sha256: DigestText, attestation: idOf('attestation').nullable() })
    .nullable(),
  /** null: no fixed deadline; with the next scheduled update. */
  dueAt: At.nullable(),
  /** First line: why, in plain words. After it: the rule that gave it, with its inputs. */
  dueBecause: z.string(),
  where: z.array(
    z.object({
      component: z.string(),
      version: z.string(),
      fixed: z.string().nullable(),
      reason: z.string(),
      path: z.string().nullable(),
    }),
  ),
  advisory: z.string(),
});
export type Card = z.infer<typeof Card>;

/** What was read from a list, line by line: what was understood, and what not and why. */
export const InventoryPreview = z.object({
  format: z.string(),
  components: z.number(),
  ecosystems: z.array(z.object({ ecosystem: z.string(), components: z.number() })),
  /** The first 500. */
  understood: z.array(
    z.object({
      ecosystem: z.string(),
      name: z.string(),
      version: z.string(),
      installedAs: z.string().nullable(),
      path: z.string(),
    }),
  ),
  notes: z.number(),
  /** The first 500: where in the file, and why it did not become a component. */
  notUnderstood: z.array(z.object({ path: z.string(), code: z.string(), text: z.string() })),
  /** Against every published advisory. */
  affected: z.array(
    z.object({ advisory: z.string(), summary: z.string(), where: Card.shape.where }),
  ),
  undecided: Undecided,
  releaseMissing: z.number(),
});
export type InventoryPreview = z.infer<typeof InventoryPreview>;

export const Notice = z.object({
  id: idOf('notice'),
  advisory: z.string(),
  inventory: z.object({ id: idOf('inventory'), name: z.string() }),
  createdAt: At,
  /** `resolved`: a newer list of the same name no longer shows it. */
  status: z.enum(['open', 'done', 'helper', 'not-affected', 'resolved', 'withdrawn']),
  receipt: z
    .object({
      at: At,
      outcome: z.enum(['done', 'helper', 'not-affected']),
      note: z.string().nullable(),
    })
    .nullable(),
  /** True where you are the helper, and somebody else's systems are meant. */
  asHelper: z.boolean(),
  revision: z.number(),
  card: Card,
});
export type Notice = z.infer<typeof Notice>;

const inCase = z.strictObject({ case: idOf('case') });
const inInventory = z.strictObject({ inventory: idOf('inventory') });

/** As Debian numbers them, such as 12. */
const DebianRelease = z.string().regex(/^\d{1,3}$/);

/** An inventory as it is sent: a file as it is, or a list typed by hand. */
const InventoryFile = {
  file: Base64,
  /** `product-list`: typed by hand, one `name version` a line. */
  as: z.enum(['detected', 'product-list']).optional(),
  /** For a list typed by hand: what its lines are of, such as npm or Debian:12. */
  ecosystem: Ecosystem.optional(),
  /** For a Debian package list: the release it comes from, such as 12. */
  debianRelease: DebianRelease.optional(),
  /** For a package list of another system: what it is of, such as Rocky Linux:9 or Alpine:v3.20. */
  distribution: Ecosystem.optional(),
};

export const distribute = {
  ...advisories,
  addInventory: operation({
    id: 'distribute.add-inventory',
    bodyBytesMax: fileBodyBytesMax,
    method: 'POST',
    path: '/v1/inventories',
    summary: 'Upload an inventory; one of the same name is replaced, and its cards follow',
    callers: ['operator'],
    body: z.strictObject({ name: Line, ...InventoryFile, ifRevision: IfRevision.optional() }),
    output: z.object({
      inventory: idOf('inventory'),
      format: z.string(),
      components: z.number(),
      revision: z.number(),
    }),
    refusals: { 'inventory-unreadable': 422, ...changedSince },
  }),
  previewInventory: operation({
    id: 'distribute.preview-inventory',
    bodyBytesMax: fileBodyBytesMax,
    method: 'POST',
    path: '/v1/inventories/preview',
    summary: 'Check a file: what is understood of it and what is affected; nothing is kept',
    callers: ['operator', 'coordinator', 'owner', 'finder', 'auditor'],
    body: z.strictObject(InventoryFile),
    output: InventoryPreview,
    refusals: { 'inventory-unreadable': 422 },
  }),
  listInventories: operation({
    id: 'distribute.list-inventories',
    method: 'GET',
    path: '/v1/inventories',
    summary: 'Your inventories, newest first',
    callers: ['operator'],
    query: PageQuery.extend({
      /** Those alone of which not everything could be judged, or not yet. */
      unjudged: z.literal('true').optional(),
    }),
    output: pageOf(Inventory),
  }),
  changeInventory: operation({
    id: 'distribute.change-inventory',
    method: 'POST',
    path: '/v1/inventories/{inventory}/change',
    summary: 'Rename an inventory, or say which Debian release it is of; its cards follow',
    callers: ['operator'],
    params: inInventory,
    body: z.strictObject({
      name: Line.optional(),
      /** null: not known any more. */
      debianRelease: DebianRelease.nullable().optional(),
      ifRevision: IfRevision.optional(),
    }),
    output: z.object({ inventory: idOf('inventory'), revision: z.number() }),
    refusals: { 'name-taken': 409, 'no-release': 422, 'inventory-erased': 409, ...changedSince },
  }),
  removeInventory: operation({
    id: 'distribute.remove-inventory',
    method: 'POST',
    path: '/v1/inventories/{inventory}/remove',
    summary: 'Remove an inventory and its cards; what they said is erased',
    callers: ['operator'],
    params: inInventory,
    body: z.strictObject({ ifRevision: IfRevision.optional() }),
    output: z.object({ inventory: idOf('inventory') }),
    refusals: { ...changedSince },
  }),
  listNotices: operation({
    id: 'distribute.list-notices',
    method: 'GET',
    path: '/v1/notices',
    summary: 'Your notices, newest first: one card each',
    callers: ['operator'],
    query: PageQuery,
    output: pageOf(Notice),
  }),
  notice: operation({
    id: 'distribute.notice',
    method: 'GET',
    path: '/v1/notices/{notice}',
    summary: 'One notice with its card',
    callers: ['operator'],
    needs: { subject: 'notice', level: 'detail' },
    params: z.strictObject({ notice: idOf('notice') }),
    output: Notice,
  }),
  receipt: operation({
    id: 'distribute.receipt',
    method: 'POST',
    path: '/v1/notices/{notice}/receipt',
    summary: 'Report it done, handed to a helper, or not affected',
    callers: ['operator'],
    needs: { subject: 'notice', level: 'detail' },
    params: z.strictObject({ notice: idOf('notice') }),
    body: z.strictObject({
      outcome: z.enum(['done', 'helper', 'not-affected']),
      note: Prose.max(4_000).optional(),
      ifRevision: IfRevision.optional(),
    }),
    output: z.object({ notice: idOf('notice'), status: z.string() }),
    refusals: { 'already-receipted': 409, ...changedSince },
  }),
  exposure: operation({
    id: 'distribute.exposure',
    method: 'GET',
    path: '/v1/cases/{case}/exposure',
    summary: 'Which operators run an affected version, and who reported it done',
    callers: ['coordinator'],
    needs: { subject: 'case', level: 'all' },
    params: inCase,
    output: z.object({
      inventories: z.number(),
      affected: z.number(),
      done: z.number(),
      helper: z.number(),
      items: z.array(
        z.object({
          notice: idOf('notice'),
          operator: PartyRef,
          status: z.string(),
          component: z.string(),
          version: z.string(),
          dueAt: At.nullable(),
        }),
      ),
    }),
  }),
};
