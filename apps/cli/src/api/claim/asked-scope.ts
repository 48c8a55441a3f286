import { methods, Scope, WeaknessId } from '@breakwater/contract';
import { formatPlace, isLive, type Place, parsePlace, parseTarget } from '@breakwater/scope';
import { z } from 'zod';
import type { Given } from '../../command.ts';
import { optionsOf } from '../../options.ts';
import { need, Stop } from '../../stop.ts';

const texts = z.array(z.string()).default([]);
/** Repeated, with commas, or both. */
const words = texts.transform((given) =>
  given.flatMap((each) => each.split(',').map((w) => w.trim())),
);
const weaknesses = words
  .transform((given) => given.map((w) => (/^\d/.test(w) ? `CWE-${w}` : w.toUpperCase())))
  .pipe(z.array(WeaknessId));

const ScopeOptions = z.object({
  path: texts,
  except: texts,
  exceptPath: texts,
  versions: z.string().optional(),
  commits: z.string().optional(),
  method: words.pipe(z.array(z.enum(methods))),
  cwe: weaknesses,
  exceptCwe: weaknesses,
});

/** What may be done to code that one has: nobody is bothered by it. */
const harmless = ['read', 'static', 'fuzz'] as const;

/**
 * What somebody means to look at, of arguments and options: every target in its canonical form, so
 * that what is wrong is told at once and nothing is sent.
 */
export function askedScope(given: Given, targets: readonly string[]): Scope {
  const options = optionsOf(ScopeOptions, given);
  if (targets.length === 0) throw new Stop(noTarget);
  const whole = targets.map((text) => need(parsePlace(text)));
  const places = options.path.length === 0 ? whole : below(whole, options.path);
  const left = [
    ...options.except.map((text) => need(parseTarget(text)).text),
    ...below(whole, options.exceptPath).map(({ target }) => target.text),
  ];
  const { versions, commits } = options;
  return {
    targets: places.filter((place) => !isNarrow(place)).map(({ target }) => target.text),
    places: places.filter(isNarrow).flatMap(placeTexts),
    except: left,
    methods: options.method.length > 0 ? options.method : methodsFor(places),
    weaknesses: options.cwe,
    exceptWeaknesses: options.exceptCwe,
    ...(versions === undefined ? {} : { versions }),
    ...(commits === undefined ? {} : { commits: commitsOf(commits) }),
  };
}

function isNarrow({ revisions }: Place): boolean {
  return revisions.kind !== 'all';
}

function placeTexts(place: Place): Scope['places'] {
  return Scope.shape.places.parse([formatPlace(place)]);
}

/** Each place at each of these paths in it. */
function below(places: readonly Place[], paths: readonly string[]): readonly Place[] {
  return paths.flatMap((path) =>
    places.map(({ target, revisions }) => {
      const takesPath = target.kind === 'repository' || target.kind === 'package';
      if (!takesPath || target.path !== '' || target.text.endsWith('/*')) {
        throw new Stop({
          code: 'path-out-of-place',
          expected: 'a repository or a package, without a path of its own',
          got: target.text,
          todo: 'write the path behind the target, such as repo:github.com/curl/curl#lib',
        });
      }
      return { target: need(parseTarget(`${target.text}#${path}`)), revisions };
    }),
  );
}

function methodsFor(places: readonly Place[]): Scope['methods'] {
  const live = places.find(({ target }) => isLive(target));
  if (live === undefined) return [...harmless];
  throw new Stop({
    code: 'method-missing',
    expected: 'what you mean to do, because this is a live system',
    got: live.target.text,
    todo: `say it with --method: ${methods.join(', ')}`,
  });
}

/** `after..until`, either of which may be missing, or whole names with commas. */
function commitsOf(text: string): NonNullable<Scope['commits']> {
  if (!text.includes('..')) return { ids: text.split(',').map((id) => id.trim()) };
  const [after = '', until = ''] = text.split('..');
  return { ...(after === '' ? {} : { after }), ...(until === '' ? {} : { until }) };
}

const noTarget = {
  code: 'target-missing',
  expected: 'at least one target',
  got: 'none',
  todo: 'such as pkg:npm/lodash, https://github.com/curl/curl, *.example.org, 192.0.2.0/24, https://example.org/app/ or product:openssl/openssl',
};
