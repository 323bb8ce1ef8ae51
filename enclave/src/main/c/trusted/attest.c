#include "attest.h"

#include "tp_platform.h"

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
    write_bytes(w, ck->now.config.hash, TEE_HASH_LEN); /* zeros before an epoch is entered */
    write_bytes(w, ck->public_key, TEE_KEY_LEN);
    write_bytes(w, tc_key_public(keys->signing), TEE_KEY_LEN);
    write_bytes(w, nonce, TEE_NONCE_LEN);
}

/* A length of 4 bytes and the platform's attestation of what was written so far. */
static bool write_platform_evidence(writer *w) {
    uint8_t report_data[TEE_HASH_LEN];
    size_t len = 0;
    const tc_span claims = {w->start, w->len};
    if (!w->ok || w->cap - w->len < 4 || tc_sha256(&claims, 1, report_data) != 0) {
        return false;
    }
    size_t room = w->cap - w->len - 4;
    if (tp_evidence(report_data, w->start + w->len + 4, room, &len) != 0 || len > room) {
        return false;
    }
    write_u32(w, (uint32_t)len);
    w->len += len;
    return true;
}

tee_status attest_evidence(const checker *ck, const keystore *keys, const identity *who,
                           const uint8_t nonce[TEE_NONCE_LEN], uint8_t *out, size_t cap,
                           size_t *len) {
    uint8_t sig[TEE_SIG_LEN];
    if (ck->key == NULL) {
        return TEE_E_STATE;
    }
    writer w = writer_of(out, cap);
    write_claims(&w, ck, keys, who, nonce);
    if (!w.ok) {
        return TEE_E_SHORT;
    }
    if (!write_platform_evidence(&w)) {
        return TEE_E_INTERNAL;
    }
    const tc_span signed_bytes = {w.start, w.len};
    if (tc_sign_message(ck->key, &signed_bytes, 1, sig) != 0) {
        return TEE_E_INTERNAL;
    }
    write_bytes(&w, sig, TEE_SIG_LEN);
    *len = w.len;
    return w.ok ? TEE_OK : TEE_E_SHORT;
}
