#include "keystore.h"

#include <string.h>

#include "tp_platform.h"

/* Key agreement is over P-256 (RFC 9180), whatever signs. */
#define EXCHANGE_SUITE TEE_SUITE_ES256
#define PAIR_LEN (TC_SCALAR_LEN + TEE_KEY_LEN)
#define SECRETS_LEN (2u * PAIR_LEN + TC_SYM_KEY_LEN)

static const char blob_tag[] = "CDC1STAT";

size_t identity_encode(const identity *who, uint8_t out[IDENTITY_MAX_LEN]) {
    writer w = writer_of(out, IDENTITY_MAX_LEN);
    write_bytes(&w, who->chain_id, TEE_HASH_LEN);
    write_u8(&w, who->member_len);
    write_bytes(&w, who->member, who->member_len);
    return w.len;
}

tee_status identity_decode(tc_span bytes, identity *out) {
    reader in = reader_of(bytes.data, bytes.len);
    memset(out, 0, sizeof *out);
    read_bytes(&in, out->chain_id, TEE_HASH_LEN);
    out->member_len = read_u8(&in);
    if (!in.ok || !id_is_valid(in.at, in.left) || in.left != out->member_len) {
        return TEE_E_PARAM;
    }
    read_bytes(&in, out->member, out->member_len);
    return read_done(&in) ? TEE_OK : TEE_E_PARAM;
}

static int wide_subkey(uint8_t suite, const uint8_t key[TC_SYM_KEY_LEN],
                       const char tag[TEE_TAG_LEN], const uint8_t nonce[WIDE_NONCE_LEN],
                       uint8_t subkey[TC_SYM_KEY_LEN]) {
    const tc_span parts[] = {{(const uint8_t *)tag, TEE_TAG_LEN},
                             {nonce, WIDE_NONCE_LEN - TC_GCM_IV_LEN}};
    return tc_suite_hmac(suite, key, parts, 2, subkey);
}

int wide_seal(uint8_t suite, const uint8_t key[TC_SYM_KEY_LEN], const char tag[TEE_TAG_LEN],
              const uint8_t nonce[WIDE_NONCE_LEN], const tc_span *aad, size_t aad_count, tc_span in,
              uint8_t *out, uint8_t aead_tag[TC_AEAD_TAG_LEN]) {
    uint8_t subkey[TC_SYM_KEY_LEN];
    int result = -1;
    if (wide_subkey(suite, key, tag, nonce, subkey) == 0) {
        const uint8_t *iv = nonce + WIDE_NONCE_LEN - TC_GCM_IV_LEN;
        result = tc_aead_seal(suite, subkey, iv, aad, aad_count, in, out, aead_tag);
    }
    tp_zero(subkey, sizeof subkey);
    return result;
}

int wide_open(uint8_t suite, const uint8_t key[TC_SYM_KEY_LEN], const char tag[TEE_TAG_LEN],
              const uint8_t nonce[WIDE_NONCE_LEN], const tc_span *aad, size_t aad_count, tc_span in,
              uint8_t *out, const uint8_t aead_tag[TC_AEAD_TAG_LEN]) {
    uint8_t subkey[TC_SYM_KEY_LEN];
    int result = -1;
    if (wide_subkey(suite, key, tag, nonce, subkey) == 0) {
        const uint8_t *iv = nonce + WIDE_NONCE_LEN - TC_GCM_IV_LEN;
        result = tc_aead_open(suite, subkey, iv, aad, aad_count, in, out, aead_tag);
    }
    tp_zero(subkey, sizeof subkey);
    return result;
}

void sealed_head(const char tag[TEE_TAG_LEN], uint8_t out[SEALED_HEAD_LEN]) {
    writer w = writer_of(out, SEALED_HEAD_LEN);
    write_tag(&w, tag);
    write_u8(&w, TP_PORT);
    write_u8(&w, TP_TIER);
}

static int seal_secrets(uint8_t suite, const identity *who, const uint8_t secrets[SECRETS_LEN],
                        uint8_t blob[KEYSTORE_BLOB_LEN]) {
    uint8_t seal_key[TC_SYM_KEY_LEN];
    uint8_t name[IDENTITY_MAX_LEN];
    uint8_t *nonce = blob + SEALED_HEAD_LEN;
    uint8_t *body = nonce + WIDE_NONCE_LEN;
    sealed_head(blob_tag, blob);
    const tc_span aad[] = {
        {blob, SEALED_HEAD_LEN}, {&suite, 1}, {name, identity_encode(who, name)}};
    const tc_span in = {secrets, SECRETS_LEN};
    int result = -1;
    if (tp_seal_key(seal_key) == 0 && tp_random(nonce, WIDE_NONCE_LEN) == 0) {
        result = wide_seal(suite, seal_key, blob_tag, nonce, aad, 3, in, body,
                           body + SECRETS_LEN);
    }
    tp_zero(seal_key, sizeof seal_key);
    return result;
}

static bool write_pair(const tc_key *key, uint8_t out[PAIR_LEN]) {
    if (key == NULL || tc_key_scalar(key, out) != 0) {
        return false;
    }
    memcpy(out + TC_SCALAR_LEN, tc_key_public(key), TEE_KEY_LEN);
    return true;
}

tee_status keystore_create(keystore *keys, uint8_t suite, const identity *who,
                            uint8_t blob[KEYSTORE_BLOB_LEN]) {
    uint8_t secrets[SECRETS_LEN];
    memset(keys, 0, sizeof *keys);
    keys->suite = suite;
    keys->signing = tc_key_generate(suite);
    keys->exchange = tc_key_generate(EXCHANGE_SUITE);
    bool ok = tp_random(keys->record_kek, TC_SYM_KEY_LEN) == 0
              && write_pair(keys->signing, secrets)
              && write_pair(keys->exchange, secrets + PAIR_LEN);
    if (ok) {
        memcpy(secrets + 2 * PAIR_LEN, keys->record_kek, TC_SYM_KEY_LEN);
        ok = seal_secrets(suite, who, secrets, blob) == 0;
    }
    tp_zero(secrets, sizeof secrets);
    if (!ok) {
        keystore_wipe(keys);
        return TEE_E_INTERNAL;
    }
    return TEE_OK;
}

tee_status keystore_open(keystore *keys, uint8_t suite, const identity *who, tc_span blob) {
    uint8_t head[SEALED_HEAD_LEN];
    uint8_t seal_key[TC_SYM_KEY_LEN];
    uint8_t secrets[SECRETS_LEN];
    uint8_t name[IDENTITY_MAX_LEN];
    memset(keys, 0, sizeof *keys);
    keys->suite = suite;
    sealed_head(blob_tag, head);
    if (blob.len != KEYSTORE_BLOB_LEN || memcmp(blob.data, head, SEALED_HEAD_LEN) != 0) {
        return TEE_E_AUTH;
    }
    if (tp_seal_key(seal_key) != 0) {
        return TEE_E_INTERNAL;
    }
    const tc_span aad[] = {
        {head, SEALED_HEAD_LEN}, {&suite, 1}, {name, identity_encode(who, name)}};
    const uint8_t *nonce = blob.data + SEALED_HEAD_LEN;
    const uint8_t *body = nonce + WIDE_NONCE_LEN;
    const tc_span in = {body, SECRETS_LEN};
    int opened = wide_open(suite, seal_key, blob_tag, nonce, aad, 3, in, secrets,
                           body + SECRETS_LEN);
    tp_zero(seal_key, sizeof seal_key);
    if (opened == 0) {
        keys->signing = tc_key_load(suite, secrets, secrets + TC_SCALAR_LEN);
        keys->exchange = tc_key_load(EXCHANGE_SUITE, secrets + PAIR_LEN,
                                     secrets + PAIR_LEN + TC_SCALAR_LEN);
        memcpy(keys->record_kek, secrets + 2 * PAIR_LEN, TC_SYM_KEY_LEN);
    }
    tp_zero(secrets, sizeof secrets);
    if (keys->signing == NULL || keys->exchange == NULL) {
        keystore_wipe(keys);
        return TEE_E_AUTH;
    }
    return TEE_OK;
}

void keystore_wipe(keystore *keys) {
    tc_key_free(keys->signing);
    tc_key_free(keys->exchange);
    tp_zero(keys, sizeof *keys);
}
