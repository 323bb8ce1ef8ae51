/* A process that may not be traced cannot be searched for leaks at its end. */
const char *__asan_default_options(void);
const char *__asan_default_options(void) {
    return "detect_leaks=0";
}
