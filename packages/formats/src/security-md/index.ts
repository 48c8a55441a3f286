export { readSecurityMd, type SecurityMd, securityMdLimits } from './security-md.ts';
