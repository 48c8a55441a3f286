export {
  isCanonical,
  parseSecurityTxt,
  type SecurityTxt,
  type SecurityTxtCode,
  type SecurityTxtFault,
  securityTxtLimits,
} from './security-txt.ts';
