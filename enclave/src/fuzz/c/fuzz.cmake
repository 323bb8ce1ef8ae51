# Fuzzing of the trusted core. Two ways to run the same harnesses:
#   replay-*  built here with the product's compiler and sanitizers; fixed inputs,
#             part of every ctest
#   fuzz-*    libFuzzer, built with clang if it is there; ctest runs each for some
#             seconds, by hand as long as you like:
#             target/native/fuzz-core -max_total_time=3600 corpus-directory
set(FUZZ_DIR ${CMAKE_CURRENT_LIST_DIR})
set(FUZZ_INPUTS ${VECTORS} ${SM2_VECTORS} ${FUZZ_DIR}/corpus/regressions.hex)

foreach(harness decoders core)
  add_executable(replay-${harness} ${FUZZ_DIR}/fuzz_${harness}.c ${FUZZ_DIR}/replay.c)
  target_include_directories(replay-${harness} PRIVATE ${FUZZ_DIR})
  target_link_libraries(replay-${harness} PRIVATE core-sanitized)
  add_test(NAME replay.${harness} COMMAND replay-${harness} ${FUZZ_INPUTS})
endforeach()

# Steps, not bytes: a file of its own.
add_executable(replay-world ${FUZZ_DIR}/fuzz_world.c ${FUZZ_DIR}/replay.c)
target_include_directories(replay-world PRIVATE ${FUZZ_DIR})
target_link_libraries(replay-world PRIVATE core-sanitized)
add_test(NAME replay.world COMMAND replay-world ${FUZZ_DIR}/corpus/world.hex)

add_executable(replay-checker ${SIM_SOURCES} ${TRUSTED_DIR}/checker.c ${TRUSTED_DIR}/codec.c
  ${TRUSTED_DIR}/cold_start.c ${FUZZ_DIR}/replay.c)
target_include_directories(replay-checker PRIVATE trusted ${SUPPORT} ${FUZZ_DIR})
target_compile_definitions(replay-checker PRIVATE CADUCEUS_PORT_SOFTWARE CADUCEUS_FUZZ)
target_compile_options(replay-checker PRIVATE ${SANITIZE} -O1)
target_link_options(replay-checker PRIVATE ${SANITIZE})
target_link_libraries(replay-checker PRIVATE caduceus_flags)
add_test(NAME replay.checker COMMAND replay-checker ${FUZZ_INPUTS})

# ---- libFuzzer --------------------------------------------------------------

find_program(FUZZ_CLANG NAMES clang clang-19 clang-18 clang-17 clang-16 clang-15 clang-14)
set(FUZZ_FLAGS -std=c11 -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all)
if(FUZZ_CLANG)
  file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/fuzz-probe.c
    "#include <stddef.h>\n#include <stdint.h>\nint LLVMFuzzerTestOneInput(const uint8_t *d, size_t n) { (void)d; (void)n; return 0; }\n")
  execute_process(COMMAND ${FUZZ_CLANG} ${FUZZ_FLAGS} ${CMAKE_CURRENT_BINARY_DIR}/fuzz-probe.c
    -o ${CMAKE_CURRENT_BINARY_DIR}/fuzz-probe RESULT_VARIABLE FUZZ_PROBE OUTPUT_QUIET ERROR_QUIET)
endif()
if(NOT FUZZ_CLANG OR NOT FUZZ_PROBE EQUAL 0)
  message(STATUS "clang with libFuzzer was not found: harnesses are replayed only")
  return()
endif()

set(FUZZ_INCLUDES -I${CMAKE_CURRENT_SOURCE_DIR}/include -I${TRUSTED_DIR} -I${SUPPORT} -I${FUZZ_DIR}
  -DCADUCEUS_PORT_SOFTWARE)

function(add_fuzzer name runs)
  set(sources ${ARGN})
  list(FILTER sources EXCLUDE REGEX "^-")
  add_custom_command(OUTPUT fuzz-${name}
    COMMAND ${FUZZ_CLANG} ${FUZZ_FLAGS} ${FUZZ_INCLUDES} ${ARGN} -o fuzz-${name} ${CRYPTO_STATIC}
      -ldl -lpthread
    DEPENDS ${sources} VERBATIM)
  add_custom_target(build-fuzz-${name} ALL DEPENDS fuzz-${name})
  add_test(NAME fuzz.${name} COMMAND fuzz-${name} -runs=${runs} -seed=1 -max_len=4096 -len_control=0
    -print_final_stats=0)
  set_tests_properties(fuzz.${name} PROPERTIES TIMEOUT 120)
endfunction()

add_fuzzer(decoders 20000 ${FUZZ_DIR}/fuzz_decoders.c ${CORE_TEST_SOURCES})
add_fuzzer(core 20000 ${FUZZ_DIR}/fuzz_core.c ${CORE_TEST_SOURCES})
add_fuzzer(world 300 ${FUZZ_DIR}/fuzz_world.c ${CORE_TEST_SOURCES})
add_fuzzer(checker 5000 -DCADUCEUS_FUZZ ${SIM_SOURCES} ${TRUSTED_DIR}/checker.c ${TRUSTED_DIR}/codec.c
  ${TRUSTED_DIR}/cold_start.c)
