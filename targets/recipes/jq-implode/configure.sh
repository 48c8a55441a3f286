# Prints what jq's configure finds on Debian with glibc, and writes the files that make generates.
defines="-D_GNU_SOURCE -DUSE_DECNUM=1 -DIEEE_8087=1 -DHAVE_PTHREAD=1 -DHAVE___THREAD=1"
defines="$defines -DHAVE_TM_TM_GMT_OFF=1"
for name in MEMMEM ISATTY STRPTIME STRFTIME SETENV TIMEGM GMTIME_R GMTIME LOCALTIME_R LOCALTIME \
  GETTIMEOFDAY SETLOCALE PTHREAD_KEY_CREATE PTHREAD_ONCE ATEXIT; do
  defines="$defines -DHAVE_$name=1"
done
# every mathematical function that it looks for, but the one that glibc dropped in 2.27
for name in $(sed -n 's/^AC_CHECK_MATH_FUNC(\([a-z0-9_]*\)).*/\1/p' configure.ac); do
  case $name in pow10 | __exp10) continue ;; esac
  defines="$defines -DHAVE_$(echo "$name" | tr a-z A-Z)=1"
done
echo '#define JQ_VERSION "1.7.1"' > src/version.h
echo '#define JQ_CONFIG "(unknown)"' > src/config_opts.inc
sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/"/' -e 's/$/\\n"/' src/builtin.jq > src/builtin.inc
echo "$defines"
