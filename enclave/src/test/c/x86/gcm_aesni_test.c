/*
 * The enclave's own AES-256-GCM against OpenSSL's: same bytes for every length,
 * and the same refusals. The one under test is compiled under other names.
 */
#include "check.h"
#include "tc_crypto.h"

#include <string.h>

int aesni_gcm_seal(const uint8_t key[TC_SYM_KEY_LEN], const uint8_t iv[TC_GCM_IV_LEN],
                   const tc_span *aad, size_t aad_count, tc_span in, uint8_t *out,
                   uint8_t tag[TC_GCM_TAG_LEN]);
int aesni_gcm_open(const uint8_t key[TC_SYM_KEY_LEN], const uint8_t iv[TC_GCM_IV_LEN],
                   const tc_span *aad, size_t aad_count, tc_span in, uint8_t *out,
                   const uint8_t tag[TC_GCM_TAG_LEN]);

#define MOST 700u

static uint64_t state = 1;

static void chance(uint8_t *out, size_t len) {
    for (size_t i = 0; i < len; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        out[i] = (uint8_t)(state >> 56);
    }
}

static void same_for(size_t len, size_t aad_len, size_t split) {
    uint8_t key[TC_SYM_KEY_LEN];
    uint8_t iv[TC_GCM_IV_LEN];
    static uint8_t text[MOST];
    static uint8_t aad[MOST];
    static uint8_t want[MOST];
    static uint8_t got[MOST];
    uint8_t want_tag[TC_GCM_TAG_LEN];
    uint8_t got_tag[TC_GCM_TAG_LEN];
    chance(key, sizeof key);
    chance(iv, sizeof iv);
    chance(text, len);
    chance(aad, aad_len);
    const tc_span in = {text, len};
    const tc_span whole = {aad, aad_len};
    const tc_span parts[2] = {{aad, split}, {aad + split, aad_len - split}};
    NEED(tc_gcm_seal(key, iv, &whole, 1, in, want, want_tag) == 0);
    NEED(aesni_gcm_seal(key, iv, parts, 2, in, got, got_tag) == 0);
    CHECK(memcmp(want, got, len) == 0);
    CHECK(memcmp(want_tag, got_tag, sizeof want_tag) == 0);
    const tc_span sealed = {want, len};
    CHECK(aesni_gcm_open(key, iv, &whole, 1, sealed, got, want_tag) == 0);
    CHECK(memcmp(text, got, len) == 0);
    want_tag[len % TC_GCM_TAG_LEN] ^= 0x10;
    CHECK(aesni_gcm_open(key, iv, &whole, 1, sealed, got, want_tag) != 0);
    want_tag[len % TC_GCM_TAG_LEN] ^= 0x10;
    if (len > 0) {
        want[len / 2] ^= 1;
        memset(got, 0x77, len);
        CHECK(aesni_gcm_open(key, iv, &whole, 1, sealed, got, want_tag) != 0);
        CHECK(got[len / 2] == 0 && got[0] == 0);
    }
    if (aad_len > 0) {
        aad[aad_len - 1] ^= 1;
        want[len / 2] ^= len > 0 ? 1 : 0;
        CHECK(aesni_gcm_open(key, iv, &whole, 1, sealed, got, want_tag) != 0);
    }
}

static void every_length_agrees_with_openssl(void) {
    for (size_t len = 0; len < 300; len++) {
        same_for(len, len % 50, len % 50 / 3);
    }
    for (size_t aad_len = 0; aad_len < 100; aad_len++) {
        same_for(16, aad_len, aad_len / 2);
        same_for(MOST - aad_len, aad_len, aad_len);
    }
}

/* Enough blocks for the counter's low byte, and the next, to carry. */
static void long_records_agree(void) {
    enum { LEN = 16 * 70000 + 5 };
    uint8_t key[TC_SYM_KEY_LEN];
    uint8_t iv[TC_GCM_IV_LEN];
    uint8_t tags[2][TC_GCM_TAG_LEN];
    uint8_t *text = calloc(1, LEN);
    uint8_t *want = malloc(LEN);
    uint8_t *got = malloc(LEN);
    NEED(text != NULL && want != NULL && got != NULL);
    chance(key, sizeof key);
    chance(iv, sizeof iv);
    NEED(tc_gcm_seal(key, iv, NULL, 0, (tc_span){text, LEN}, want, tags[0]) == 0);
    NEED(aesni_gcm_seal(key, iv, NULL, 0, (tc_span){text, LEN}, got, tags[1]) == 0);
    CHECK(memcmp(want, got, LEN) == 0);
    CHECK(memcmp(tags[0], tags[1], TC_GCM_TAG_LEN) == 0);
    free(text);
    free(want);
    free(got);
}

int main(void) {
    NEED(tc_init() == 0);
    if (!__builtin_cpu_supports("aes") || !__builtin_cpu_supports("pclmul")) {
        puts("skipped: this processor has no AES instructions");
        return 77;
    }
    RUN(every_length_agrees_with_openssl);
    RUN(long_records_agree);
    tc_shutdown();
    return check_report();
}
