import { z } from 'zod';
import { fileBodyBytesMax, operation, roles } from './operation.ts';
import { PageQuery, pageOf } from './page.ts';
import { At, idOf, Line, withoutNul } from './words.ts';

/** Characters of one field at most; a request of 2 MiB holds all of them. */
export const jobCharsMax = 400_000;

const FieldName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'expected small letters, digits and hyphens');

/** One thing that a partner hands in for a job. */
export const TemplateField = z.strictObject({
  name: FieldName,
  about: Line,
  charsMax: z.number().int().min(1).max(jobCharsMax),
});
export type TemplateField = z.infer<typeof TemplateField>;

/** Bytes of a repository's archive at most; as base64 it fits into {@link fileBodyBytesMax}. */
export const archiveBytesMax: number = 16 * 1024 * 1024;

/** How the name of a file ends: `.c`, or `Makefile`. */
const Ending = z.string().regex(/^[A-Za-z0-9._-]{1,40}$/, 'expected the end of a name, such as .c');

/** Files that a partner hands in beside the fields, as an archive. */
export const TemplateRepository = z.strictObject({
  about: Line,
  /** Characters of files that one call reads. */
  charsMax: z.number().int().min(1_000).max(1_000_000),
  /** Calls that one repository may take. */
  callsMax: z.number().int().min(1).max(20),
  /** How names of the files end that are read; none: every text is. */
  endings: z.array(Ending).max(100),
});
export type TemplateRepository = z.infer<typeof TemplateRepository>;

const templateShape = {
  name: Line,
  /** What it is for, in the developer's words. */
  purpose: z.string().trim().min(3).max(4_000).regex(withoutNul),
  fields: z
    .array(TemplateField)
    .max(20)
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, {
      error: 'expected each name once',
    }),
  repository: TemplateRepository.optional(),
  /** Tokens of the result of one call at most. */
  outputTokensMax: z.number().int().min(1).max(1_000_000),
};

/** The name under which the model reads files is no field's. */
const isRepository = ({ name }: TemplateField) => name === 'repository';

/** What the model is told; the fields come after it, as data. */
const Instructions = z.string().trim().min(3).max(40_000).regex(withoutNul);

/** What partners may have run, without the instructions. */
export const JobTemplate = z.object({ id: idOf('template'), ...templateShape });
export type JobTemplate = z.infer<typeof JobTemplate>;

export const OwnTemplate = JobTemplate.extend({
  of: z.union([idOf('window'), idOf('tier')]),
  /** null: erased. */
  instructions: z.string().nullable(),
  at: At,
  withdrawnAt: At.nullable(),
});
export type OwnTemplate = z.infer<typeof OwnTemplate>;

/**
 * How a job ended: with a result; the meters or the gateway refused it; the model's endpoint gave
 * none; or the process that ran it died, and what it took is settled.
 */
export const jobEnds = ['answered', 'refused', 'failed', 'lost'] as const;
export type JobEnd = (typeof jobEnds)[number];

/** One call of a job: one, or as many as a repository's files take. */
export const JobCall = z.object({
  /** As it was recorded. */
  request: idOf('request').nullable(),
  endedAt: At.nullable(),
});
export type JobCall = z.infer<typeof JobCall>;

/** Why a file of an archive is not read. */
export const leftOutWhys = ['not-text', 'other-ending', 'no-file', 'git', 'marked'] as const;

export const GatewayJob = z.object({
  id: idOf('job'),
  key: idOf('gkey'),
  template: idOf('template'),
  at: At,
  startedAt: At.nullable(),
  endedAt: At.nullable(),
  endedAs: z.enum(jobEnds).nullable(),
  /** Why a job was refused, or failed where the gateway knows. */
  code: z.string().nullable(),
  /** In the order in which they are made. */
  calls: z.array(JobCall),
});
export type GatewayJob = z.infer<typeof GatewayJob>;

const ofKey = z.strictObject({ gkey: idOf('gkey') });
const ofJob = z.strictObject({ job: idOf('job') });
const seesKey = { subject: 'gkey', level: 'detail' } as const;

/** Outputs instead of raw access: a partner hands in what a template names, and gets the result. */
export const gatewayJobs = {
  stateTemplate: operation({
    id: 'gateway.state-template',
    method: 'POST',
    path: '/v1/gateway/allotments/{scope}/templates',
    summary: 'State what is run for partners of a tier, or in a window: instructions and fields',
    callers: ['developer'],
    params: z.strictObject({ scope: z.union([idOf('window'), idOf('tier')]) }),
    body: z
      .strictObject({ ...templateShape, instructions: Instructions })
      .refine(({ fields, repository }) => fields.length > 0 || repository !== undefined, {
        error: 'expected a field, or a repository',
        path: ['fields'],
      })
      .refine(({ fields, repository }) => repository === undefined || !fields.some(isRepository), {
        error: 'expected another name than that of the repository',
        path: ['fields'],
      }),
    output: z.object({ template: idOf('template') }),
    refusals: { 'too-many': 409 },
  }),
  templates: operation({
    id: 'gateway.own-templates',
    method: 'GET',
    path: '/v1/gateway/templates',
    summary: 'Templates that you stated, with their instructions',
    callers: ['developer'],
    output: z.object({ items: z.array(OwnTemplate) }),
  }),
  withdrawTemplate: operation({
    id: 'gateway.withdraw-template',
    method: 'POST',
    path: '/v1/gateway/templates/{template}/withdraw',
    summary: 'Have a template of yours run no more',
    callers: ['developer'],
    params: z.strictObject({ template: idOf('template') }),
    body: z.strictObject({}),
    output: z.object({ template: idOf('template') }),
    refusals: { 'already-withdrawn': 409 },
  }),
  keyTemplates: operation({
    id: 'gateway.templates',
    method: 'GET',
    path: '/v1/gateway/keys/{gkey}/templates',
    summary: 'What can be run by a key: names, purposes and fields of templates',
    callers: [...roles],
    needs: seesKey,
    params: ofKey,
    output: z.object({ items: z.array(JobTemplate) }),
  }),
  submitJob: operation({
    id: 'gateway.submit-job',
    method: 'POST',
    path: '/v1/gateway/keys/{gkey}/jobs',
    summary: 'Have a template run on what you hand in; its result is for you alone',
    callers: [...roles],
    needs: seesKey,
    params: ofKey,
    body: z.strictObject({
      template: idOf('template'),
      /** Each field of the template, by its name. */
      inputs: z.record(FieldName, z.string().max(jobCharsMax).regex(withoutNul)).default({}),
      /** A zip, tar or tar.gz of files, in base64; where the template reads a repository. */
      repository: z
        .base64()
        .max(Math.ceil(archiveBytesMax / 3) * 4)
        .optional(),
    }),
    output: z.object({ job: idOf('job') }),
    refusals: {
      'holder-alone': 403,
      'person-alone': 403,
      'in-person': 403,
      'cut-off': 403,
      'not-active': 409,
      'no-such-template': 422,
      'inputs-differ': 422,
      'archive-unreadable': 422,
      'repository-too-large': 422,
      'nothing-to-read': 422,
      'too-many': 409,
    },
    bodyBytesMax: fileBodyBytesMax,
    packed: ['repository'],
  }),
  jobs: operation({
    id: 'gateway.jobs',
    method: 'GET',
    path: '/v1/gateway/jobs',
    summary: 'Jobs of your own, the newest first',
    callers: [...roles],
    query: PageQuery.extend({ gkey: idOf('gkey').optional() }),
    output: pageOf(GatewayJob),
  }),
  job: operation({
    id: 'gateway.job',
    method: 'GET',
    path: '/v1/gateway/jobs/{job}',
    summary: 'A job of your own, with its result',
    callers: [...roles],
    params: ofJob,
    output: GatewayJob.extend({
      calls: z.array(
        JobCall.extend({
          /** Paths of the files that it reads. */
          files: z.array(z.string()),
          /** null: there is none yet, or it was erased. */
          result: z.string().nullable(),
        }),
      ),
      /** Files of the archive that no call reads. */
      leftOut: z.array(z.object({ path: z.string(), why: z.enum(leftOutWhys) })),
    }),
  }),
  eraseJob: operation({
    id: 'gateway.erase-job',
    method: 'POST',
    path: '/v1/gateway/jobs/{job}/erase',
    summary: 'Erase what you handed in for a job, and its result; what was recorded stays',
    callers: [...roles],
    params: ofJob,
    body: z.strictObject({}),
    output: z.object({ job: idOf('job') }),
    refusals: { 'still-running': 409 },
  }),
};
