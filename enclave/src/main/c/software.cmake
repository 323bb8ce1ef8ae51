# The software port: the trusted core in a process of its own.
set(MISSING_HINT "install with: apt-get install gcc libc6-dev cmake ninja-build libssl-dev pkg-config libseccomp-dev")

find_path(OPENSSL_HEADERS openssl/evp.h)
find_library(CRYPTO_STATIC NAMES libcrypto.a)
find_path(SECCOMP_HEADERS seccomp.h)
find_library(SECCOMP_STATIC NAMES libseccomp.a)
foreach(needed OPENSSL_HEADERS CRYPTO_STATIC SECCOMP_HEADERS SECCOMP_STATIC)
  if(NOT ${needed})
    message(FATAL_ERROR "${needed} was not found; ${MISSING_HINT}")
  endif()
endforeach()
file(STRINGS ${OPENSSL_HEADERS}/openssl/opensslv.h OPENSSL_MAJOR REGEX "define OPENSSL_VERSION_MAJOR +[0-9]+")
if(NOT OPENSSL_MAJOR MATCHES "MAJOR +[3-9]")
  message(FATAL_ERROR "OpenSSL 3 or later is needed; ${MISSING_HINT}")
endif()
find_package(Threads REQUIRED)

# libcrypto is linked statically, so that the measurement of teed covers it.
set(CRYPTO_LIBS ${CRYPTO_STATIC} Threads::Threads ${CMAKE_DL_LIBS})

# Debian 13's refers to compression libraries, which its pkg-config file names.
find_package(PkgConfig REQUIRED)
pkg_check_modules(PC REQUIRED libcrypto)
foreach(name z zstd)
  if("${name}" IN_LIST PC_STATIC_LIBRARIES)
    find_library(STATIC_${name} NAMES lib${name}.a)
    if(NOT STATIC_${name})
      message(FATAL_ERROR "lib${name}.a was not found; install with: apt-get install zlib1g-dev libzstd-dev")
    endif()
    list(APPEND CRYPTO_LIBS ${STATIC_${name}})
  endif()
endforeach()

list(APPEND TRUSTED_SOURCES ${CIPHERS_EVP})

set(HOST_SOURCES
  host/host_software.c host/member_dir.c host/own_user.c host/server.c host/teed_log.c host/teed_main.c
  port/software/lockdown.c port/software/tp_software.c)

# One enclave process; extra arguments are compile definitions.
function(add_teed name)
  add_executable(${name} ${HOST_SOURCES} ${TRUSTED_SOURCES})
  target_include_directories(${name} PRIVATE trusted host port/software)
  target_compile_definitions(${name} PRIVATE CADUCEUS_PORT_SOFTWARE ${ARGN})
  target_link_libraries(${name} PRIVATE caduceus_flags ${CRYPTO_LIBS} ${SECCOMP_STATIC})
  target_link_options(${name} PRIVATE -pie)
endfunction()

add_teed(caduceus-teed)
target_link_libraries(caduceus-teed PRIVATE caduceus_hardening)

if(CADUCEUS_NATIVE_TESTS)
  enable_testing()
  include(${MODULE_DIR}/src/test/c/tests.cmake OPTIONAL)
endif()
