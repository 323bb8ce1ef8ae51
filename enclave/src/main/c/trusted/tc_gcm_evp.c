/* AES-256-GCM by OpenSSL, which uses the processor's AES in the software port. */
#include "tc_gcm.h"

#include <string.h>

#include <openssl/evp.h>

#include "tp_platform.h"

static EVP_CIPHER *cipher_gcm;
static EVP_CIPHER_CTX *ctx_gcm;

int tc_gcm_init(void) {
    cipher_gcm = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
    ctx_gcm = EVP_CIPHER_CTX_new();
    return cipher_gcm != NULL && ctx_gcm != NULL ? 0 : -1;
}

void tc_gcm_shutdown(void) {
    EVP_CIPHER_CTX_free(ctx_gcm);
    EVP_CIPHER_free(cipher_gcm);
    ctx_gcm = NULL;
    cipher_gcm = NULL;
}

static bool gcm_start(bool encrypt, const uint8_t *key, const uint8_t *iv, const tc_span *aad,
                      size_t aad_count) {
    int len = 0;
    if (EVP_CipherInit_ex2(ctx_gcm, cipher_gcm, key, iv, encrypt ? 1 : 0, NULL) != 1) {
        return false;
    }
    for (size_t i = 0; i < aad_count; i++) {
        if (aad[i].len > 0
            && EVP_CipherUpdate(ctx_gcm, NULL, &len, aad[i].data, (int)aad[i].len) != 1) {
            return false;
        }
    }
    return true;
}

int tc_gcm_seal(const uint8_t key[TC_SYM_KEY_LEN], const uint8_t iv[TC_GCM_IV_LEN],
                const tc_span *aad, size_t aad_count, tc_span in, uint8_t *out,
                uint8_t tag[TC_GCM_TAG_LEN]) {
    int len = 0;
    uint8_t none[TC_GCM_TAG_LEN];
    bool ok = in.len <= TEE_MAX_MESSAGE && gcm_start(true, key, iv, aad, aad_count);
    if (ok && in.len > 0) {
        ok = EVP_CipherUpdate(ctx_gcm, out, &len, in.data, (int)in.len) == 1
             && (size_t)len == in.len;
    }
    ok = ok && EVP_CipherFinal_ex(ctx_gcm, none, &len) == 1;
    ok = ok && EVP_CIPHER_CTX_ctrl(ctx_gcm, EVP_CTRL_AEAD_GET_TAG, TC_GCM_TAG_LEN, tag) == 1;
    EVP_CIPHER_CTX_reset(ctx_gcm); /* no key schedule stays behind */
    return ok ? 0 : -1;
}

int tc_gcm_open(const uint8_t key[TC_SYM_KEY_LEN], const uint8_t iv[TC_GCM_IV_LEN],
                const tc_span *aad, size_t aad_count, tc_span in, uint8_t *out,
                const uint8_t tag[TC_GCM_TAG_LEN]) {
    int len = 0;
    uint8_t none[TC_GCM_TAG_LEN];
    uint8_t expected[TC_GCM_TAG_LEN];
    memcpy(expected, tag, sizeof expected);
    bool ok = in.len <= TEE_MAX_MESSAGE && gcm_start(false, key, iv, aad, aad_count);
    if (ok && in.len > 0) {
        ok = EVP_CipherUpdate(ctx_gcm, out, &len, in.data, (int)in.len) == 1
             && (size_t)len == in.len;
    }
    ok = ok
         && EVP_CIPHER_CTX_ctrl(ctx_gcm, EVP_CTRL_AEAD_SET_TAG, TC_GCM_TAG_LEN, expected) == 1;
    ok = ok && EVP_CipherFinal_ex(ctx_gcm, none, &len) == 1;
    EVP_CIPHER_CTX_reset(ctx_gcm);
    if (!ok && in.len > 0) {
        tp_zero(out, in.len); /* unauthenticated plaintext goes nowhere */
    }
    return ok ? 0 : -1;
}
