export {
  type GithubAdvisory,
  type GithubAdvisoryRow,
  type GithubCode,
  type GithubVulnerability,
  githubLimits,
  parseGithubAdvisories,
} from './advisories.ts';
export { purlTypeOf, versionIn } from './package.ts';
