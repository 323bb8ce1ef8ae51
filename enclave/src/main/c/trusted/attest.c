#include "attest.h"

#include <string.h>

#include "tp_platform.h"

/* ---- own evidence ------------------------------------------------------- */

static void write_claims(writer *w, const checker *ck, const keystore *keys, const identity *who,
                         const uint8_t nonce[TEE_NONCE_LEN]) {
    uint8_t measurement[TEE_MEASUREMENT_LEN];
    uint8_t name[IDENTITY_MAX_LEN];
    size_t name_len = identity_encode(who, name);
    tp_measurement(measurement);
    write_tag(w, "CDC1EVID");
    write_u8(w, ATTEST_VERSION);
    write_u8(w, TP_TIER);
    write_u8(w, TP_PORT);
    write_u8(w, TP_DEBUG);
    write_bytes(w, measurement, sizeof measurement);
    write_bytes(w, name, name_len);
    /* The three of the epoch are zeros before one is entered. */
    write_bytes(w, ck->now.genesis, TEE_HASH_LEN);
    write_u64(w, ck->now.config.epoch);
    write_bytes(w, ck->now.config.hash, TEE_HASH_LEN);
    write_u8(w, ck->suite);
    write_bytes(w, ck->public_key, TEE_KEY_LEN);
    write_bytes(w, tc_key_public(keys->signing), TEE_KEY_LEN);
    write_bytes(w, tc_key_public(keys->exchange), TEE_KEY_LEN);
    write_bytes(w, nonce, TEE_NONCE_LEN);
}

/* A length of 4 bytes and the platform's attestation of the claims' hash. */
static bool write_platform_evidence(writer *w, const uint8_t claims_hash[TEE_HASH_LEN]) {
    size_t len = 0;
    if (!w->ok || w->cap - w->len < 4) {
        return false;
    }
    size_t room = w->cap - w->len - 4;
    if (tp_evidence(claims_hash, w->start + w->len + 4, room, &len) != 0 || len > room) {
        return false;
    }
    write_u32(w, (uint32_t)len);
    w->len += len;
    return true;
}

tee_status attest_evidence(const checker *ck, const keystore *keys, const identity *who,
                           const uint8_t nonce[TEE_NONCE_LEN], uint8_t *out, size_t cap,
                           size_t *len) {
    uint8_t digest[TEE_HASH_LEN];
    if (ck->key == NULL) {
        return TEE_E_STATE;
    }
    writer w = writer_of(out, cap);
    write_claims(&w, ck, keys, who, nonce);
    if (!w.ok) {
        return TEE_E_SHORT;
    }
    const tc_span claims = {w.start, w.len};
    if (w.cap - w.len < TEE_SIG_LEN) {
        return TEE_E_SHORT;
    }
    tc_key *key = ck->now.config.mode == TEE_MODE_BFT_2P ? keys->signing : ck->key;
    if (tc_sha256(&claims, 1, digest) != 0 || !write_signature(&w, key)
        || !write_platform_evidence(&w, digest)) {
        return TEE_E_INTERNAL;
    }
    *len = w.len;
    return TEE_OK;
}

/* ---- a peer's evidence -------------------------------------------------- */

/* idLength and id, after the chainId that is read already. */
static void read_member_name(reader *in, identity *out) {
    out->member_len = read_u8(in);
    if (out->member_len > TEE_MAX_ID_LEN) {
        in->ok = false;
        return;
    }
    read_bytes(in, out->member, out->member_len);
    if (!id_is_valid(out->member, out->member_len)) {
        in->ok = false;
    }
}

static void read_claims(reader *in, evidence *out) {
    read_tag(in, "CDC1EVID");
    if (read_u8(in) != ATTEST_VERSION) {
        in->ok = false;
    }
    out->tier = read_u8(in);
    out->port = read_u8(in);
    out->debug = read_flag(in);
    read_bytes(in, out->measurement, TEE_MEASUREMENT_LEN);
    read_bytes(in, out->who.chain_id, TEE_HASH_LEN);
    read_member_name(in, &out->who);
    read_bytes(in, out->genesis, TEE_HASH_LEN);
    out->epoch = read_number(in);
    read_bytes(in, out->config_hash, TEE_HASH_LEN);
    out->suite = read_u8(in);
    read_bytes(in, out->voting_key, TEE_KEY_LEN);
    read_bytes(in, out->signing_key, TEE_KEY_LEN);
    read_bytes(in, out->exchange_key, TEE_KEY_LEN);
    read_bytes(in, out->nonce, TEE_NONCE_LEN);
}

tee_status decode_evidence(tc_span bytes, evidence *out) {
    reader in = reader_of(bytes.data, bytes.len);
    memset(out, 0, sizeof *out);
    read_claims(&in, out);
    out->claims = (tc_span){bytes.data, bytes.len - in.left};
    read_bytes(&in, out->signature, TEE_SIG_LEN);
    out->platform = read_var(&in, TEE_MAX_EVIDENCE);
    if (!read_done(&in) || bytes.len > TEE_MAX_EVIDENCE || out->tier > TEE_TIER_ENCLAVE_SGX
        || (out->port != TEE_PORT_SOFTWARE && out->port != TEE_PORT_OPENENCLAVE)) {
        return TEE_E_PARAM;
    }
    if (!tc_suite_supported(out->suite)) {
        return TEE_E_ALG_UNSUPPORTED;
    }
    return tc_sha256(&out->claims, 1, out->claims_hash) == 0 ? TEE_OK : TEE_E_INTERNAL;
}

/* The seat whose id and keys the evidence names, or CHECKER_NO_SEAT. */
static uint16_t seat_of_evidence(const epoch_config *config, const evidence *e) {
    for (uint16_t i = 0; i < config->n; i++) {
        const member *m = &config->members[i];
        if (m->id_len == e->who.member_len && memcmp(m->id, e->who.member, m->id_len) == 0) {
            bool votes = config->mode == TEE_MODE_BFT_2P
                         || memcmp(m->voting_key, e->voting_key, TEE_KEY_LEN) == 0;
            bool keys = votes && memcmp(m->signing_key, e->signing_key, TEE_KEY_LEN) == 0;
            return keys ? i : CHECKER_NO_SEAT;
        }
    }
    return CHECKER_NO_SEAT;
}

/* What signed it: in BFT-2P the seat's voting key is a process's. Both are the seat's by now. */
static const uint8_t *key_of_evidence(const epoch_config *config, const evidence *e) {
    return config->mode == TEE_MODE_BFT_2P ? e->signing_key : e->voting_key;
}

static bool is_of_this_epoch(const checker *ck, const evidence *e) {
    return memcmp(e->who.chain_id, ck->chain_id, TEE_HASH_LEN) == 0
           && memcmp(e->genesis, ck->now.genesis, TEE_HASH_LEN) == 0
           && e->epoch == ck->now.config.epoch && e->suite == ck->now.config.suite
           && memcmp(e->config_hash, ck->now.config.hash, TEE_HASH_LEN) == 0;
}

/* SIMULATED claims nothing that a platform would have to show. */
static bool tier_is_vouched_for(const evidence *e) {
    return e->tier == TEE_TIER_SIMULATED
           || tp_verify_peer(e->platform.data, e->platform.len, e->claims_hash, e->measurement)
                  == (int)e->tier;
}

static bool measurement_is_allowed(const epoch_config *config, const evidence *e) {
    bool allowed = config->measurement_count == 0;
    for (uint16_t i = 0; i < config->measurement_count; i++) {
        allowed |= memcmp(config->measurements[i], e->measurement, TEE_MEASUREMENT_LEN) == 0;
    }
    return allowed;
}

tee_status attest_peer(const checker *ck, tc_span bytes, peer_identity *out) {
    evidence e;
    const epoch_config *config = &ck->now.config;
    memset(out, 0, sizeof *out);
    tee_status status = decode_evidence(bytes, &e);
    if (status != TEE_OK) {
        return status;
    }
    if (config->epoch == 0 || ck->now.state == TEE_STATE_HALTED) {
        return TEE_E_STATE;
    }
    uint16_t seat = seat_of_evidence(config, &e);
    if (!is_of_this_epoch(ck, &e) || seat == CHECKER_NO_SEAT
        || !tc_verify_message(e.suite, key_of_evidence(config, &e), &e.claims, 1, e.signature)
        || !tier_is_vouched_for(&e)) {
        return TEE_E_EVIDENCE;
    }
    if (e.debug || !measurement_is_allowed(config, &e) || e.tier < config->minimum_tier) {
        return TEE_E_POLICY;
    }
    out->seat = seat;
    memcpy(out->voting_key, e.voting_key, TEE_KEY_LEN);
    memcpy(out->exchange_key, e.exchange_key, TEE_KEY_LEN);
    return TEE_OK;
}
