#include "hpke.h"

#include <string.h>

#include "hkdf.h"
#include "tp_platform.h"

/* Section 4: the version label, then the suite of the function that asks. */
static const uint8_t version[7] = {'H', 'P', 'K', 'E', '-', 'v', '1'};
static const uint8_t kem_suite[] = {'K', 'E', 'M', 0x00, 0x10};
static const uint8_t hpke_suite[] = {'H', 'P', 'K', 'E', 0x00, 0x10, 0x00, 0x01, 0x00, 0x02};

#define SPAN(array) ((tc_span){(array), sizeof(array)})
#define KEM SPAN(kem_suite)
#define HPKE SPAN(hpke_suite)

typedef struct {
    uint8_t key[TC_SYM_KEY_LEN];
    uint8_t nonce[TC_GCM_IV_LEN];
} message_key;

static tc_span text(const char *label) {
    return (tc_span){(const uint8_t *)label, strlen(label)};
}

/* LabeledExtract of section 4; salt null is the empty one. */
static int extract(tc_span suite, const uint8_t *salt, const char *label, tc_span ikm,
                   uint8_t prk[TEE_HASH_LEN]) {
    const tc_span parts[] = {SPAN(version), suite, text(label), ikm};
    return hkdf_extract(salt, parts, 4, prk);
}

/* LabeledExpand of section 4. */
static int expand(tc_span suite, const uint8_t prk[TEE_HASH_LEN], const char *label,
                  const tc_span info[3], uint8_t *out, size_t len) {
    const uint8_t length[2] = {(uint8_t)(len >> 8), (uint8_t)len};
    const tc_span parts[] = {SPAN(length), SPAN(version), suite, text(label),
                             info[0],      info[1],       info[2]};
    return hkdf_expand(prk, parts, 7, out, len);
}

/* ExtractAndExpand of section 4.1 on the shared point of own and peer. */
static int shared_secret(const tc_key *own, const uint8_t peer[TEE_KEY_LEN],
                         const uint8_t enc[TEE_KEY_LEN], const uint8_t receiver[TEE_KEY_LEN],
                         uint8_t secret[TEE_HASH_LEN]) {
    uint8_t dh[TC_SCALAR_LEN];
    uint8_t prk[TEE_HASH_LEN];
    const tc_span context[3] = {{enc, TEE_KEY_LEN}, {receiver, TEE_KEY_LEN}, {NULL, 0}};
    bool ok = tc_ecdh(own, peer, dh) == 0 && extract(KEM, NULL, "eae_prk", SPAN(dh), prk) == 0
              && expand(KEM, prk, "shared_secret", context, secret, TEE_HASH_LEN) == 0;
    tp_zero(dh, sizeof dh);
    tp_zero(prk, sizeof prk);
    return ok ? 0 : -1;
}

/* KeySchedule of section 5.1 in mode_base, of which one message is sent. */
static int key_schedule(const uint8_t shared[TEE_HASH_LEN], tc_span info, message_key *out) {
    static const uint8_t mode_base = 0x00;
    uint8_t psk_id_hash[TEE_HASH_LEN];
    uint8_t info_hash[TEE_HASH_LEN];
    uint8_t secret[TEE_HASH_LEN];
    const tc_span nothing = {NULL, 0};
    const tc_span context[3] = {{&mode_base, 1}, SPAN(psk_id_hash), SPAN(info_hash)};
    bool ok = extract(HPKE, NULL, "psk_id_hash", nothing, psk_id_hash) == 0
              && extract(HPKE, NULL, "info_hash", info, info_hash) == 0
              && extract(HPKE, shared, "secret", nothing, secret) == 0
              && expand(HPKE, secret, "key", context, out->key, sizeof out->key) == 0
              && expand(HPKE, secret, "base_nonce", context, out->nonce, sizeof out->nonce) == 0;
    tp_zero(secret, sizeof secret);
    return ok ? 0 : -1;
}

int hpke_seal(const uint8_t peer[TEE_KEY_LEN], tc_span info, tc_span aad, tc_span in,
              uint8_t enc[TEE_KEY_LEN], uint8_t *out) {
    uint8_t shared[TEE_HASH_LEN];
    message_key key;
    tc_key *ephemeral = tc_key_generate(TEE_SUITE_ES256);
    bool ok = ephemeral != NULL;
    if (ok) {
        memcpy(enc, tc_key_public(ephemeral), TEE_KEY_LEN);
        ok = shared_secret(ephemeral, peer, enc, peer, shared) == 0
             && key_schedule(shared, info, &key) == 0
             && tc_gcm_seal(key.key, key.nonce, &aad, 1, in, out, out + in.len) == 0;
    }
    tc_key_free(ephemeral);
    tp_zero(shared, sizeof shared);
    tp_zero(&key, sizeof key);
    return ok ? 0 : -1;
}

int hpke_open(const tc_key *own, const uint8_t enc[TEE_KEY_LEN], tc_span info, tc_span aad,
              tc_span in, uint8_t *out) {
    uint8_t shared[TEE_HASH_LEN];
    message_key key;
    if (in.len < HPKE_OVERHEAD) {
        return -1;
    }
    const tc_span cipher = {in.data, in.len - HPKE_OVERHEAD};
    bool ok = shared_secret(own, enc, enc, tc_key_public(own), shared) == 0
              && key_schedule(shared, info, &key) == 0
              && tc_gcm_open(key.key, key.nonce, &aad, 1, cipher, out, in.data + cipher.len) == 0;
    tp_zero(shared, sizeof shared);
    tp_zero(&key, sizeof key);
    if (!ok) {
        tp_zero(out, cipher.len);
    }
    return ok ? 0 : -1;
}
