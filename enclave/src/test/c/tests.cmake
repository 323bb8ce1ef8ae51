# Native tests. Every unit test is built twice: as the product is built, and under
# the address and undefined-behaviour sanitizers. Included by software.cmake.
set(TEST_DIR ${CMAKE_CURRENT_LIST_DIR})
set(SUPPORT ${TEST_DIR}/support)
set(SANITIZE -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
set(TRUSTED_DIR ${CMAKE_CURRENT_SOURCE_DIR}/trusted)

# ---- the trusted core on the test platform, twice ---------------------------

set(CORE_TEST_SOURCES ${SUPPORT}/tp_test.c ${SUPPORT}/fixtures.c ${SUPPORT}/dp_stream.c
    ${SUPPORT}/privacy.c ${SUPPORT}/agg_hosts.c)
foreach(source ${TRUSTED_SOURCES})
  list(APPEND CORE_TEST_SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/${source})
endforeach()

function(add_core name)
  add_library(${name} STATIC ${CORE_TEST_SOURCES})
  target_include_directories(${name} PUBLIC trusted ${SUPPORT})
  target_compile_definitions(${name} PUBLIC CADUCEUS_PORT_SOFTWARE)
  target_link_libraries(${name} PUBLIC caduceus_flags ${CRYPTO_LIBS} m)
endfunction()

add_core(core-test)
target_link_libraries(core-test PUBLIC caduceus_hardening)
add_core(core-sanitized)
target_compile_options(core-sanitized PUBLIC ${SANITIZE} -O1)
target_link_options(core-sanitized PUBLIC ${SANITIZE})

function(add_unit name)
  foreach(variant test sanitized)
    add_executable(${name}-${variant} ${TEST_DIR}/unit/${name}.c)
    target_link_libraries(${name}-${variant} PRIVATE core-${variant})
    add_test(NAME ${name}.${variant} COMMAND ${name}-${variant})
  endforeach()
endfunction()

file(GLOB UNIT_TESTS CONFIGURE_DEPENDS ${TEST_DIR}/unit/*_test.c)
foreach(source ${UNIT_TESTS})
  get_filename_component(name ${source} NAME_WE)
  add_unit(${name})
endforeach()

# ---- the Open Enclave port's AES-GCM, which runs on any x86-64 ---------------

if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  foreach(variant test sanitized)
    set(name gcm_aesni_test-${variant})
    add_executable(${name} ${TEST_DIR}/x86/gcm_aesni_test.c)
    target_link_libraries(${name} PRIVATE core-${variant})
    add_library(${name}-subject OBJECT port/openenclave/tc_gcm_aesni.c)
    target_compile_definitions(${name}-subject PRIVATE tc_gcm_seal=aesni_gcm_seal
      tc_gcm_open=aesni_gcm_open tc_gcm_init=aesni_gcm_init tc_gcm_shutdown=aesni_gcm_shutdown)
    target_compile_options(${name}-subject PRIVATE -maes -mpclmul -mssse3)
    target_link_libraries(${name}-subject PRIVATE core-${variant})
    target_sources(${name} PRIVATE $<TARGET_OBJECTS:${name}-subject>)
    add_test(NAME gcm_aesni_test.${variant} COMMAND ${name})
    set_tests_properties(gcm_aesni_test.${variant} PROPERTIES SKIP_RETURN_CODE 77)
  endforeach()
endif()

# ---- and its lack of a second suite -------------------------------------------

set(NO_SM_SOURCES ${CORE_TEST_SOURCES})
list(REMOVE_ITEM NO_SM_SOURCES ${TRUSTED_DIR}/tc_sm_evp.c)
foreach(variant test sanitized)
  add_executable(no_sm_test-${variant} ${TEST_DIR}/port/no_sm_test.c ${NO_SM_SOURCES}
    port/openenclave/tc_sm_none.c)
  target_include_directories(no_sm_test-${variant} PRIVATE trusted ${SUPPORT})
  target_compile_definitions(no_sm_test-${variant} PRIVATE CADUCEUS_PORT_SOFTWARE)
  target_link_libraries(no_sm_test-${variant} PRIVATE caduceus_flags ${CRYPTO_LIBS})
  add_test(NAME no_sm_test.${variant} COMMAND no_sm_test-${variant})
endforeach()
target_compile_options(no_sm_test-sanitized PRIVATE ${SANITIZE} -O1)
target_link_options(no_sm_test-sanitized PRIVATE ${SANITIZE})

# ---- the checker against a host that tries everything -----------------------

set(SIM_SOURCES ${TEST_DIR}/sim/checker_sim.c ${SUPPORT}/fixtures.c ${SUPPORT}/tp_test.c
    ${SUPPORT}/model_crypto.c ${TRUSTED_DIR}/epoch_end.c)

function(add_sim name checker codec cold_start)
  add_executable(${name} ${SIM_SOURCES} ${checker} ${codec} ${cold_start})
  target_include_directories(${name} PRIVATE trusted ${SUPPORT})
  target_compile_definitions(${name} PRIVATE CADUCEUS_PORT_SOFTWARE)
  target_compile_options(${name} PRIVATE -O2)
  target_link_libraries(${name} PRIVATE caduceus_flags)
endfunction()

add_sim(checker-sim ${TRUSTED_DIR}/checker.c ${TRUSTED_DIR}/codec.c ${TRUSTED_DIR}/cold_start.c)
add_test(NAME checker_sim COMMAND checker-sim 12000)
add_sim(checker-sim-sanitized ${TRUSTED_DIR}/checker.c ${TRUSTED_DIR}/codec.c
  ${TRUSTED_DIR}/cold_start.c)
target_compile_options(checker-sim-sanitized PRIVATE ${SANITIZE})
target_link_options(checker-sim-sanitized PRIVATE ${SANITIZE})
add_test(NAME checker_sim.sanitized COMMAND checker-sim-sanitized 800 1000000)

# Seeded bugs: the simulation must find each one, or it proves nothing.
function(add_mutant name file original replacement)
  file(READ ${TRUSTED_DIR}/${file} text)
  string(FIND "${text}" "${original}" at)
  if(at EQUAL -1)
    message(FATAL_ERROR "mutant ${name}: its original text is no longer in ${file}")
  endif()
  string(REPLACE "${original}" "${replacement}" mutated "${text}")
  set(out ${CMAKE_CURRENT_BINARY_DIR}/mutants/${name}-${file})
  file(GENERATE OUTPUT ${out} CONTENT "${mutated}")
  set(checker ${TRUSTED_DIR}/checker.c)
  set(codec ${TRUSTED_DIR}/codec.c)
  set(cold_start ${TRUSTED_DIR}/cold_start.c)
  get_filename_component(part ${file} NAME_WE)
  set(${part} ${out})
  add_sim(mutant-${name} ${checker} ${codec} ${cold_start})
  target_compile_options(mutant-${name} PRIVATE -Wno-error)
  add_test(NAME mutant.${name} COMMAND mutant-${name} 100000)
  set_tests_properties(mutant.${name} PROPERTIES PASS_REGULAR_EXPRESSION "violated: ")
endfunction()

set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
  ${TRUSTED_DIR}/checker.c ${TRUSTED_DIR}/codec.c ${TRUSTED_DIR}/cold_start.c)
add_mutant(proposes-twice checker.c "header.view <= ck->prop" "false")
add_mutant(votes-twice checker.c "header.view <= ck->pv" "false")
add_mutant(votes-below-new-view checker.c "header.view < ck->v || header.view <= ck->pv" "header.view <= ck->pv")
add_mutant(new-view-keeps-v checker.c "ck->v = view;" "")
add_mutant(proposes-below-new-view checker.c "header.view < ck->v || header.view <= ck->prop" "header.view <= ck->prop")
add_mutant(parent-not-highest checker.c "just->reports[i].pv > best->pv" "just->reports[i].pv < best->pv")
add_mutant(reports-below-quorum checker.c "just->count < config_quorum(&ck->now.config)" "just->count < 1")
add_mutant(old-certificate checker.c "qc->view != view - 1" "qc->view >= view")
add_mutant(certificate-below-quorum checker.c "qc_signer_count(qc) < config_quorum(config)" "qc_signer_count(qc) < 1")
add_mutant(quorum-of-half codec.c "config->n / 2 + 1" "(config->n + 1) / 2")
add_mutant(anchor-in-any-view checker.c "if (view != 1) {" "if (view < 1) {")
add_mutant(parent-not-compared checker.c "!same_hash(header.parent_hash, parent.hash) ||" "")
add_mutant(extends-epoch-end checker.c "header_is_suffix(&header) != parent.last" "(header_is_suffix(&header) && !parent.last)")
add_mutant(ends-epoch-without-entries checker.c "header_is_suffix(&header) != parent.last" "(parent.last && !header_is_suffix(&header))")
add_mutant(anchor-is-suffix checker.c "step_into_next(ck, end.last.hash, end.last.height);" "step_into_next(ck, end.top.hash, end.top.height);")
add_mutant(vote-hidden checker.c "report.pv = ck->pv;" "report.pv = 0;")
add_mutant(foreign-proposal checker.c "tc_verify_message(config->suite, leader_key, &proposal, 1, prop);" "proposal.len > 0 && leader_key != prop;")
add_mutant(cold-lowest-view cold_start.c "proof->statements[i].pv > best->pv" "proof->statements[i].pv < best->pv")
add_mutant(cold-any-number-approves cold_start.c "if (proof->approval_count < needed) {" "if (needed == 0) {")
add_mutant(cold-statement-unsigned cold_start.c "return valid ? TEE_OK : TEE_E_QC;" "return valid || !valid ? TEE_OK : TEE_E_QC;")
add_mutant(cold-anchor-not-moved checker.c "step_into_next(ck, outcome.anchor, outcome.anchor_height);" "step_into_next(ck, ck->walk.anchor, ck->walk.anchor_height);")

include(${TEST_DIR}/unit_mutants.cmake)

include(${TEST_DIR}/secret/secret.cmake)

# ---- golden vectors shared with Java ----------------------------------------

set(VECTORS ${MODULE_DIR}/../ledger-core/src/test/resources/vectors/enclave-vectors.txt)
set(PRIVACY_VECTORS ${MODULE_DIR}/../ledger-core/src/test/resources/vectors/privacy-vectors.txt)
set(SM2_VECTORS ${MODULE_DIR}/../ledger-core/src/test/resources/vectors/enclave-vectors-sm2.txt)
foreach(variant test sanitized)
  add_executable(tee-vectors-${variant} ${TEST_DIR}/vectors/tee_vectors.c)
  target_link_libraries(tee-vectors-${variant} PRIVATE core-${variant})
  add_test(NAME vectors.${variant} COMMAND tee-vectors-${variant} --check ${VECTORS})
  add_test(NAME vectors.sm2.${variant} COMMAND tee-vectors-${variant} --check ${SM2_VECTORS} sm2)
  add_executable(dp-vectors-${variant} ${TEST_DIR}/vectors/dp_vectors.c)
  target_link_libraries(dp-vectors-${variant} PRIVATE core-${variant})
  add_test(NAME dp_vectors.${variant} COMMAND dp-vectors-${variant} ${PRIVACY_VECTORS})
endforeach()

# ---- the process and its client ---------------------------------------------

add_teed(caduceus-teed-hooked CADUCEUS_TEST_HOOKS)
target_link_libraries(caduceus-teed-hooked PRIVATE caduceus_hardening)
add_teed(caduceus-teed-sanitized CADUCEUS_SANITIZED)
target_sources(caduceus-teed-sanitized PRIVATE ${SUPPORT}/sanitizer_options.c)
target_compile_options(caduceus-teed-sanitized PRIVATE ${SANITIZE} -O1)
target_link_options(caduceus-teed-sanitized PRIVATE ${SANITIZE})

add_executable(process-test ${TEST_DIR}/process/process_test.c)
target_include_directories(process-test PRIVATE client ${SUPPORT})
target_link_libraries(process-test PRIVATE caduceus_flags caduceus_hardening teeclient)
add_test(NAME process
  COMMAND process-test $<TARGET_FILE:caduceus-teed> $<TARGET_FILE:caduceus-teed-hooked>)

add_executable(process-test-sanitized ${TEST_DIR}/process/process_test.c client/teeclient.c)
target_include_directories(process-test-sanitized PRIVATE client ${SUPPORT})
target_compile_options(process-test-sanitized PRIVATE ${SANITIZE} -O1)
target_link_options(process-test-sanitized PRIVATE ${SANITIZE})
target_link_libraries(process-test-sanitized PRIVATE caduceus_flags)
add_test(NAME process.sanitized
  COMMAND process-test-sanitized $<TARGET_FILE:caduceus-teed-sanitized>)
set_tests_properties(process process.sanitized PROPERTIES TIMEOUT 120)

# How fast it is: run by hand, `target/native/tee-speed`.
add_executable(tee-speed ${TEST_DIR}/speed/tee_speed.c)
target_link_libraries(tee-speed PRIVATE core-test)
# And what the operating system costs of a call, for deploy/bench.
add_executable(tee-echo ${TEST_DIR}/speed/tee_echo.c)
target_link_libraries(tee-echo PRIVATE caduceus_flags caduceus_hardening)

include(${MODULE_DIR}/src/fuzz/c/fuzz.cmake)
