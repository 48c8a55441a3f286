import { z } from 'zod';
import { operation, type Role, roles } from './operation.ts';
import { PageQuery, pageOf } from './page.ts';
import { RoleName } from './roles.ts';
import { At, idOf, Line, MailAddress, Name, Token } from './words.ts';

/** Every role: who a caller is decides, not which of them it holds. */
const everyParty: readonly Role[] = roles;

/** A person who acts for a party, or a service of its own. */
export const Member = z.object({
  id: idOf('member'),
  party: idOf('party'),
  /** A service has keys and cannot sign in; a person signs in. */
  kind: z.enum(['person', 'service']),
  name: z.string(),
  /** null where there is none, or it is not the reader's to see. */
  email: z.string().nullable(),
  /** May invite, remove, make keys and leave for the party. */
  manages: z.boolean(),
  joinedAt: At,
});
export type Member = z.infer<typeof Member>;

export const Invitation = z.object({
  id: idOf('invitation'),
  /** null: joining makes a new party. */
  party: idOf('party').nullable(),
  newParty: z.object({ name: z.string().nullable(), role: z.string() }).nullable(),
  email: z.string().nullable(),
  manages: z.boolean(),
  state: z.enum(['open', 'accepted', 'revoked', 'expired']),
  createdAt: At,
  expiresAt: At,
});
export type Invitation = z.infer<typeof Invitation>;

/** A link that is shown this once: `<public address>/sign-in#<token>`. */
const Link = z.object({ link: z.string(), expiresAt: At });

export const members = {
  invite: operation({
    id: 'directory.invite',
    method: 'POST',
    path: '/v1/invitations',
    summary: 'Invite a person into your own party, or a new party by its first person',
    callers: ['administrator', ...everyParty],
    body: z.strictObject({
      /** An existing party; absent, with no newParty: your own. */
      party: idOf('party').optional(),
      newParty: z.strictObject({ name: Name, role: RoleName }).optional(),
      email: MailAddress.optional(),
      manages: z.boolean().default(false),
    }),
    output: Link.extend({ invitation: idOf('invitation') }),
    refusals: {
      'managing-member-needed': 403,
      'invitation-ambiguous': 422,
      'role-unknown': 422,
    },
  }),
  listInvitations: operation({
    id: 'directory.list-invitations',
    method: 'GET',
    path: '/v1/invitations',
    summary: 'List the invitations you may revoke, newest first',
    callers: ['administrator', ...everyParty],
    query: PageQuery,
    output: pageOf(Invitation),
    refusals: { 'managing-member-needed': 403 },
  }),
  revokeInvitation: operation({
    id: 'directory.revoke-invitation',
    method: 'POST',
    path: '/v1/invitations/{invitation}/revoke',
    summary: 'Make the link of an open invitation worthless',
    callers: ['administrator', ...everyParty],
    params: z.strictObject({ invitation: idOf('invitation') }),
    output: z.object({ invitation: idOf('invitation') }),
    refusals: { 'managing-member-needed': 403, 'invitation-closed': 409 },
  }),
  listMembers: operation({
    id: 'directory.list-members',
    method: 'GET',
    path: '/v1/members',
    summary: 'List the members of your party; the coordinator and the administrator name any',
    callers: ['administrator', ...everyParty],
    query: PageQuery.extend({ party: idOf('party').optional() }),
    output: pageOf(Member),
  }),
  removeMember: operation({
    id: 'directory.remove-member',
    method: 'POST',
    path: '/v1/members/{member}/remove',
    summary: 'Remove a member: its sessions, passkeys, links and keys end with it',
    callers: ['administrator', ...everyParty],
    params: z.strictObject({ member: idOf('member') }),
    output: z.object({ member: idOf('member') }),
    refusals: { 'managing-member-needed': 403, 'last-managing-member': 409 },
  }),
  changeMember: operation({
    id: 'directory.change-member',
    method: 'POST',
    path: '/v1/members/{member}/change',
    summary: 'Let a member manage its party, or no longer',
    callers: ['administrator', ...everyParty],
    params: z.strictObject({ member: idOf('member') }),
    body: z.strictObject({ manages: z.boolean() }),
    output: z.object({ member: idOf('member') }),
    refusals: { 'managing-member-needed': 403, 'last-managing-member': 409 },
  }),
  updateMe: operation({
    id: 'directory.update-me',
    method: 'POST',
    path: '/v1/me/update',
    summary: 'Change your own name or mail address; null takes the address away',
    callers: everyParty,
    body: z.strictObject({ name: Name.optional(), email: MailAddress.nullable().optional() }),
    output: Member,
    refusals: { 'sign-in-needed': 403, 'last-way-in': 409 },
  }),
  addService: operation({
    id: 'directory.add-service',
    method: 'POST',
    path: '/v1/services',
    summary: 'Add a service account to your party: it has keys, and cannot sign in',
    callers: everyParty,
    body: z.strictObject({ name: Name }),
    output: Member,
    refusals: { 'managing-member-needed': 403 },
  }),
  makeLink: operation({
    id: 'directory.make-link',
    method: 'POST',
    path: '/v1/links',
    summary: 'Make a one-time link: to sign a member in, or to join a party, there or new',
    callers: ['administrator'],
    body: z.strictObject({
      /** Signs this member in. */
      member: idOf('member').optional(),
      /** Makes whoever redeems it a managing member of this party. */
      party: idOf('party').optional(),
      /** Makes whoever redeems it the first member of a new party; they may name it. */
      newParty: z.strictObject({ name: Name.optional(), role: RoleName }).optional(),
    }),
    output: Link,
    refusals: { 'link-ambiguous': 422, 'role-unknown': 422 },
  }),
  leave: operation({
    id: 'directory.leave',
    method: 'POST',
    path: '/v1/leave',
    summary: 'Leave with your whole party; what it handed in can be fetched once afterwards',
    callers: everyParty,
    body: z.strictObject({
      /** The party's name as it is shown, typed by a person. */
      confirm: Line,
    }),
    output: z.object({ exportToken: z.string(), exportUntil: At }),
    refusals: {
      'managing-member-needed': 403,
      'confirmation-differs': 422,
      'last-coordinator': 409,
      'export-too-large': 422,
    },
  }),
  exportOwn: operation({
    id: 'directory.export-own',
    method: 'GET',
    path: '/v1/export',
    summary: 'Everything your party handed in and may see of its own, in open formats',
    callers: everyParty,
    output: z.string(),
    file: 'application/zip',
    refusals: { 'managing-member-needed': 403, 'export-too-large': 422 },
  }),
  fetchExport: operation({
    id: 'directory.fetch-export',
    method: 'POST',
    path: '/v1/export/fetch',
    summary: 'Fetch, once, the export of a party that left',
    callers: ['public', ...everyParty],
    body: z.strictObject({ token: Token }),
    output: z.string(),
    file: 'application/zip',
    refusals: { 'link-not-valid': 403 },
  }),
};
