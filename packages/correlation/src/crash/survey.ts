/** What the whole text says, before its lines are read in order. */
export interface Survey {
  readonly android: boolean;
  readonly go: boolean;
  readonly jazzerJs: boolean;
  readonly kasan: boolean;
  /** Linux as a library: its lines begin with the time since boot. */
  readonly linuxLibrary: boolean;
  readonly python: boolean;
  readonly trusty: boolean;
  /** AddressSanitizer's own grading says that a signal was all there was. */
  readonly signalOnly: boolean;
}

/** Looks for the words that tell which program wrote the text; one pass for each. */
export function surveyOf(text: string): Survey {
  return {
    android: text.includes('JNI DETECTED ERROR'),
    go: text.includes('.go:'),
    jazzerJs: text.includes('Uncaught Exception: Jazzer.js'),
    kasan: text.includes('KASAN'),
    linuxLibrary: text.includes('Linux Kernel Library Stack Trace:'),
    python: text.includes('.py", line'),
    trusty: text.includes('Trusted App crash stacktrace'),
    signalOnly: /SCARINESS: \d{1,9} \(signal\)/.test(text),
  };
}
