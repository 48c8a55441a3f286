/** SHA-256 of checker.html in hex, put in by the build. */
declare const __CHECKER_SHA256__: string;
