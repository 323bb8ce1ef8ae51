#include "resume.h"

#include <string.h>

/* What a request shows, of the kind that it is. */
typedef struct {
    tee_resume_kind kind;
    block_header header;
    const uint8_t *prop;
    quorum_cert qc;
} shown;

static tee_status read_shown(reader *in, shown *out) {
    tee_status status = TEE_OK;
    tc_span bytes;
    memset(out, 0, sizeof *out);
    uint8_t kind = read_u8(in);
    if (kind > TEE_RESUME_GIVE_UP) {
        return TEE_E_PARAM;
    }
    out->kind = (tee_resume_kind)kind;
    if (kind == TEE_RESUME_PROPOSAL) {
        bytes = (tc_span){read_view(in, TEE_HEADER_LEN), TEE_HEADER_LEN};
        out->prop = read_view(in, TEE_SIG_LEN);
        status = in->ok ? decode_header(bytes, &out->header) : TEE_E_PARAM;
    } else if (kind == TEE_RESUME_CERTIFICATE) {
        bytes = read_var(in, TEE_MAX_MESSAGE);
        status = in->ok ? decode_qc(bytes, &out->qc) : TEE_E_PARAM;
    }
    return read_done(in) ? status : TEE_E_PARAM;
}

/*
 * The seat of the member that this instance was started for, not of its key. In BFT-2P no enclave
 * has one: nothing is lost with it, and processes keep their keys.
 */
static uint16_t seat_of_identity(const epoch_config *config, const identity *who) {
    if (config->mode == TEE_MODE_BFT_2P) {
        return CHECKER_NO_SEAT;
    }
    for (uint16_t i = 0; i < config->n; i++) {
        const member *seat = &config->members[i];
        if (seat->id_len == who->member_len && memcmp(seat->id, who->member, seat->id_len) == 0) {
            return i;
        }
    }
    return CHECKER_NO_SEAT;
}

static void stand_at(resume_statement *it, uint64_t view, uint64_t height,
                     const uint8_t hash[TEE_HASH_LEN], bool last) {
    it->pv = view;
    it->pheight = height;
    memcpy(it->ph, hash, TEE_HASH_LEN);
    it->plast = last;
}

/* Where the member stood by what is shown, if that is true. */
static tee_status stand_by(checker *ck, const shown *from, resume_statement *it) {
    tee_status status = TEE_OK;
    if (from->kind == TEE_RESUME_PROPOSAL) {
        const block_header *header = &from->header;
        status = checker_proposed(ck, header, from->prop);
        stand_at(it, header->view, header->height, header->hash, header->last);
    } else if (from->kind == TEE_RESUME_CERTIFICATE) {
        const quorum_cert *qc = &from->qc;
        status = qc->epoch == ck->now.config.epoch ? checker_certify(ck, qc) : TEE_E_CONFLICT;
        stand_at(it, qc->view, qc->height, qc->block_hash, qc->last);
    } else {
        stand_at(it, 0, ck->now.anchor_height, ck->now.anchor, false);
    }
    return status;
}

static tee_status sign_with(tc_key *key, const epoch_config *config, uint16_t seat,
                            resume_statement *it, uint8_t out[TEE_RESUME_LEN]) {
    memcpy(it->config_hash, config->hash, TEE_HASH_LEN);
    it->epoch = config->epoch;
    it->member = seat;
    memcpy(it->former_key, config->members[seat].voting_key, TEE_KEY_LEN);
    memcpy(it->voting_key, tc_key_public(key), TEE_KEY_LEN);
    memset(it->signature, 0, TEE_SIG_LEN);
    encode_resume_statement(it, out);
    writer w = {out, TEE_RESUME_LEN, RESUME_SIGNED_LEN, true};
    return write_signature(&w, key) ? TEE_OK : TEE_E_INTERNAL;
}

static tee_status give_up(checker *ck, uint8_t out[TEE_RESUME_LEN]) {
    resume_statement now;
    if (ck->now.state == TEE_STATE_FOLLOWER) {
        return TEE_E_NOT_JOINED;
    }
    if (ck->now.state != TEE_STATE_ACTIVE) {
        return TEE_E_STATE;
    }
    tc_key *fresh = tc_key_generate(ck->suite);
    if (fresh == NULL) {
        return TEE_E_INTERNAL;
    }
    stand_at(&now, ck->pv, ck->pheight, ck->ph, ck->plast);
    tee_status status = sign_with(fresh, &ck->now.config, ck->now.me, &now, out);
    if (status != TEE_OK) {
        tc_key_free(fresh);
        return status;
    }
    ck->resumed_pv = now.pv;
    checker_replace_key(ck, fresh);
    return TEE_OK;
}

static tee_status state_for_the_lost(checker *ck, const identity *who, const shown *from,
                                     uint8_t out[TEE_RESUME_LEN]) {
    resume_statement it;
    if (ck->now.state != TEE_STATE_FOLLOWER) {
        return TEE_E_STATE;
    }
    uint16_t seat = seat_of_identity(&ck->now.config, who);
    if (seat == CHECKER_NO_SEAT) {
        return TEE_E_NOT_JOINED;
    }
    tee_status status = stand_by(ck, from, &it);
    if (status == TEE_OK && it.pv < ck->resumed_pv) {
        status = TEE_E_ROLLBACK;
    }
    if (status == TEE_OK) {
        status = sign_with(ck->key, &ck->now.config, seat, &it, out);
    }
    if (status == TEE_OK) {
        ck->resumed_pv = it.pv;
    }
    return status;
}

tee_status resume_sign(checker *ck, const identity *who, reader *in,
                       uint8_t out[TEE_RESUME_LEN]) {
    shown from;
    tee_status status = read_shown(in, &from);
    if (status != TEE_OK) {
        return status;
    }
    return from.kind == TEE_RESUME_GIVE_UP ? give_up(ck, out)
                                           : state_for_the_lost(ck, who, &from, out);
}
