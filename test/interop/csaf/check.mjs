// Holds documents to the reference validator's tests of CSAF 2.0; prints the tests each one fails.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [installed, file] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${installed}/package.json`));
const load = (name) =>
  import(pathToFileURL(require.resolve(`@secvisogram/csaf-validator-lib/${name}.js`)).href);

const [schema, mandatory] = await Promise.all([load('schemaTests'), load('mandatoryTests')]);
const tests = [schema.csaf_2_0, ...Object.values(mandatory)];
const failed = [];
for (const document of JSON.parse(readFileSync(file, 'utf8'))) {
  const names = [];
  for (const test of tests) {
    const { isValid, errors } = await test(document);
    if (!isValid) names.push(`${test.name}: ${JSON.stringify(errors).slice(0, 300)}`);
  }
  failed.push(names);
}
process.stdout.write(JSON.stringify({ tests: tests.length, failed }));
