# Guards that unit tests must miss: each mutant is one source of the trusted core with
# one guard weakened, linked with the unit test of that part, which must then fail.
# (The checker's rules of agreement have their own mutants, which the simulation finds.)
# Cheap: one object and one link against the shared libcrypto each.

find_library(CRYPTO_SHARED NAMES libcrypto.so)
add_library(mutant-base INTERFACE)
target_include_directories(mutant-base INTERFACE include trusted ${SUPPORT})
target_compile_definitions(mutant-base INTERFACE CADUCEUS_PORT_SOFTWARE)
target_compile_options(mutant-base INTERFACE -O0 -g0 -w)
target_link_options(mutant-base INTERFACE -Wl,-s)

# name of the mutant, source, unit test that kills it, original text, what it becomes
function(add_unit_mutant name file test original replacement)
  file(READ ${TRUSTED_DIR}/${file} text)
  string(FIND "${text}" "${original}" at)
  if(at EQUAL -1)
    message(FATAL_ERROR "mutant ${name}: its original text is no longer in ${file}")
  endif()
  string(REPLACE "${original}" "${replacement}" mutated "${text}")
  set(out ${CMAKE_CURRENT_BINARY_DIR}/mutants/${name}/${file})
  file(GENERATE OUTPUT ${out} CONTENT "${mutated}")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${TRUSTED_DIR}/${file})
  # The mutated object stands before the archive, whose own copy is then not taken.
  add_executable(unit-mutant-${name} ${out} $<TARGET_OBJECTS:${test}-test>)
  target_link_libraries(unit-mutant-${name} PRIVATE mutant-base $<TARGET_FILE:core-test>
    ${CRYPTO_SHARED} Threads::Threads)
  add_dependencies(unit-mutant-${name} core-test)
  add_test(NAME unit_mutant.${name} COMMAND unit-mutant-${name})
  set_tests_properties(unit_mutant.${name} PROPERTIES
    PASS_REGULAR_EXPRESSION "[.]c:[0-9]+: in [a-z0-9_]+: expected " TIMEOUT 60)
endfunction()

# ---- world state by proof ---------------------------------------------------

add_unit_mutant(proof-root-not-compared state_proof.c state_proof_test
  "memcmp(root, out->header.state_root, TEE_HASH_LEN) == 0 ? TEE_OK : TEE_E_PROOF" "TEE_OK")
add_unit_mutant(proof-of-an-old-block state_proof.c state_proof_test
  "!checker_is_fresh(ck, out->header.height)" "false")
add_unit_mutant(proof-of-an-undecided-block state_proof.c state_proof_test
  "if (status != TEE_OK) {" "if (status != TEE_OK && status != TEE_E_QC) {")
add_unit_mutant(proof-sides-swapped state_proof.c state_proof_test
  "node_is_right ? other : own, node_is_right ? own : other" "own, other")
add_unit_mutant(proof-bit-order state_proof.c state_proof_test "(7 - depth % 8)" "(depth % 8)")
add_unit_mutant(proof-leaf-of-any-key state_proof.c state_proof_test
  "{key_hash, TEE_HASH_LEN}, {value_hash" "{value_hash, TEE_HASH_LEN}, {value_hash")
add_unit_mutant(proof-leaf-like-inner state_proof.c state_proof_test "prefix = 0x00" "prefix = 0x01")
add_unit_mutant(proof-deeper-than-a-key state_proof.c state_proof_test
  "MAX_DEPTH 256u" "MAX_DEPTH 257u")

# ---- what is final ----------------------------------------------------------

add_unit_mutant(final-of-another-chain checker.c state_proof_test
  "ck->chain_id) || header->epoch != ck->now.config.epoch" "header->chain_id) || header->epoch != ck->now.config.epoch")
add_unit_mutant(final-of-another-epoch checker.c state_proof_test
  "ck->chain_id) || header->epoch != ck->now.config.epoch" "ck->chain_id)")
add_unit_mutant(final-by-another-certificate checker.c state_proof_test
  "\n        || !qc_is_for(&qc, header)) {" ") {")
add_unit_mutant(final-after-halt checker.c state_proof_test
  "ck->now.state == TEE_STATE_HALTED || ck->now.config.epoch == 0" "ck->now.config.epoch == 0")
add_unit_mutant(final-before-an-epoch checker.c state_proof_test
  "ck->now.state == TEE_STATE_HALTED || ck->now.config.epoch == 0" "ck->now.state == TEE_STATE_HALTED")
add_unit_mutant(fresh-whatever-was-voted checker.c state_proof_test
  "height >= ck->certified && height + 1 >= ck->pheight" "height >= ck->certified")
add_unit_mutant(fresh-whatever-was-certified checker.c state_proof_test
  "height >= ck->certified && height + 1 >= ck->pheight" "height + 1 >= ck->pheight")
add_unit_mutant(fresh-one-too-old checker.c state_proof_test
  "height + 1 >= ck->pheight" "height + 2 >= ck->pheight")
add_unit_mutant(certify-forgets checker.c state_proof_test "ck->certified = qc->height;" ";")
add_unit_mutant(certify-lowers checker.c state_proof_test "qc->height > ck->certified" "qc->height > 0")
add_unit_mutant(certify-anything checker.c state_proof_test
  "if (!checker_qc_verifies(&ck->now.config, qc)) {" "if (qc == NULL) {")
add_unit_mutant(certified-not-by-the-anchor checker.c state_proof_test
  "ck->certified = ck->now.anchor_height;" ";")
add_unit_mutant(halt-keeps-the-key checker.c checkpoint_test
  "destroy_key(ck);\n    ck->now.state = TEE_STATE_HALTED" "ck->now.state = TEE_STATE_HALTED")

# ---- epochs of BFT-2P -------------------------------------------------------

add_unit_mutant(mode-any codec.c codec_test
  "(config->mode == TEE_MODE_BFT_2P && config->n >= 4)" "config->n >= 4")
add_unit_mutant(mode-of-three codec.c codec_test " && config->n >= 4)" ")")
add_unit_mutant(mode-quorum-of-half codec.c codec_test
  "(config->n + (config->n - 1) / 3 + 2) / 2" "config->n / 2 + 1")
add_unit_mutant(mode-quorum-rounded-down codec.c codec_test
  "(config->n - 1) / 3 + 2) / 2" "(config->n - 1) / 3 + 1) / 2")
add_unit_mutant(mode-final-when-prepared codec.c codec_test
  "config->mode == TEE_MODE_BFT_2P ? 2 : 1" "1")
add_unit_mutant(mode-certificate-of-any-phase checker.c checker_test
  " || qc->phase != config_last_phase(config)" "")
add_unit_mutant(mode-votes-of-one-phase checker.c checker_test
  "vote_bytes(config, qc->phase," "vote_bytes(config, 1,")
add_unit_mutant(mode-enclave-takes-a-seat checker.c checker_test
  "if (config->mode == TEE_MODE_BFT_2P) {\n        return CHECKER_NO_SEAT;" "if (config->mode == 0) {\n        return CHECKER_NO_SEAT;")
add_unit_mutant(mode-retires-the-follower checker.c checker_test
  " && walk->config.mode == TEE_MODE_TEE_1P" "")
add_unit_mutant(mode-keeps-the-removed checker.c checker_test
  "walk->state == TEE_STATE_ACTIVE && walk->config.mode == TEE_MODE_TEE_1P" "false")
add_unit_mutant(mode-evidence-by-the-voting-key attest.c attest_test
  "config->mode == TEE_MODE_BFT_2P ? e->signing_key : e->voting_key" "e->voting_key")
add_unit_mutant(mode-evidence-of-the-process attest.c attest_test
  "bool votes = config->mode == TEE_MODE_BFT_2P\n                         || " "bool votes = ")
add_unit_mutant(mode-own-evidence-by-the-voting-key attest.c attest_test
  "ck->now.config.mode == TEE_MODE_BFT_2P ? keys->signing : ck->key" "ck->key")
add_unit_mutant(mode-states-for-a-process resume.c resume_test
  "if (config->mode == TEE_MODE_BFT_2P) {" "if (config->mode == 0) {")
add_unit_mutant(mode-starts-cold cold_start.c cold_start_test
  "status == TEE_OK && link->from->mode == TEE_MODE_BFT_2P" "false")
add_unit_mutant(mode-stated-keys-vote cold_start.c cold_start_test
  "stated == NULL || base->mode == TEE_MODE_BFT_2P" "stated == NULL")

# ---- signed statements ------------------------------------------------------

add_unit_mutant(signature-without-room codec.c codec_test
  "    write_bytes(out, sig, TEE_SIG_LEN);\n    return out->ok;" "    write_bytes(out, sig, TEE_SIG_LEN);\n    return true;")

# ---- checkpoints ------------------------------------------------------------

add_unit_mutant(checkpoint-of-a-suffix checkpoint.c checkpoint_test "header_is_suffix(&header)" "false")
add_unit_mutant(checkpoint-of-no-epochs-end checkpoint.c checkpoint_test
  "header_is_suffix(&header)" "header.last")
add_unit_mutant(checkpoint-backwards checkpoint.c checkpoint_test "header.height < log->height" "false")
add_unit_mutant(checkpoint-contradicts checkpoint.c checkpoint_test
  "header->height == log->height" "header->height + 1 == log->height")
add_unit_mutant(checkpoint-conflict-goes-on checkpoint.c checkpoint_test "checker_halt(ck);" ";")
add_unit_mutant(checkpoint-height-not-kept checkpoint.c checkpoint_test "log->height = header.height;" ";")
add_unit_mutant(checkpoint-block-not-kept checkpoint.c checkpoint_test
  "memcpy(log->block_hash, header.hash, TEE_HASH_LEN);" ";")

# ---- entries ----------------------------------------------------------------

add_unit_mutant(path-of-any-place merkle.c merkle_test "if (index >= size) {" "if (size == 0) {")
add_unit_mutant(path-too-long merkle.c merkle_test "if (sn == 0) {" "if (false) {")
add_unit_mutant(path-too-short merkle.c merkle_test "sn == 0 ? TEE_OK : TEE_E_PROOF" "TEE_OK")
add_unit_mutant(path-sides-swapped merkle.c merkle_test
  "right ? sibling : out, right ? out : sibling" "out, sibling")
add_unit_mutant(path-of-a-full-tree merkle.c merkle_test "(fn & 1u) != 0 || fn == sn" "(fn & 1u) != 0")
add_unit_mutant(path-climbs-once merkle.c merkle_test "while (right &&" "if (right &&")
add_unit_mutant(proven-of-any-block entry_proof.c entry_proof_test
  "memcmp(root, it->block.entries_root, TEE_HASH_LEN) != 0" "false")
add_unit_mutant(proven-by-path-alone entry_proof.c entry_proof_test
  "    status = check_place(&it, leaf);\n" "")
add_unit_mutant(proven-not-final entry_proof.c entry_proof_test
  "status = check_final(ck, &it);\n    }\n    if (status != TEE_OK) {" "status = check_final(ck, &it);\n    }\n    if (status != TEE_OK && status != TEE_E_QC) {")
add_unit_mutant(proven-unlinked entry_proof.c entry_proof_test
  "status == TEE_OK && !it->linked ? TEE_E_CONFLICT : status" "status")
add_unit_mutant(proven-linked-at-its-top-only entry_proof.c entry_proof_test
  "out->linked && extends(&header, &below)" "extends(&header, &below)")
add_unit_mutant(proven-certified-below entry_proof.c entry_proof_test
  "header_at(it->headers, count - 1), it->qc" "header_at(it->headers, 0), it->qc")
add_unit_mutant(proven-of-another-chain entry_proof.c entry_proof_test
  "memcmp(header->chain_id, below->chain_id, TEE_HASH_LEN) == 0" "true")
add_unit_mutant(proven-upon-another entry_proof.c entry_proof_test
  "memcmp(header->parent_hash, below->hash, TEE_HASH_LEN) == 0" "true")
add_unit_mutant(proven-of-any-height entry_proof.c entry_proof_test "header->height == below->height + 1 && " "")
add_unit_mutant(proven-of-a-later-epoch entry_proof.c entry_proof_test " && header->epoch >= below->epoch" "")
add_unit_mutant(proven-of-any-view entry_proof.c entry_proof_test
  "\n           && (!same_epoch || header->view > below->view)" "")
add_unit_mutant(proven-views-never-start-over entry_proof.c entry_proof_test
  "(!same_epoch || header->view > below->view)" "header->view > below->view")
add_unit_mutant(proven-above-an-epochs-end entry_proof.c entry_proof_test
  "\n           && (!same_epoch || !below->last || header_is_suffix_of(header, below))" "")
add_unit_mutant(proven-above-a-closed-epoch entry_proof.c entry_proof_test
  "(!same_epoch || !below->last ||" "(!below->last ||")
add_unit_mutant(proven-with-a-tail entry_proof.c entry_proof_test "read_done(in) &&" "in->ok &&")
add_unit_mutant(proven-beside-a-checkpoint entry_proof.c entry_proof_test
  "checkpoint_contradicts(log, &it.block)" "false")
add_unit_mutant(proven-conflict-goes-on entry_proof.c entry_proof_test "checker_halt(ck);" ";")

# ---- resuming ---------------------------------------------------------------

add_unit_mutant(resume-while-voting resume.c resume_test
  "ck->now.state != TEE_STATE_FOLLOWER" "ck->now.state == TEE_STATE_NEW || ck->key == NULL")
add_unit_mutant(resume-without-a-seat resume.c resume_test
  "if (seat == CHECKER_NO_SEAT) {\n        return TEE_E_NOT_JOINED;" "if (seat == CHECKER_NO_SEAT) {\n        seat = 0;")
add_unit_mutant(resume-at-any-proposal resume.c resume_test
  "status = checker_proposed(ck, header, from->prop);" "status = TEE_OK;")
add_unit_mutant(resume-proposal-of-anybody checker.c resume_test
  "if (!header_belongs(ck, header)) {" "if (header->epoch != ck->now.config.epoch) {")
add_unit_mutant(resume-proposal-unsigned checker.c resume_test
  "prop_verifies(&ck->now.config, header, prop) ? TEE_OK : TEE_E_QC" "TEE_OK")
add_unit_mutant(resume-certificate-of-another-epoch resume.c resume_test
  "qc->epoch == ck->now.config.epoch ? checker_certify(ck, qc) : TEE_E_CONFLICT" "checker_certify(ck, qc)")
add_unit_mutant(resume-at-any-certificate resume.c resume_test
  "checker_certify(ck, qc) : TEE_E_CONFLICT" "TEE_OK : TEE_E_CONFLICT")
add_unit_mutant(resume-backwards resume.c resume_test "it.pv < ck->resumed_pv" "false")
add_unit_mutant(resume-forgets resume.c resume_test "ck->resumed_pv = it.pv;" ";")
add_unit_mutant(resume-forgets-its-vote resume.c resume_test "ck->resumed_pv = now.pv;" ";")
add_unit_mutant(resume-for-ever checker.c resume_test "ck->resumed_pv = 0;" ";")
add_unit_mutant(resume-keeps-the-key resume.c resume_test "checker_replace_key(ck, fresh);" "tc_key_free(fresh);")
add_unit_mutant(resume-gives-up-nothing resume.c resume_test
  "ck->now.state != TEE_STATE_ACTIVE" "ck->now.me == CHECKER_NO_SEAT")
add_unit_mutant(resume-with-a-tail resume.c resume_test "return read_done(in) ? status" "return in->ok ? status")

# ---- cold start -------------------------------------------------------------

add_unit_mutant(cold-too-few-of-two cold_start.c cold_start_test
  "2u * f + 1u > meeting ? 2u * f + 1u : meeting" "2u * f + 1u")
add_unit_mutant(cold-a-quorum-is-enough cold_start.c cold_start_test
  "2u * f + 1u > meeting ? 2u * f + 1u : meeting" "f + 1u")
add_unit_mutant(cold-any-number-states cold_start.c cold_start_test
  "proof->statement_count < enough(from) ? TEE_E_QC : TEE_OK" "TEE_OK")
add_unit_mutant(cold-statement-of-no-seat cold_start.c cold_start_test
  "it->member >= from->n || " "it->member >= TEE_MAX_MEMBERS || ")
add_unit_mutant(cold-statement-of-another-config cold_start.c cold_start_test
  "!same_hash(it->config_hash, from->hash)" "false")
add_unit_mutant(cold-statement-of-another-epoch cold_start.c cold_start_test
  "\n        || it->epoch != from->epoch" "")
add_unit_mutant(cold-statement-of-another-key cold_start.c cold_start_test
  "!same_key(it->former_key, seat_key) || " "")
add_unit_mutant(cold-statement-under-the-old-key cold_start.c cold_start_test
  " || same_key(it->voting_key, seat_key)" "")
add_unit_mutant(cold-statement-unsigned cold_start.c cold_start_test
  "    return valid ? TEE_OK : TEE_E_QC;\n}\n\nstatic tee_status check_statements" "    return valid || !valid ? TEE_OK : TEE_E_QC;\n}\n\nstatic tee_status check_statements")
add_unit_mutant(cold-statements-in-any-order codec.c cold_start_test
  "out->statements[i].member <= out->statements[i - 1].member" "false")
add_unit_mutant(cold-first-not-highest cold_start.c cold_start_test
  "if (proof->statements[i].pv > best->pv) {" "if (false) {")
add_unit_mutant(cold-lowest-view cold_start.c cold_start_test
  "proof->statements[i].pv > best->pv" "proof->statements[i].pv < best->pv")
add_unit_mutant(cold-two-highest-blocks cold_start.c cold_start_test
  "same_hash(a->ph, b->ph) && a->pheight" "a->pheight")
add_unit_mutant(cold-two-highest-heights cold_start.c cold_start_test
  " && a->pheight == b->pheight" "")
add_unit_mutant(cold-two-highest-ends cold_start.c cold_start_test " && a->plast == b->plast;" ";")
add_unit_mutant(cold-lower-blocks-agree cold_start.c cold_start_test
  "proof->statements[i].pv == best->pv && " "")
add_unit_mutant(cold-anchor-of-any-hash cold_start.c cold_start_test
  "same_hash(best->ph, link->anchor) && " "")
add_unit_mutant(cold-anchor-of-any-height cold_start.c cold_start_test
  "best->pheight == link->anchor_height\n                     && " "")
add_unit_mutant(cold-anchor-ends-the-epoch cold_start.c cold_start_test
  "\n                     && !best->plast;" ";")
add_unit_mutant(cold-anchor-not-asked cold_start.c cold_start_test
  "best->pv == 0 && !at_anchor" "false && !at_anchor")
add_unit_mutant(cold-end-of-another-block cold_start.c cold_start_test
  " && same_hash(end->top.hash, best->ph)" "")
add_unit_mutant(cold-end-by-its-first-block cold_start.c cold_start_test
  "same_hash(end->top.hash, best->ph)" "same_hash(end->last.hash, best->ph)")
add_unit_mutant(cold-end-that-is-none cold_start.c cold_start_test
  "epoch_end_is_of(end, link->from) && " "")
add_unit_mutant(cold-base-of-any-hash cold_start.c cold_start_test
  "same_hash(room->base.hash, end->last.next_config_hash)" "true")
add_unit_mutant(cold-anchor-is-the-suffix cold_start.c cold_start_test
  "best->plast ? end->last.hash : best->ph" "best->ph")
add_unit_mutant(cold-anchor-height-is-the-suffix cold_start.c cold_start_test
  "best->plast ? end->last.height : best->pheight" "best->pheight")
add_unit_mutant(cold-base-of-another-epoch cold_start.c cold_start_test
  "\n                && room->base.epoch == link->next->epoch" "")
add_unit_mutant(cold-header-for-nothing cold_start.c cold_start_test "link->headers.len == 0 && " "")
add_unit_mutant(cold-base-for-nothing cold_start.c cold_start_test
  " && room->proof.base.len == 0 ?" " ?")
add_unit_mutant(cold-end-by-enough cold_start.c cold_start_test
  "best->plast ? link->from->n : enough(link->from)" "enough(link->from)")
add_unit_mutant(cold-next-is-anything cold_start.c cold_start_test
  "same_hash(hash, base->hash) ? TEE_OK : TEE_E_CONFLICT" "TEE_OK")
add_unit_mutant(cold-next-with-any-key cold_start.c cold_start_test
  "!same_key(m->voting_key, stated->voting_key)" "false")
add_unit_mutant(cold-next-keys-unstated cold_start.c cold_start_test
  "            continue; /* its key stays */" "            put_back(&r, m->voting_key_at, before->voting_key, TEE_KEY_LEN);\n            continue;")
add_unit_mutant(cold-next-evidence-fixed cold_start.c cold_start_test
  "        put_back(&r, m->evidence_at, before->evidence, TEE_HASH_LEN);\n" "")
add_unit_mutant(cold-next-by-place cold_start.c cold_start_test
  "const member *seat = member_of_id(link->from, m);" "const member *seat = &link->from->members[m - link->next->members];")
add_unit_mutant(cold-approvals-in-any-order codec.c cold_start_test
  "if (approver <= before) {" "if (approver < 0) {")
add_unit_mutant(cold-approval-of-who-did-not-state cold_start.c cold_start_test
  "statement_of(proof, index) == NULL" "index >= link->from->n")
add_unit_mutant(cold-approval-unsigned cold_start.c cold_start_test
  "!tc_verify_message(link->from->suite, key, &approved, 1, signature)" "key == signature")
add_unit_mutant(cold-approval-by-the-voting-key cold_start.c cold_start_test
  "link->from->members[index].governance_key" "link->from->members[index].voting_key")
add_unit_mutant(cold-any-number-approves cold_start.c cold_start_test
  "if (proof->approval_count < needed) {" "if (needed == 0) {")
add_unit_mutant(cold-approval-of-any-statements codec.c cold_start_test
  "write_bytes(&w, statements_hash, TEE_HASH_LEN);" "write_bytes(&w, next_hash, TEE_HASH_LEN);")
add_unit_mutant(cold-approval-of-any-next codec.c cold_start_test
  "write_bytes(&w, next_hash, TEE_HASH_LEN);" "write_bytes(&w, statements_hash, TEE_HASH_LEN);")
add_unit_mutant(cold-approval-in-any-consortium codec.c cold_start_test
  "write_tag(&w, \"CDC1CACC\");\n    write_bytes(&w, config->hash, TEE_HASH_LEN);" "write_tag(&w, \"CDC1CACC\");\n    write_bytes(&w, next_hash, TEE_HASH_LEN);")
add_unit_mutant(cold-with-a-tail codec.c cold_start_test
  "    read_approvals(&in, out);\n    return read_done(&in)" "    read_approvals(&in, out);\n    return in.ok")
add_unit_mutant(cold-genesis checker.c cold_start_test
  "genesis != (proof.len == 0) || (!cold" "(!cold && genesis != (proof.len == 0)) || (!cold")
add_unit_mutant(cold-anchor-not-moved checker.c cold_start_test
  "step_into_next(ck, outcome.anchor, outcome.anchor_height);" "step_into_next(ck, ck->walk.anchor, ck->walk.anchor_height);")
add_unit_mutant(cold-below-what-was-certified checker.c cold_start_test
  "status == TEE_OK && saw_more_than(ck, outcome.height)" "false")
add_unit_mutant(cold-below-the-suffix-certified checker.c cold_start_test
  "saw_more_than(ck, outcome.height)" "saw_more_than(ck, outcome.anchor_height)")
add_unit_mutant(cold-certified-is-enough checker.c cold_start_test
  "ck->certified > height" "ck->certified >= height")
add_unit_mutant(cold-certified-in-any-epoch checker.c cold_start_test
  "ck->walk.config.epoch == ck->now.config.epoch && ck->certified" "ck->certified")
add_unit_mutant(cold-end-of-any-height cold_start.c cold_start_test
  "\n                && end->top.height == best->pheight" "")
add_unit_mutant(cold-base-of-any-suite cold_start.c cold_start_test
  "room->base.suite != link->from->suite" "false")

# ---- an epoch's end ---------------------------------------------------------

add_unit_mutant(end-of-any-length epoch_end.c epoch_end_test "headers.len % TEE_HEADER_LEN != 0 || " "")
add_unit_mutant(end-of-any-number epoch_end.c epoch_end_test " || count > TEE_MAX_EPOCH_END" "")
add_unit_mutant(end-of-too-many checker.c checker_test
  "TEE_MAX_EPOCH_END * TEE_HEADER_LEN" "(TEE_MAX_EPOCH_END - 1) * TEE_HEADER_LEN")
add_unit_mutant(end-of-one-less epoch_end.c epoch_end_test
  "count > TEE_MAX_EPOCH_END" "count >= TEE_MAX_EPOCH_END")
add_unit_mutant(end-unlinked epoch_end.c epoch_end_test "end->linked && " "")
add_unit_mutant(end-linked-at-its-top-only epoch_end.c epoch_end_test
  "out->linked = out->linked && " "out->linked = ")
add_unit_mutant(end-that-is-none epoch_end.c epoch_end_test "end->last.last && " "")
add_unit_mutant(end-without-entries epoch_end.c epoch_end_test " && end->last.entry_count > 0" "")
add_unit_mutant(end-of-another-chain epoch_end.c epoch_end_test
  "same_hash(end->last.chain_id, config->chain_id)" "true")
add_unit_mutant(end-of-another-epoch epoch_end.c epoch_end_test
  "\n           && end->last.epoch == config->epoch" "")
add_unit_mutant(suffix-with-entries codec.c checker_test " && header->entry_count == 0" "")
add_unit_mutant(suffix-that-goes-on codec.c checker_test "header->last && header->entry_count == 0" "header->entry_count == 0")
add_unit_mutant(suffix-of-another-chain epoch_end.c epoch_end_test
  " && same_hash(header->chain_id, below->chain_id)" "")
add_unit_mutant(suffix-of-another-epoch epoch_end.c epoch_end_test
  "header->epoch == below->epoch && " "")
add_unit_mutant(suffix-of-an-older-view epoch_end.c epoch_end_test
  " && header->view > below->view" "")
add_unit_mutant(suffix-of-the-same-view epoch_end.c epoch_end_test
  "header->view > below->view" "header->view >= below->view")
add_unit_mutant(suffix-of-any-height epoch_end.c epoch_end_test
  "\n           && header->height == below->height + 1" "")
add_unit_mutant(suffix-upon-another epoch_end.c epoch_end_test
  "\n           && same_hash(header->parent_hash, below->hash)" "")
add_unit_mutant(suffix-of-another-next epoch_end.c epoch_end_test
  "\n           && same_hash(header->next_config_hash, below->next_config_hash)" "")
add_unit_mutant(end-of-another-next checker.c checker_test
  "\n        || !same_hash(end->last.next_config_hash, ck->next.hash)" "")
add_unit_mutant(end-by-another-certificate checker.c checker_test
  "!qc_is_for(&qc, &end->top)" "false")
add_unit_mutant(end-by-its-own-certificate-only checker.c checker_test
  "qc_is_for(&qc, &end->top)" "qc_is_for(&qc, &end->last)")
add_unit_mutant(end-uncertified checker.c checker_test
  "checker_qc_verifies(&ck->walk.config, &qc) ? TEE_OK : TEE_E_QC" "TEE_OK")
add_unit_mutant(anchor-is-the-suffix checker.c checker_test
  "step_into_next(ck, end.last.hash" "step_into_next(ck, end.top.hash")
add_unit_mutant(anchor-height-is-the-suffix checker.c checker_test
  "end.last.hash, end.last.height" "end.last.hash, end.top.height")
add_unit_mutant(certified-of-the-suffix checker.c checker_test
  "    ck->certified = ck->now.anchor_height;" "    ck->certified = ck->now.anchor_height > ck->certified ? ck->now.anchor_height : ck->certified;")
add_unit_mutant(extends-an-epochs-end checker.c checker_test
  "header_is_suffix(&header) != parent.last" "(header_is_suffix(&header) && !parent.last)")
add_unit_mutant(ends-an-epoch-without-entries checker.c checker_test
  "header_is_suffix(&header) != parent.last" "(parent.last && !header_is_suffix(&header))")

# ---- sharing ----------------------------------------------------------------

add_unit_mutant(grant-of-any-holder sharing.c sharing_test "same_span(it->holder, wanted->holder)" "true")
add_unit_mutant(grant-to-anybody sharing.c sharing_test "same_span(it->grantee, wanted->grantee)" "true")
add_unit_mutant(grant-of-any-record sharing.c sharing_test
  "memcmp(it->subject, subject, TEE_HASH_LEN) == 0" "subject != NULL")
add_unit_mutant(grant-withdrawn sharing.c sharing_test "!it->withdrawn" "true")
add_unit_mutant(grant-not-yet sharing.c sharing_test "it->from_ms <= now_ms" "true")
add_unit_mutant(grant-over sharing.c sharing_test "now_ms < it->until_ms" "true")
add_unit_mutant(grant-last-millisecond sharing.c sharing_test
  "now_ms < it->until_ms" "now_ms <= it->until_ms")
add_unit_mutant(grant-of-any-version sharing.c sharing_test " && known" " && (known || true)")
add_unit_mutant(grant-with-a-tail sharing.c sharing_test
  "if (!read_done(proof)) {" "if (!proof->ok) {")
add_unit_mutant(shared-for-another sharing.c sharing_test "!same_span(key.grantee, own_id(who))" "false")
add_unit_mutant(shared-by-no-member sharing.c sharing_test
  "!id_is_valid(key.holder.data, key.holder.len)" "false")
add_unit_mutant(shared-without-a-grant sharing.c sharing_test
  "return status == TEE_OK ? open_with(" "return status != TEE_E_PARAM ? open_with(")
add_unit_mutant(rewrap-without-a-grant sharing.c sharing_test
  "    if (status == TEE_OK) {\n        status = envelope_unwrap" "    if (status != TEE_E_PARAM) {\n        status = envelope_unwrap")
add_unit_mutant(rewrap-for-a-stranger sharing.c sharing_test
  "tee_status status = attest_peer(ck, evidence_bytes, &peer);\n    if (status != TEE_OK) {"
  "tee_status status = attest_peer(ck, evidence_bytes, &peer);\n    if (status == TEE_E_PARAM) {")
add_unit_mutant(rewrap-ignores-who-asks sharing.c sharing_test
  "ck->now.config.members[peer.seat]" "ck->now.config.members[1]")

# ---- evidence of peers ------------------------------------------------------

add_unit_mutant(evidence-of-another-chain attest.c attest_test
  "memcmp(e->who.chain_id, ck->chain_id, TEE_HASH_LEN) == 0" "true")
add_unit_mutant(evidence-of-another-genesis attest.c attest_test
  "memcmp(e->genesis, ck->now.genesis, TEE_HASH_LEN) == 0" "true")
add_unit_mutant(evidence-of-another-epoch attest.c attest_test "e->epoch == ck->now.config.epoch" "true")
add_unit_mutant(evidence-of-another-config attest.c attest_test
  "memcmp(e->config_hash, ck->now.config.hash, TEE_HASH_LEN) == 0" "true")
add_unit_mutant(evidence-of-another-instance attest.c attest_test
  "memcmp(m->voting_key, e->voting_key, TEE_KEY_LEN) == 0" "true")
add_unit_mutant(evidence-of-another-institution attest.c attest_test
  "&& memcmp(m->signing_key, e->signing_key, TEE_KEY_LEN) == 0" "")
add_unit_mutant(evidence-unsigned attest.c attest_test
  "!tc_verify_message(e.suite, key_of_evidence(config, &e), &e.claims, 1, e.signature)" "false")
add_unit_mutant(evidence-not-vouched-for attest.c attest_test "!tier_is_vouched_for(&e)" "false")
add_unit_mutant(evidence-of-a-lower-tier attest.c attest_test "== (int)e->tier" ">= 0")
add_unit_mutant(evidence-debuggable attest.c attest_test "if (e.debug || " "if (")
add_unit_mutant(evidence-of-any-code attest.c attest_test "!measurement_is_allowed(config, &e)" "false")
add_unit_mutant(evidence-below-the-policy attest.c attest_test
  " || e.tier < config->minimum_tier" "")
add_unit_mutant(evidence-after-halt attest.c attest_test
  " || ck->now.state == TEE_STATE_HALTED" "")
add_unit_mutant(evidence-before-an-epoch attest.c attest_test "config->epoch == 0 || " "")
add_unit_mutant(evidence-of-any-version attest.c attest_test
  "read_u8(in) != ATTEST_VERSION" "read_u8(in) == 0")

# ---- sealed records and keys ------------------------------------------------

add_unit_mutant(record-of-any-context envelope.c envelope_test "aad->spans[3] = context;"
  "aad->spans[3] = (tc_span){NULL, 0};")
add_unit_mutant(record-of-any-member envelope.c envelope_test
  "identity_encode(who, aad->name)}" "0 * identity_encode(who, aad->name)}")
add_unit_mutant(record-of-any-port envelope.c envelope_test
  "memcmp(head, aad.head, SEALED_HEAD_LEN) != 0" "head == NULL")
add_unit_mutant(record-without-randomness envelope.c envelope_test
  "tp_random(fresh, sizeof fresh) != 0" "tp_random(fresh, sizeof fresh) > 0")
add_unit_mutant(state-of-any-member keystore.c keystore_test
  "{name, identity_encode(who, name)}" "{name, 0 * identity_encode(who, name)}")
add_unit_mutant(state-of-any-port keystore.c keystore_test
  " || memcmp(blob.data, head, SEALED_HEAD_LEN) != 0" "")
add_unit_mutant(state-of-any-length keystore.c keystore_test "blob.len != KEYSTORE_BLOB_LEN || " "")
add_unit_mutant(state-in-the-clear keystore.c keystore_test
  "result = tc_aead_seal(suite, subkey, iv, aad, aad_count, in, out, aead_tag);"
  "result = tc_aead_seal(suite, subkey, iv, aad, aad_count, in, out, aead_tag); memcpy(out, in.data, in.len);")

# ---- entries ----------------------------------------------------------------

add_unit_mutant(entry-of-another-member entry_sign.c entry_sign_test
  "return ours ? TEE_OK : TEE_E_CONFLICT" "return TEE_OK")
add_unit_mutant(entry-not-compared entry_sign.c entry_sign_test
  " || memcmp(at, expected, len) != 0" "")
add_unit_mutant(entry-of-another-version entry_sign.c entry_sign_test
  " || version.value != ENTRY_VERSION" "")
add_unit_mutant(entry-keys-twice entry_sign.c entry_sign_test "key.value <= last_key" "key.value < last_key")
add_unit_mutant(entry-with-a-tail entry_sign.c entry_sign_test "if (!read_done(&in)) {" "if (!in.ok) {")
add_unit_mutant(entry-of-any-depth entry_sign.c entry_sign_test "|| depth == 0" "")
add_unit_mutant(entry-of-any-key entry_sign.c entry_sign_test "|| head.value != key" "")
add_unit_mutant(entry-long-heads entry_sign.c entry_sign_test "in->ok && head.value >= 24" "in->ok")
add_unit_mutant(entry-signed-unchecked entry_sign.c entry_sign_test
  "tee_status status = entry_check(who, entry);\n    if (status != TEE_OK) {"
  "tee_status status = entry_check(who, entry);\n    if (status == TEE_E_PARAM) {")

# ---- private answers --------------------------------------------------------

add_unit_mutant(debit-of-another-member dp_query.c dp_query_test
  "bool mine = paid->member.len == who->member_len\n                && memcmp(paid->member.data, who->member, who->member_len) == 0\n                && " "(void)who; bool mine = ")
add_unit_mutant(debit-of-another-instance dp_query.c dp_query_test
  "\n                && memcmp(paid->voting_key_hash, key_hash, TEE_HASH_LEN) == 0;" ";")
add_unit_mutant(debit-of-another-query dp_query.c dp_query_test
  "memcmp(paid->query_hash, query->hash, TEE_HASH_LEN) != 0" "false")
add_unit_mutant(debit-spent-twice dp_query.c dp_query_test
  "paid->sequence > dp->spent" "paid->sequence >= dp->spent")
add_unit_mutant(debit-too-small dp_query.c dp_query_test "paid->micro_rho >= query->cost" "true")
add_unit_mutant(debit-not-spent dp_query.c dp_query_test "dp->spent = paid.sequence;" ";")
add_unit_mutant(debit-forgotten dp_query.c dp_query_test "dp->spent = spent;" ";")
add_unit_mutant(cost-rounded-down dp_query.c dp_query_test "a / b + (a % b == 0 ? 0 : 1)" "a / b")
add_unit_mutant(cost-of-one-source dp_query.c dp_query_test "d * query->sources" "d")
add_unit_mutant(cost-of-half-a-mean dp_query.c dp_query_test
  "cost += cost_of(query->mechanism, query->sources, &query->count_noise);" ";")
add_unit_mutant(cost-of-the-upper-end dp_query.c dp_query_test "low > high ? low : high" "high")
add_unit_mutant(subject-twice dp_query.c dp_query_test
  "memcmp(subject, tally->last, sizeof subject) <= 0" "memcmp(subject, tally->last, sizeof subject) < 0")
add_unit_mutant(subject-not-kept dp_query.c dp_query_test
  "memcpy(tally->last, subject, sizeof subject);" ";")
add_unit_mutant(series-mixed dp_query.c dp_query_test
  "memcmp(series, query->series, TEE_HASH_LEN) != 0" "false")
add_unit_mutant(value-not-clamped-below dp_query.c dp_query_test
  "value = choose(mask_less(value, lower), lower, value);" "(void)lower;")
add_unit_mutant(value-not-clamped-above dp_query.c dp_query_test
  "return choose(mask_less(upper, value), upper, value);" "(void)upper; return value;")
add_unit_mutant(value-wraps dp_query.c dp_query_test
  "((~x & y) | (~(x ^ y) & (x - y))) >> 63" "(x - y) >> 63")
add_unit_mutant(bins-overlap dp_query.c dp_query_test "reached - beyond" "reached")
add_unit_mutant(bounds-not-ascending dp_query.c dp_query_test
  "query->bounds[i - 1] < query->bounds[i]" "query->bounds[i - 1] <= query->bounds[i]")
add_unit_mutant(add-half-of-a-call dp_query.c dp_query_test
  "    if (status == TEE_OK) {\n        dp->tally = dp->draft;" "    if (status != TEE_E_PARAM) {\n        dp->tally = dp->draft;")
add_unit_mutant(answer-without-noise dp_query.c dp_query_test " + (uint64_t)dp->noise[i]" "")
add_unit_mutant(answer-twice dp_query.c dp_query_test
  "tp_zero(noised, sizeof noised);\n    dp_close(dp);" "tp_zero(noised, sizeof noised);")
add_unit_mutant(answer-to-a-small-cohort dp_query.c dp_query_test
  "(int64_t)total >= (int64_t)query->min_cohort" "true")
add_unit_mutant(cohort-without-noise dp_query.c dp_query_test
  "cohort_suffices(&dp->query, noised)" "cohort_suffices(&dp->query, dp->tally.values)")
add_unit_mutant(cohort-by-the-sum dp_query.c secagg_test
  "query->kind == DP_MEAN ? 1 : 0;\n    for" "0;\n    for")

# ---- secure aggregation -----------------------------------------------------

add_unit_mutant(round-twice secagg.c secagg_test "terms->sequence > agg->spent" "terms->sequence >= agg->spent")
add_unit_mutant(round-not-spent secagg.c secagg_test "agg->spent = terms.sequence;" ";")
add_unit_mutant(round-of-another-query secagg.c secagg_test
  "\n        || memcmp(dp->query.hash, agg->terms.query_hash, TEE_HASH_LEN) != 0" "")
add_unit_mutant(round-without-me secagg.c secagg_test "!has(terms->participants, ck->now.me)" "false")
add_unit_mutant(round-of-more-sources secagg.c secagg_test
  "size_of(terms->participants) != query->sources" "false")
add_unit_mutant(threshold-of-half secagg.c secagg_test "2u * terms->threshold > n" "3u * terms->threshold > n")
add_unit_mutant(too-few-members secagg.c secagg_test " && count >= agg->terms.min_members" "")
add_unit_mutant(key-of-another-round secagg.c secagg_test
  "memcmp(id, agg->id, sizeof id) != 0 || !has(agg->terms.participants, from)" "!has(agg->terms.participants, from)")
add_unit_mutant(key-unsigned secagg.c secagg_test
  "    if (!tc_verify_message(config->suite, config->members[from].voting_key, &signed_bytes, 1,\n                           signature)) {" "    if (signature == NULL || signed_bytes.len == 0 || config == NULL) {")
add_unit_mutant(share-without-its-own secagg.c secagg_test "!has(sharers, agg->me)" "false")
add_unit_mutant(contributes-in-the-clear secagg.c secagg_test
  "bool ok = apply_mask(agg->seed, true, agg->outputs, agg->sum) == 0;" "bool ok = true;")
add_unit_mutant(unmasks-any-survivors secagg.c secagg_test
  "    if (!within(survivors, agg->sharers)) {" "    if (survivors == 0 && agg->sharers == 0) {")
add_unit_mutant(unmasks-for-few secagg.c secagg_test
  "    if (!enough(agg, survivors)) {" "    if (agg->sharers == 0) {")
add_unit_mutant(unmasks-twice secagg.c secagg_test "forget_secrets(agg);\n    return" "return")
add_unit_mutant(finishes-mixed-sets secagg.c secagg_test
  "memcmp(head, expected, sizeof expected) != 0" "expected[0] == 0")
add_unit_mutant(contribution-unsigned secagg.c secagg_test
  "    if (!tc_verify_message(config->suite, config->members[from].voting_key, &signed_bytes, 1,\n                           bytes + signed_bytes.len)) {" "    if (signed_bytes.len == 0 || config == NULL) {")
add_unit_mutant(false-seed secagg.c secagg_test
  "!tc_equal(commitment, agg->seed_hashes[i], TEE_HASH_LEN)" "false")
add_unit_mutant(finishes-without-a-debit secagg.c secagg_test "dp->purpose != DP_FINISHES" "false")
add_unit_mutant(releases-a-gathering dp_query.c secagg_test
  "query.sources == 1 ? DP_RELEASES : DP_FINISHES" "DP_RELEASES")
add_unit_mutant(weights-of-all shamir.c shamir_test "place_of(other) ^ place_of(holder)" "place_of(other)")

# ---- the ABI ----------------------------------------------------------------

add_unit_mutant(dead-serves-on tee_core.c tee_core_test "core->dead && op != TEE_OP_INFO" "false")
add_unit_mutant(dead-not-latched tee_core.c tee_core_test "core->dead = true;" ";")
add_unit_mutant(dead-not-said tee_core.c tee_core_test
  "c->core->dead ? TEE_STATE_DEAD : ck->now.state" "ck->now.state")
add_unit_mutant(halted-signs-entries tee_core.c tee_core_test
  "c->core->ck.now.state == TEE_STATE_HALTED" "false")
