#include "resume.h"

#include <string.h>

#include "tp_platform.h"

#define HEAD_LEN (TEE_TAG_LEN + 2u)
#define BODY_LEN (TEE_HASH_LEN + 8u + 2u + TEE_KEY_LEN + 3u * 8u + TEE_HASH_LEN + 1u)
#define TAG_AT (HEAD_LEN + WIDE_NONCE_LEN + BODY_LEN)

_Static_assert(TAG_AT + TC_GCM_TAG_LEN == TEE_RESUME_RECORD_LEN, "a resume record");
_Static_assert(TEE_TAG_LEN + BODY_LEN + TEE_KEY_LEN + TEE_SIG_LEN == TEE_RESUME_SIGNED_LEN,
               "a resume statement");

static const char record_tag[] = "CDC1RESU";

/* Where an instance stood. */
typedef struct {
    uint8_t config_hash[TEE_HASH_LEN];
    uint64_t epoch;
    uint16_t member;
    uint8_t voting_key[TEE_KEY_LEN];
    uint64_t v;
    uint64_t pv;
    uint64_t pheight;
    uint8_t ph[TEE_HASH_LEN];
    bool plast;
} last_standing;

static tee_status standing_of(const checker *ck, last_standing *out) {
    if (ck->now.state == TEE_STATE_FOLLOWER) {
        return TEE_E_NOT_JOINED;
    }
    if (ck->now.state != TEE_STATE_ACTIVE) {
        return TEE_E_STATE;
    }
    memcpy(out->config_hash, ck->now.config.hash, TEE_HASH_LEN);
    out->epoch = ck->now.config.epoch;
    out->member = ck->now.me;
    memcpy(out->voting_key, ck->public_key, TEE_KEY_LEN);
    out->v = ck->v;
    out->pv = ck->pv;
    out->pheight = ck->pheight;
    memcpy(out->ph, ck->ph, TEE_HASH_LEN);
    out->plast = ck->plast;
    return TEE_OK;
}

static void write_standing(writer *w, const last_standing *it) {
    write_bytes(w, it->config_hash, TEE_HASH_LEN);
    write_u64(w, it->epoch);
    write_u16(w, it->member);
    write_bytes(w, it->voting_key, TEE_KEY_LEN);
    write_u64(w, it->v);
    write_u64(w, it->pv);
    write_u64(w, it->pheight);
    write_bytes(w, it->ph, TEE_HASH_LEN);
    write_u8(w, it->plast ? 1 : 0);
}

static bool read_standing(const uint8_t body[BODY_LEN], last_standing *out) {
    reader in = reader_of(body, BODY_LEN);
    read_bytes(&in, out->config_hash, TEE_HASH_LEN);
    out->epoch = read_number(&in);
    out->member = read_u16(&in);
    read_bytes(&in, out->voting_key, TEE_KEY_LEN);
    out->v = read_number(&in);
    out->pv = read_number(&in);
    out->pheight = read_number(&in);
    read_bytes(&in, out->ph, TEE_HASH_LEN);
    out->plast = read_flag(&in);
    return read_done(&in);
}

static void write_head(uint8_t head[HEAD_LEN]) {
    writer w = writer_of(head, HEAD_LEN);
    write_tag(&w, record_tag);
    write_u8(&w, TP_PORT);
    write_u8(&w, TP_TIER);
}

tee_status resume_record(const checker *ck, const keystore *keys, const identity *who,
                         uint8_t out[TEE_RESUME_RECORD_LEN]) {
    last_standing now;
    uint8_t body[BODY_LEN];
    uint8_t name[IDENTITY_MAX_LEN];
    tee_status status = standing_of(ck, &now);
    if (status != TEE_OK) {
        return status;
    }
    writer w = writer_of(body, sizeof body);
    write_standing(&w, &now);
    write_head(out);
    uint8_t *nonce = out + HEAD_LEN;
    const tc_span aad[] = {{out, HEAD_LEN}, {name, identity_encode(who, name)}};
    const tc_span in = {body, BODY_LEN};
    bool ok = w.ok && tp_random(nonce, WIDE_NONCE_LEN) == 0
              && wide_seal(keys->suite, keys->record_kek, record_tag, nonce, aad, 2, in, nonce + WIDE_NONCE_LEN,
                           out + TAG_AT)
                     == 0;
    return ok ? TEE_OK : TEE_E_INTERNAL;
}

static tee_status open_record(const keystore *keys, const identity *who, tc_span record,
                              last_standing *out) {
    uint8_t head[HEAD_LEN];
    uint8_t body[BODY_LEN];
    uint8_t name[IDENTITY_MAX_LEN];
    write_head(head);
    if (record.len != TEE_RESUME_RECORD_LEN || memcmp(record.data, head, HEAD_LEN) != 0) {
        return TEE_E_AUTH;
    }
    const uint8_t *nonce = record.data + HEAD_LEN;
    const tc_span aad[] = {{head, HEAD_LEN}, {name, identity_encode(who, name)}};
    const tc_span in = {nonce + WIDE_NONCE_LEN, BODY_LEN};
    bool ok = wide_open(keys->suite, keys->record_kek, record_tag, nonce, aad, 2, in, body, record.data + TAG_AT)
                  == 0
              && read_standing(body, out);
    return ok ? TEE_OK : TEE_E_AUTH;
}

/* Whether a record's key had this member's seat in the entered epoch. */
static bool had_the_seat(const checker *ck, const identity *who, const last_standing *it) {
    const epoch_config *config = &ck->now.config;
    if (it->epoch != config->epoch || it->member >= config->n
        || memcmp(it->config_hash, config->hash, TEE_HASH_LEN) != 0) {
        return false;
    }
    const member *seat = &config->members[it->member];
    return seat->id_len == who->member_len && memcmp(seat->id, who->member, seat->id_len) == 0
           && memcmp(seat->voting_key, it->voting_key, TEE_KEY_LEN) == 0;
}

static tee_status standing_of_record(const checker *ck, const keystore *keys, const identity *who,
                                     tc_span record, last_standing *out) {
    if (ck->now.state != TEE_STATE_FOLLOWER) {
        return TEE_E_STATE;
    }
    tee_status status = open_record(keys, who, record, out);
    if (status != TEE_OK) {
        return status;
    }
    if (!had_the_seat(ck, who, out)) {
        return TEE_E_CONFLICT;
    }
    return out->v < ck->resumed_v || out->pv < ck->resumed_pv ? TEE_E_ROLLBACK : TEE_OK;
}

static tee_status sign_standing(tc_key *key, const last_standing *it,
                                uint8_t out[TEE_RESUME_SIGNED_LEN]) {
    uint8_t sig[TEE_SIG_LEN];
    writer w = writer_of(out, TEE_RESUME_SIGNED_LEN);
    write_tag(&w, "CDC1RESM");
    write_standing(&w, it);
    write_bytes(&w, tc_key_public(key), TEE_KEY_LEN);
    const tc_span signed_bytes = {w.start, w.len};
    if (tc_sign_message(key, &signed_bytes, 1, sig) != 0) {
        return TEE_E_INTERNAL;
    }
    write_bytes(&w, sig, TEE_SIG_LEN);
    return w.ok && w.len == TEE_RESUME_SIGNED_LEN ? TEE_OK : TEE_E_INTERNAL;
}

static tee_status sign_and_give_up(checker *ck, uint8_t suite, uint8_t out[TEE_RESUME_SIGNED_LEN]) {
    last_standing now;
    tee_status status = standing_of(ck, &now);
    if (status != TEE_OK) {
        return status;
    }
    tc_key *fresh = tc_key_generate(suite);
    if (fresh == NULL) {
        return TEE_E_INTERNAL;
    }
    status = sign_standing(fresh, &now, out);
    if (status != TEE_OK) {
        tc_key_free(fresh);
        return status;
    }
    checker_replace_key(ck, fresh);
    return TEE_OK;
}

tee_status resume_sign(checker *ck, const keystore *keys, const identity *who, tc_span record,
                       uint8_t out[TEE_RESUME_SIGNED_LEN]) {
    last_standing it;
    if (record.len == 0) {
        return sign_and_give_up(ck, keys->suite, out);
    }
    tee_status status = standing_of_record(ck, keys, who, record, &it);
    if (status == TEE_OK) {
        status = sign_standing(ck->key, &it, out);
    }
    if (status == TEE_OK) {
        ck->resumed_v = it.v;
        ck->resumed_pv = it.pv;
    }
    return status;
}
