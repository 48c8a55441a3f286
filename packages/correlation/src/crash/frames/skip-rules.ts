import type { SkipReason } from '../crash.ts';
import { holdsInOrder } from '../rules/rule.ts';

/**
 * Says why a frame is left out of the crash state, or null to keep it. `text` is the frame's
 * function, file and module as printed.
 *
 * The names are those of ClusterFuzz's published ignore list (clusterfuzz/stacktraces, Apache-2.0),
 * regrouped by the reason, so that two installations and ClusterFuzz itself name one crash alike.
 */
export function skipReasonOf(text: string): SkipReason | null {
  if (text.length < 3) return 'too-short';
  const shown = text.slice(0, 4_096).replaceAll('\\', '/');
  for (const rule of rules) {
    if (rule.exact.some((name) => isFunction(shown, name))) return rule.reason;
    if (rule.starts.some((name) => shown.startsWith(name))) return rule.reason;
    if (rule.holds.some((name) => shown.includes(name))) return rule.reason;
  }
  return ordered.find(([, names]) => holdsInOrder(shown, names))?.[0] ?? null;
}

/** The frame is this function, whatever place or module is printed after it. */
function isFunction(shown: string, name: string): boolean {
  return shown.startsWith(name) && (shown.length === name.length || shown[name.length] === ' ');
}

interface SkipRule {
  readonly reason: SkipReason;
  /** The whole function. */
  readonly exact: readonly string[];
  /** How it begins. */
  readonly starts: readonly string[];
  /** What stands anywhere in it. */
  readonly holds: readonly string[];
}

const words = (text: string): readonly string[] => text.trim().split(/\s{1,80}/);

/** Names whose middle varies. */
const ordered: readonly (readonly [SkipReason, readonly string[]])[] = [
  ['library-wrapper', ['libc-', '.so']],
  ['abort-path', ['logging::', 'LogMessage']],
  ['abort-path', ['logging::', 'NoreturnError']],
];

const rules: readonly SkipRule[] = [
  {
    reason: 'no-symbol',
    exact: ['<unknown>', '[vdso]'],
    starts: ['<null>', 'linux-gate.so', 'libgcc_s.so', '_etext'],
    holds: ['+Unknown', '<unknown module>', 'Inline Function @'],
  },
  {
    reason: 'sanitizer-runtime',
    exact: [],
    starts: words(`
      ___interceptor_backtrace __asan:: __asan_ __hwasan:: __hwasan_ __interceptor_ __kasan_
      __lsan:: __lsan_ __msan:: __msan_ __sanitizer:: __sanitizer_ __tsan:: __tsan_ __ubsan::
      __ubsan_ _asan_ _hwasan_ _lsan_ _msan_ _sanitizer_ _tsan_ _ubsan_ asan_ asan.module_ctor
      asan.module_dtor kasan_ MSanAtExitWrapper check_memory_region object_err
      print_address_description print_trailer <libclang_rt.asan.so>`),
    holds: words(`
      ASAN_OnSIGSEGV _asan_rtl_ agent::asan:: asan_Heap asan_check_access
      asan_osx_dynamic.dylib /sanitizer_common/`),
  },
  {
    reason: 'fuzzing-engine',
    exact: [],
    starts: words(`
      LLVMFuzzerTestOneInput TestOneProtoInput fuzzer:: ExitCallback libfuzzer_sys::initialize
      rust_fuzzer_test_input`),
    holds: words(`
      base::FuzzedDataProvider fuzztest::internal:: centipede:: third_party/fuzztest/ /googletest/
      /memorycmp.c`),
  },
  {
    reason: 'allocator',
    exact: [],
    starts: words('calloc free malloc realloc mozalloc_ new New delete operator alloc::'),
    holds: words(`
      PartitionAlloc RtlFreeHeap RtlpHeapHandleError RtlpLogHeapFailure allocator_shim
      base::allocator /jemalloc/ /tcmalloc/ MemoryProtection::CMemoryProtector`),
  },
  {
    reason: 'library-wrapper',
    exact: ['pthread_create'],
    starts: words(`
      aeabi_ __aeabi_ memcmp __memcmp memcpy __memcpy memmove __memmove memset __memset strcmp
      __strcmp strcpy __strcpy strdup __strdup strlen __strlen strncpy __strncpy scanf __GI_
      __libc_ __cxa_atexit _L_unlock_ WTF:: _$LT$ core::fmt::write std::io::Write::write_fmt
      generic_cpp_ IsSandboxedProcess c:/clusterfuzz/bot/build
      android.app.ActivityManagerProxy. android.os.Parcel. art::Thread::CreateNativeThread`),
    holds: [
      ...words(`
        libc.so libc++.so libc++_shared.so libstdc++.so libpthread /bindings/ToV8.h
        /AOSP-toolchain/ /crosstool/ /gcc/ /glibc- /libc++ libc++/ /libc/ /llvm-build/
        /minkernel/crts/ /vc/include/ /vctools/crt/ /win_toolchain/ ieee754-
        stdext::exception::what`),
      ' base/callback',
      ' /rust/',
      ' /rustc/',
    ],
  },
  {
    reason: 'process-start',
    exact: [],
    starts: words('_start main __scrt_common_main_seh'),
    holds: words('BaseThreadInitThunk RtlUserThreadStart __tmainCRTStartup'),
  },
  {
    reason: 'abort-path',
    exact: words('exit pthread_kill raise tgkill __chk_fail __fortify_fail panic'),
    starts: words(`
      abort Abort( gsignal CFCrash CrashTrampolineAsm RaiseException SbSystemBreakIntoDebugger
      SignalAction SignalHandler SkAbort_FileLine SkMutex::~SkMutex V8_Fatal WTFCrash X11Error
      __assert_ __cxa_rethrow __cxa_throw __dump_stack __pthread_kill __run_exit_handlers
      __rust_start_panic __rust_try __zx_panic _objc_terminate _swift_stdlib_ absl::log_internal::
      blink::ReportV8FatalError common_exit core::panic demangling_terminate_handler dump_backtrace
      dump_stack exit_or_terminate_process fpehandler( g_log
      libc_io_functions_not_implemented_use_fdio_instead panic_abort:: runtime. rust_begin_unwind
      rust_oom rust_panic show_stack std::__terminate std::panic std::process::abort
      std::sys::backtrace std::sys::unix::abort std::sys_common::backtrace syslog::LogMessage
      v8::api_internal::ToLocalEmpty v8::internal::Isolate::PushParamsAndDie
      v8::internal::Isolate::PushStackTraceAndDie`),
    holds: words(`
      assert logger DebugBreak DefaultDcheckHandler ForceCrashOnSigAbort RtlReportCriticalFailure
      RtlInitializeExceptionChain Runtime_AbortCSADcheck SkDebugf StackDumpSignalHandler
      __android_log_assert base::android::CheckException base::debug::BreakDebugger
      base::debug::CollectStackTrace base::debug::StackTrace::StackTrace logging::CheckError
      v8::base::OS::Abort`),
  },
];
