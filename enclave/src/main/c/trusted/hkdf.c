#include "hkdf.h"

#include <string.h>

#include "tp_platform.h"

#define MAX_SPANS 8u

int hkdf_extract(const uint8_t salt[TEE_HASH_LEN], const tc_span *parts, size_t count,
                 uint8_t prk[TEE_HASH_LEN]) {
    static const uint8_t zeros[TEE_HASH_LEN];
    return tc_hmac(salt == NULL ? zeros : salt, parts, count, prk);
}

int hkdf_expand(const uint8_t prk[TEE_HASH_LEN], const tc_span *info, size_t count, uint8_t *out,
                size_t len) {
    static const uint8_t first = 0x01;
    uint8_t block[TEE_HASH_LEN];
    tc_span parts[MAX_SPANS + 1];
    if (len > TEE_HASH_LEN || count > MAX_SPANS) {
        return -1;
    }
    memcpy(parts, info, count * sizeof *info);
    parts[count] = (tc_span){&first, 1};
    int result = tc_hmac(prk, parts, count + 1, block);
    if (result == 0) {
        memcpy(out, block, len);
    }
    tp_zero(block, sizeof block);
    return result;
}
