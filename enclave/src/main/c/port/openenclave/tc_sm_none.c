/* The enclave's OpenSSL has no SM2, SM3 and SM4: this port has TEE_SUITE_ES256 only. */
#include "tc_sm.h"

bool tc_sm_supported(void) {
    return false;
}

int tc_sm_init(void) {
    return 0;
}

void tc_sm_shutdown(void) {
}

int tc_sm3(const tc_span *parts, size_t count, uint8_t out[TEE_HASH_LEN]) {
    (void)parts;
    (void)count;
    (void)out;
    return -1;
}

int tc_sm3_hmac(const uint8_t key[TC_SYM_KEY_LEN], const tc_span *parts, size_t count,
                uint8_t out[TEE_HASH_LEN]) {
    (void)key;
    (void)parts;
    (void)count;
    (void)out;
    return -1;
}

int tc_sm2_digest(const uint8_t point[TEE_KEY_LEN], const tc_span *parts, size_t count,
                  uint8_t out[TEE_HASH_LEN]) {
    (void)point;
    (void)parts;
    (void)count;
    (void)out;
    return -1;
}

int tc_sm4_seal(const uint8_t key[TC_SYM_KEY_LEN], const uint8_t iv[TC_AEAD_IV_LEN],
                const tc_span *aad, size_t aad_count, tc_span in, uint8_t *out,
                uint8_t tag[TC_AEAD_TAG_LEN]) {
    (void)key;
    (void)iv;
    (void)aad;
    (void)aad_count;
    (void)in;
    (void)out;
    (void)tag;
    return -1;
}

int tc_sm4_open(const uint8_t key[TC_SYM_KEY_LEN], const uint8_t iv[TC_AEAD_IV_LEN],
                const tc_span *aad, size_t aad_count, tc_span in, uint8_t *out,
                const uint8_t tag[TC_AEAD_TAG_LEN]) {
    (void)key;
    (void)iv;
    (void)aad;
    (void)aad_count;
    (void)in;
    (void)out;
    (void)tag;
    return -1;
}
