# Whether secrets steer our own code, by valgrind; see secret.h.
find_program(VALGRIND valgrind)
find_path(VALGRIND_HEADERS valgrind/memcheck.h)
if(NOT VALGRIND OR NOT VALGRIND_HEADERS)
  message(STATUS "valgrind was not found: whether secrets steer branches is not checked; "
    "install with: apt-get install valgrind")
  add_test(NAME secret COMMAND ${CMAKE_COMMAND} -E echo "skipped: no valgrind (apt-get install valgrind)")
  set_tests_properties(secret PROPERTIES SKIP_REGULAR_EXPRESSION "skipped: ")
  return()
endif()

set(SECRET_DIR ${TEST_DIR}/secret)
set(SECRET_CORE ${TRUSTED_SOURCES})
list(FILTER SECRET_CORE EXCLUDE REGEX "trusted/tc_")
list(TRANSFORM SECRET_CORE PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)

# Optimised as the product is, since it is the compiler that makes branches.
add_library(secret-base STATIC ${SECRET_CORE} ${SECRET_DIR}/crypto_double.c
  ${SUPPORT}/fixtures.c ${SUPPORT}/privacy.c ${SUPPORT}/agg_hosts.c)
target_include_directories(secret-base PUBLIC trusted ${SUPPORT} ${SECRET_DIR} ${VALGRIND_HEADERS})
target_compile_definitions(secret-base PUBLIC CADUCEUS_PORT_SOFTWARE)
target_link_libraries(secret-base PUBLIC caduceus_flags caduceus_hardening)
set(SECRET_CIPHER)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  set(SECRET_CIPHER port/openenclave/tc_gcm_aesni.c)
  set(SECRET_CIPHER_OPTIONS -maes -mpclmul -mssse3 -Dtc_gcm_seal=aesni_gcm_seal
    -Dtc_gcm_open=aesni_gcm_open -Dtc_gcm_init=aesni_gcm_init -Dtc_gcm_shutdown=aesni_gcm_shutdown)
endif()

# The sources given last stand before the library, whose own copies are then not taken.
function(add_secret_test name)
  add_executable(${name} ${SECRET_DIR}/secret_test.c ${ARGN})
  target_link_libraries(${name} PRIVATE secret-base)
  if(SECRET_CIPHER)
    target_compile_definitions(${name} PRIVATE CADUCEUS_AESNI)
    set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS "${SECRET_CIPHER_OPTIONS}")
  endif()
  add_test(NAME ${name} COMMAND ${VALGRIND} --error-exitcode=1 --track-origins=yes $<TARGET_FILE:${name}>)
  set_tests_properties(${name} PROPERTIES TIMEOUT 300)
endfunction()

add_secret_test(secret ${SECRET_CIPHER})

# The same with a leak: if it passed, the check above would prove nothing.
function(add_secret_leak name file original replacement)
  file(READ ${file} text)
  string(FIND "${text}" "${original}" at)
  if(at EQUAL -1)
    message(FATAL_ERROR "leak ${name}: its original text is no longer in ${file}")
  endif()
  string(REPLACE "${original}" "${replacement}" leaky "${text}")
  get_filename_component(source ${file} NAME)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/mutants/secret-${name}/${source})
  file(GENERATE OUTPUT ${out} CONTENT "${leaky}")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  set(cipher ${SECRET_CIPHER})
  if(source STREQUAL "tc_gcm_aesni.c")
    set(cipher)
  endif()
  add_secret_test(secret_leak.${name} ${out} ${cipher})
  set_tests_properties(secret_leak.${name} PROPERTIES
    PASS_REGULAR_EXPRESSION "\n[1-9][0-9]* branches or addresses depend on a secret\n")
endfunction()

add_secret_leak(skips-empty-keys ${TRUSTED_DIR}/envelope.c
  "tp_zero(fresh, sizeof fresh);" "if (fresh[0] != 0) { tp_zero(fresh, sizeof fresh); }")
add_secret_leak(compares-in-order ${TRUSTED_DIR}/hpke.c
  "tp_zero(dh, sizeof dh);" "ok = ok && memcmp(dh, enc, sizeof dh) != 0; tp_zero(dh, sizeof dh);")
add_secret_leak(table-by-record ${TRUSTED_DIR}/envelope.c
  "uint8_t fresh[TC_SYM_KEY_LEN + WIDE_NONCE_LEN];"
  "uint8_t fresh[TC_SYM_KEY_LEN + WIDE_NONCE_LEN]; static volatile uint8_t table[256]; if (plaintext.len > 0) { table[plaintext.data[0]]++; }")
add_secret_leak(shares-by-a-table ${TRUSTED_DIR}/shamir.c
  "uint8_t product = 0;"
  "uint8_t product = 0; static volatile uint8_t table[256]; table[a]++;")
add_secret_leak(masks-by-sign ${TRUSTED_DIR}/secagg.c
  "values[i] += add ? mask : 0 - mask;"
  "if (mask >> 63 != 0) { values[i] += add ? mask : 0 - mask; } else { values[i] += add ? mask : 0 - mask; static volatile int seen; seen++; }")
add_secret_leak(sums-of-what-is-not-0 ${TRUSTED_DIR}/secagg.c
  "agg->sum[i] = (uint64_t)values[i];"
  "static volatile int zeros; if (values[i] == 0) { zeros++; } agg->sum[i] = (uint64_t)values[i];")
add_secret_leak(shared-key-compared ${TRUSTED_DIR}/sharing.c
  "tee_status status =\n        envelope_open_with(keys->suite, data_key,"
  "static volatile int seen; if (data_key[0] != 0) { seen++; } tee_status status =\n        envelope_open_with(keys->suite, data_key,")
add_secret_leak(rewraps-by-key ${TRUSTED_DIR}/sharing.c
  "if (status == TEE_OK\n        && encode_shared_key"
  "static volatile int seen; if (status == TEE_OK && data_key[0] != 0) { seen++; } if (status == TEE_OK\n        && encode_shared_key")
if(SECRET_CIPHER)
  add_secret_leak(cipher-by-table ${CMAKE_CURRENT_SOURCE_DIR}/port/openenclave/tc_gcm_aesni.c
    "uint8_t first[BLOCK] = {0};"
    "uint8_t first[BLOCK] = {0}; static volatile uint8_t table[256]; table[key[0]]++;")
endif()
