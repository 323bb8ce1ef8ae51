#include "checker.h"

#include <string.h>

#include "tp_platform.h"

static bool same_hash(const uint8_t a[TEE_HASH_LEN], const uint8_t b[TEE_HASH_LEN]) {
    return memcmp(a, b, TEE_HASH_LEN) == 0;
}

static void destroy_key(checker *ck) {
    tc_key_free(ck->key);
    ck->key = NULL;
}

tee_status checker_init(checker *ck, uint8_t suite, const uint8_t chain_id[TEE_HASH_LEN]) {
    memset(ck, 0, sizeof *ck);
    memcpy(ck->chain_id, chain_id, TEE_HASH_LEN);
    ck->now.state = TEE_STATE_NEW;
    ck->now.me = CHECKER_NO_SEAT;
    ck->suite = suite;
    ck->key = tc_key_generate(suite);
    if (ck->key == NULL) {
        return TEE_E_INTERNAL;
    }
    memcpy(ck->public_key, tc_key_public(ck->key), TEE_KEY_LEN);
    return TEE_OK;
}

bool checker_qc_verifies(const epoch_config *config, const quorum_cert *qc) {
    uint8_t bytes[TEE_VOTE_SIGNED_LEN];
    if (qc->epoch != config->epoch || qc->phase != config_last_phase(config)
        || qc_signer_count(qc) < config_quorum(config)) {
        return false;
    }
    if (config->n < 64 && qc->signers >> config->n != 0) {
        return false; /* a signer who is no member */
    }
    vote_bytes(config, qc->phase, qc->view, qc->height, qc->block_hash, qc->last, bytes);
    const tc_span vote = {bytes, sizeof bytes};
    const uint8_t *signature = qc->signatures;
    for (uint16_t i = 0; i < config->n; i++) {
        if ((qc->signers >> i & 1u) == 0) {
            continue;
        }
        if (!tc_verify_message(config->suite, config->members[i].voting_key, &vote, 1,
                               signature)) {
            return false;
        }
        signature += TEE_SIG_LEN;
    }
    return true;
}

void checker_halt(checker *ck) {
    destroy_key(ck);
    ck->now.state = TEE_STATE_HALTED;
}

tee_status checker_certify(checker *ck, const quorum_cert *qc) {
    if (!checker_qc_verifies(&ck->now.config, qc)) {
        return TEE_E_QC;
    }
    if (qc->height > ck->certified) {
        ck->certified = qc->height;
    }
    return TEE_OK;
}

tee_status checker_final(checker *ck, tc_span header_bytes, tc_span qc_bytes,
                         block_header *header) {
    quorum_cert qc;
    tee_status status = decode_header(header_bytes, header);
    if (status == TEE_OK) {
        status = decode_qc(qc_bytes, &qc);
    }
    if (status != TEE_OK) {
        return status;
    }
    if (ck->now.state == TEE_STATE_HALTED || ck->now.config.epoch == 0) {
        return TEE_E_STATE;
    }
    if (!same_hash(header->chain_id, ck->chain_id) || header->epoch != ck->now.config.epoch
        || !qc_is_for(&qc, header)) {
        return TEE_E_CONFLICT;
    }
    return checker_certify(ck, &qc);
}

bool checker_is_fresh(const checker *ck, uint64_t height) {
    return height >= ck->certified && height + 1 >= ck->pheight;
}

/* ---- entering epochs ---------------------------------------------------- */

/* No enclave votes in BFT-2P, whatever key the configuration names. */
static uint16_t seat_of(const epoch_config *config, const uint8_t key[TEE_KEY_LEN]) {
    if (config->mode == TEE_MODE_BFT_2P) {
        return CHECKER_NO_SEAT;
    }
    for (uint16_t i = 0; i < config->n; i++) {
        if (memcmp(config->members[i].voting_key, key, TEE_KEY_LEN) == 0) {
            return i;
        }
    }
    return CHECKER_NO_SEAT;
}

/* Whether headers and certificate prove that the walked epoch ended in ck->next. */
static tee_status check_epoch_end(const checker *ck, tc_span headers, tc_span qc_bytes,
                                  epoch_end *end) {
    quorum_cert qc;
    tee_status status = decode_epoch_end(headers, end);
    if (status == TEE_OK) {
        status = decode_qc(qc_bytes, &qc);
    }
    if (status != TEE_OK) {
        return status;
    }
    if (!epoch_end_is_of(end, &ck->walk.config)
        || !same_hash(end->last.next_config_hash, ck->next.hash)) {
        return TEE_E_CONFLICT;
    }
    if (!qc_is_for(&qc, &end->top)) {
        return TEE_E_CONFLICT;
    }
    return checker_qc_verifies(&ck->walk.config, &qc) ? TEE_OK : TEE_E_QC;
}

/* Moves ck->walk into ck->next, whose place in the sequence has been proven. */
static void step_into_next(checker *ck, const uint8_t anchor[TEE_HASH_LEN], uint64_t height) {
    standing *walk = &ck->walk;
    walk->config = ck->next;
    walk->me = seat_of(&walk->config, ck->public_key);
    memcpy(walk->anchor, anchor, TEE_HASH_LEN);
    walk->anchor_height = height;
    if (walk->state == TEE_STATE_RETIRED) {
        return; /* lost its seat further down this chain; a key never comes back */
    }
    if (walk->me != CHECKER_NO_SEAT) {
        walk->state = TEE_STATE_ACTIVE;
    } else if (walk->state == TEE_STATE_ACTIVE && walk->config.mode == TEE_MODE_TEE_1P) {
        walk->state = TEE_STATE_RETIRED;
    } else {
        walk->state = TEE_STATE_FOLLOWER;
    }
}

/*
 * Whether this instance saw a certificate, in the walked epoch, above the block from which
 * no final one is said to be missing: then more members lie than a cold start bears.
 */
static bool saw_more_than(const checker *ck, uint64_t height) {
    return ck->walk.config.epoch == ck->now.config.epoch && ck->certified > height;
}

/* Steps by a cold start: the members state where the walked epoch stood when it was lost. */
static tee_status step_by_cold_start(checker *ck, tc_span config, tc_span headers, tc_span proof) {
    cold_start_outcome outcome;
    const cold_start_link link = {
        .from = &ck->walk.config,
        .anchor = ck->walk.anchor,
        .anchor_height = ck->walk.anchor_height,
        .next = &ck->next,
        .next_bytes = config,
        .headers = headers,
        .proof = proof,
    };
    tee_status status = cold_start_verify(&ck->cold, &link, &outcome);
    if (status == TEE_OK && saw_more_than(ck, outcome.height)) {
        status = TEE_E_ROLLBACK;
    }
    if (status == TEE_OK) {
        step_into_next(ck, outcome.anchor, outcome.anchor_height);
    }
    return status;
}

static tee_status step_by_certificate(checker *ck, tc_span headers, tc_span qc_bytes) {
    epoch_end end;
    tee_status status = check_epoch_end(ck, headers, qc_bytes, &end);
    if (status == TEE_OK) {
        step_into_next(ck, end.last.hash, end.last.height);
    }
    return status;
}

/* Takes one (config, headers, proof) of the chain. */
static tee_status walk_one(checker *ck, tc_span config, tc_span headers, tc_span proof) {
    uint64_t current = ck->walk.config.epoch;
    tee_status status = decode_config(config, &ck->next);
    if (status != TEE_OK) {
        return status;
    }
    bool genesis = ck->next.epoch == 1;
    bool cold = is_cold_start(proof);
    if (genesis != (proof.len == 0) || (!cold && genesis != (headers.len == 0))) {
        return TEE_E_PARAM;
    }
    if (!same_hash(ck->next.chain_id, ck->chain_id)) {
        return TEE_E_CONFLICT;
    }
    if (ck->next.epoch <= current) {
        return TEE_E_ROLLBACK;
    }
    if (ck->next.epoch != current + 1) {
        return TEE_E_CONFLICT;
    }
    if (genesis) {
        memcpy(ck->walk.genesis, ck->next.hash, TEE_HASH_LEN);
        step_into_next(ck, ck->next.hash, 0);
        return TEE_OK;
    }
    return cold ? step_by_cold_start(ck, config, headers, proof)
                : step_by_certificate(ck, headers, proof);
}

static void settle_in_epoch(checker *ck) {
    ck->now = ck->walk;
    ck->v = 0;
    ck->prop = 0;
    ck->pv = 0;
    ck->pheight = ck->now.anchor_height;
    memcpy(ck->ph, ck->now.anchor, TEE_HASH_LEN);
    ck->plast = false;
    ck->resumed_pv = 0;
    ck->certified = ck->now.anchor_height; /* what was above it is no part of the chain */
    if (ck->now.state == TEE_STATE_RETIRED) {
        destroy_key(ck);
    }
}

tee_status checker_enter(checker *ck, tc_span payload) {
    reader in = reader_of(payload.data, payload.len);
    uint16_t count = read_u16(&in);
    if (!in.ok || count < 1 || count > TEE_MAX_EPOCH_CHAIN) {
        return TEE_E_PARAM;
    }
    if (ck->now.state == TEE_STATE_RETIRED || ck->now.state == TEE_STATE_HALTED) {
        return TEE_E_STATE;
    }
    ck->walk = ck->now;
    for (uint16_t i = 0; i < count; i++) {
        tc_span config = read_var(&in, TEE_MAX_MESSAGE);
        tc_span headers = read_var(&in, TEE_MAX_EPOCH_END * TEE_HEADER_LEN);
        tc_span proof = read_var(&in, TEE_MAX_MESSAGE);
        if (!in.ok) {
            return TEE_E_PARAM;
        }
        tee_status status = walk_one(ck, config, headers, proof);
        if (status != TEE_OK) {
            return status;
        }
    }
    if (!read_done(&in)) {
        return TEE_E_PARAM;
    }
    if (ck->walk.config.suite != ck->suite) {
        return TEE_E_ALG_UNSUPPORTED; /* passed through perhaps, but never entered */
    }
    settle_in_epoch(ck);
    return TEE_OK;
}

/* ---- proposing ---------------------------------------------------------- */

/* The block a proposal must extend. */
typedef struct {
    uint8_t hash[TEE_HASH_LEN];
    uint64_t height;
    bool last;
} parent_block;

static tee_status require_active(const checker *ck) {
    if (ck->now.state == TEE_STATE_FOLLOWER) {
        return TEE_E_NOT_JOINED;
    }
    return ck->now.state == TEE_STATE_ACTIVE ? TEE_OK : TEE_E_STATE;
}

/* Whether the header is of this chain and epoch and by its view's leader. */
static bool header_belongs(const checker *ck, const block_header *header) {
    return same_hash(header->chain_id, ck->chain_id)
           && header->epoch == ck->now.config.epoch
           && header->proposer == config_leader(&ck->now.config, header->view);
}

static tee_status parent_from_qc(checker *ck, uint64_t view, parent_block *parent) {
    const quorum_cert *qc = &ck->just.qc;
    if (qc->epoch != ck->now.config.epoch || qc->view != view - 1) {
        return TEE_E_CONFLICT;
    }
    tee_status status = checker_certify(ck, qc);
    if (status != TEE_OK) {
        return status;
    }
    memcpy(parent->hash, qc->block_hash, TEE_HASH_LEN);
    parent->height = qc->height;
    parent->last = qc->last;
    return TEE_OK;
}

static tee_status check_report(const checker *ck, uint64_t view, const new_view *report) {
    uint8_t bytes[TEE_NEWV_SIGNED_LEN];
    if (report->member >= ck->now.config.n) {
        return TEE_E_QC;
    }
    if (report->new_view != view || report->pv >= view) {
        return TEE_E_CONFLICT;
    }
    newv_bytes(&ck->now.config, report, bytes);
    const tc_span claim = {bytes, sizeof bytes};
    const uint8_t *key = ck->now.config.members[report->member].voting_key;
    bool valid = tc_verify_message(ck->now.config.suite, key, &claim, 1, report->signature);
    return valid ? TEE_OK : TEE_E_QC;
}

static bool same_tip(const new_view *a, const new_view *b) {
    return same_hash(a->ph, b->ph) && a->pheight == b->pheight && a->plast == b->plast;
}

/*
 * The highest voted block among a quorum of reports. Two genuine enclaves never
 * report different blocks of one view: if two do, some enclave is broken, and
 * this one stops for good. The host holds the proof, the two reports it sent.
 */
static tee_status parent_from_new_views(checker *ck, uint64_t view, parent_block *parent) {
    const justification *just = &ck->just;
    if (just->count < config_quorum(&ck->now.config)) {
        return TEE_E_QC;
    }
    const new_view *best = &just->reports[0];
    for (uint16_t i = 0; i < just->count; i++) {
        tee_status status = check_report(ck, view, &just->reports[i]);
        if (status != TEE_OK) {
            return status;
        }
        if (just->reports[i].pv > best->pv) {
            best = &just->reports[i];
        }
    }
    for (uint16_t i = 0; i < just->count; i++) {
        if (just->reports[i].pv == best->pv && !same_tip(&just->reports[i], best)) {
            checker_halt(ck);
            return TEE_E_CONFLICT;
        }
    }
    memcpy(parent->hash, best->ph, TEE_HASH_LEN);
    parent->height = best->pheight;
    parent->last = best->plast;
    return TEE_OK;
}

static tee_status find_parent(checker *ck, uint64_t view, parent_block *parent) {
    switch (ck->just.kind) {
    case JUST_ANCHOR:
        if (view != 1) {
            return TEE_E_CONFLICT;
        }
        memcpy(parent->hash, ck->now.anchor, TEE_HASH_LEN);
        parent->height = ck->now.anchor_height;
        parent->last = false;
        return TEE_OK;
    case JUST_QC:
        return parent_from_qc(ck, view, parent);
    case JUST_NEW_VIEWS:
        return parent_from_new_views(ck, view, parent);
    }
    return TEE_E_INTERNAL;
}

tee_status checker_propose(checker *ck, tc_span header_bytes, tc_span just,
                           uint8_t sig[TEE_SIG_LEN]) {
    block_header header;
    parent_block parent;
    uint8_t bytes[TEE_PROP_SIGNED_LEN];
    tee_status status = decode_header(header_bytes, &header);
    if (status == TEE_OK) {
        status = decode_justification(just, &ck->just);
    }
    if (status == TEE_OK) {
        status = require_active(ck);
    }
    if (status != TEE_OK) {
        return status;
    }
    if (!header_belongs(ck, &header) || header.proposer != ck->now.me) {
        return TEE_E_CONFLICT;
    }
    if (header.view < ck->v || header.view <= ck->prop) {
        return TEE_E_STALE_VIEW;
    }
    status = find_parent(ck, header.view, &parent);
    if (status != TEE_OK) {
        return status;
    }
    if (!same_hash(header.parent_hash, parent.hash) || header.height != parent.height + 1
        || header_is_suffix(&header) != parent.last) {
        return TEE_E_CONFLICT; /* in particular nothing but its suffix extends an epoch's end */
    }
    prop_bytes(&ck->now.config, &header, bytes);
    const tc_span proposal = {bytes, sizeof bytes};
    if (tc_sign_message(ck->key, &proposal, 1, sig) != 0) {
        return TEE_E_INTERNAL;
    }
    ck->prop = header.view;
    return TEE_OK;
}

/* ---- voting and changing views ------------------------------------------ */

/* Whether the leader of the header's view signed it as its proposal. */
static bool prop_verifies(const epoch_config *config, const block_header *header,
                          const uint8_t prop[TEE_SIG_LEN]) {
    uint8_t bytes[TEE_PROP_SIGNED_LEN];
    prop_bytes(config, header, bytes);
    const tc_span proposal = {bytes, sizeof bytes};
    const uint8_t *leader_key = config->members[header->proposer].voting_key;
    return tc_verify_message(config->suite, leader_key, &proposal, 1, prop);
}

tee_status checker_proposed(const checker *ck, const block_header *header,
                            const uint8_t prop[TEE_SIG_LEN]) {
    if (!header_belongs(ck, header)) {
        return TEE_E_CONFLICT;
    }
    return prop_verifies(&ck->now.config, header, prop) ? TEE_OK : TEE_E_QC;
}

tee_status checker_vote(checker *ck, tc_span header_bytes, const uint8_t prop[TEE_SIG_LEN],
                        uint8_t sig[TEE_SIG_LEN]) {
    block_header header;
    uint8_t bytes[TEE_VOTE_SIGNED_LEN];
    tee_status status = decode_header(header_bytes, &header);
    if (status == TEE_OK) {
        status = require_active(ck);
    }
    if (status != TEE_OK) {
        return status;
    }
    if (!header_belongs(ck, &header)) {
        return TEE_E_CONFLICT;
    }
    if (header.view < ck->v || header.view <= ck->pv) {
        return TEE_E_STALE_VIEW;
    }
    if (!prop_verifies(&ck->now.config, &header, prop)) {
        return TEE_E_QC;
    }
    vote_bytes(&ck->now.config, 1, header.view, header.height, header.hash, header.last, bytes);
    const tc_span vote = {bytes, sizeof bytes};
    if (tc_sign_message(ck->key, &vote, 1, sig) != 0) {
        return TEE_E_INTERNAL;
    }
    ck->v = header.view;
    ck->pv = header.view;
    ck->pheight = header.height;
    memcpy(ck->ph, header.hash, TEE_HASH_LEN);
    ck->plast = header.last;
    return TEE_OK;
}

tee_status checker_new_view(checker *ck, uint64_t view, uint8_t out[TEE_NEW_VIEW_LEN]) {
    uint8_t bytes[TEE_NEWV_SIGNED_LEN];
    new_view report;
    if (view < 1 || view > TEE_MAX_NUMBER) {
        return TEE_E_PARAM;
    }
    tee_status status = require_active(ck);
    if (status != TEE_OK) {
        return status;
    }
    if (view <= ck->v) {
        return TEE_E_STALE_VIEW;
    }
    report.member = ck->now.me;
    report.new_view = view;
    report.pv = ck->pv;
    report.pheight = ck->pheight;
    memcpy(report.ph, ck->ph, TEE_HASH_LEN);
    report.plast = ck->plast;
    newv_bytes(&ck->now.config, &report, bytes);
    const tc_span claim = {bytes, sizeof bytes};
    if (tc_sign_message(ck->key, &claim, 1, report.signature) != 0) {
        return TEE_E_INTERNAL;
    }
    ck->v = view;
    encode_new_view(&report, out);
    return TEE_OK;
}

/* ---- the end ------------------------------------------------------------ */

tee_status checker_retire(checker *ck) {
    if (ck->now.state == TEE_STATE_HALTED) {
        return TEE_E_STATE;
    }
    destroy_key(ck);
    ck->now.state = TEE_STATE_RETIRED;
    return TEE_OK;
}

void checker_replace_key(checker *ck, tc_key *fresh) {
    destroy_key(ck);
    ck->key = fresh;
    memcpy(ck->public_key, tc_key_public(fresh), TEE_KEY_LEN);
    ck->now.state = TEE_STATE_FOLLOWER;
    ck->now.me = CHECKER_NO_SEAT;
}

void checker_wipe(checker *ck) {
    destroy_key(ck);
    tp_zero(ck, sizeof *ck);
}
