# The Open Enclave port: the same trusted core inside an Intel SGX enclave.
# Needs the Open Enclave SDK 0.19.6 or later (open-enclave, clang-11, SGX DCAP) from
# its vendors' package repositories; see enclave/README.md.
find_package(OpenEnclave 0.19.6 CONFIG QUIET)
if(NOT OpenEnclave_FOUND)
  message(FATAL_ERROR "ENCLAVE=openenclave needs the Open Enclave SDK 0.19.6 or later, which was not found; "
    "install it and set CMAKE_PREFIX_PATH=/opt/openenclave, or build with -DENCLAVE=software")
endif()
if(NOT CMAKE_C_COMPILER_ID MATCHES Clang)
  message(FATAL_ERROR "ENCLAVE=openenclave needs clang, as the SDK does; the compiler is ${CMAKE_C_COMPILER}")
endif()
option(ENCLAVE_DEBUG "A DEBUG=1 enclave: readable by a debugger, hence tier SIMULATED" OFF)
# The SDK's verifier takes a processor that needs hardened software (SWHardeningNeeded)
# for up to date, so the software has to be.
option(ENCLAVE_LVI "Mitigate load value injection, in our code and by the SDK's libraries built for that" ON)
set(ENCLAVE_SIGNING_KEY "" CACHE FILEPATH "RSA-3072 key, e=3, of the signer; empty: a throw-away one")

set(PORT_DIR ${CMAKE_CURRENT_SOURCE_DIR}/port/openenclave)
set(EDL ${CMAKE_CURRENT_SOURCE_DIR}/edl/tee.edl)
set(EDL_PATHS --search-path ${OE_INCLUDEDIR})
set(PORT_DEFINITIONS CADUCEUS_PORT_OPENENCLAVE OE_API_VERSION=2)
set(ENCLAVE_DEBUG_FLAG 0)
if(ENCLAVE_DEBUG)
  list(APPEND PORT_DEFINITIONS CADUCEUS_ENCLAVE_DEBUG)
  set(ENCLAVE_DEBUG_FLAG 1)
endif()
set(ENCLAVE_CONF ${CMAKE_CURRENT_BINARY_DIR}/enclave.conf)
configure_file(${PORT_DIR}/enclave.conf.in ${ENCLAVE_CONF} @ONLY)

add_custom_command(OUTPUT tee_t.h tee_t.c tee_u.h tee_u.c tee_args.h
  COMMAND openenclave::oeedger8r --trusted ${EDL} ${EDL_PATHS}
  COMMAND openenclave::oeedger8r --untrusted ${EDL} ${EDL_PATHS}
  DEPENDS ${EDL} VERBATIM)
# Generated code is not held to our warnings.
set_source_files_properties(${CMAKE_CURRENT_BINARY_DIR}/tee_t.c ${CMAKE_CURRENT_BINARY_DIR}/tee_u.c
  PROPERTIES COMPILE_OPTIONS -w)

# ---- inside -------------------------------------------------------------------
add_executable(caduceus-enclave ${TRUSTED_SOURCES} ${PORT_DIR}/tp_oe.c ${PORT_DIR}/ecalls.c
  ${PORT_DIR}/tc_gcm_aesni.c ${PORT_DIR}/tc_sm_none.c
  ${CMAKE_CURRENT_BINARY_DIR}/tee_t.c)
# The SDK compiles with -nostdinc and ships no header of intrinsics; the compiler's own
# come last, so that they replace none of the SDK's.
execute_process(COMMAND ${CMAKE_C_COMPILER} -print-resource-dir OUTPUT_VARIABLE COMPILER_DIR
  OUTPUT_STRIP_TRAILING_WHITESPACE)
set_source_files_properties(${PORT_DIR}/tc_gcm_aesni.c PROPERTIES
  COMPILE_OPTIONS "-maes;-mpclmul;-mssse3;-idirafter;${COMPILER_DIR}/include")
target_compile_definitions(caduceus-enclave PRIVATE ${PORT_DEFINITIONS})
target_include_directories(caduceus-enclave PRIVATE trusted ${PORT_DIR} ${CMAKE_CURRENT_BINARY_DIR})
set(SDK_LIBRARIES openenclave::oeenclave openenclave::oecryptoopenssl_3 openenclave::oelibc)
if(ENCLAVE_LVI)
  list(TRANSFORM SDK_LIBRARIES APPEND -lvi-cfg)
  target_compile_options(caduceus-enclave PRIVATE -mlvi-cfi)
endif()
target_link_libraries(caduceus-enclave PRIVATE caduceus_flags ${SDK_LIBRARIES})

if(ENCLAVE_SIGNING_KEY)
  set(SIGNING_KEY ${ENCLAVE_SIGNING_KEY})
else()
  set(SIGNING_KEY ${CMAKE_CURRENT_BINARY_DIR}/throw-away.pem)
  add_custom_command(OUTPUT ${SIGNING_KEY}
    COMMAND openssl genrsa -out ${SIGNING_KEY} -3 3072 VERBATIM)
endif()
# oesign writes its result beside what it signs.
add_custom_command(OUTPUT caduceus-enclave.signed
  COMMAND openenclave::oesign sign -e $<TARGET_FILE:caduceus-enclave> -c ${ENCLAVE_CONF} -k ${SIGNING_KEY}
  DEPENDS caduceus-enclave ${ENCLAVE_CONF} ${SIGNING_KEY} VERBATIM)
add_custom_target(caduceus-enclave-signed ALL DEPENDS caduceus-enclave.signed)

# ---- outside ------------------------------------------------------------------
find_library(SECCOMP_STATIC NAMES libseccomp.a seccomp)
add_executable(caduceus-teed host/host_oe.c host/member_dir.c host/own_user.c host/server.c host/teed_log.c
  host/teed_main.c port/software/lockdown.c ${CMAKE_CURRENT_BINARY_DIR}/tee_u.c)
target_compile_definitions(caduceus-teed PRIVATE ${PORT_DEFINITIONS})
target_include_directories(caduceus-teed PRIVATE host port/software ${CMAKE_CURRENT_BINARY_DIR})
target_link_libraries(caduceus-teed PRIVATE caduceus_flags caduceus_hardening openenclave::oehost
  ${SECCOMP_STATIC})
