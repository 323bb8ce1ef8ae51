/*
 * AES-256-GCM (NIST SP 800-38D) with the processor's AES and carry-less multiply.
 *
 * The OpenSSL inside Open Enclave chooses its code by CPUID, which in an enclave is
 * the host's word: one that denies the carry-less multiply gets a GHASH that indexes
 * tables by its key, and a host that shares the cache can read keys from that. Here
 * is one way only, and nothing secret is an address or a condition. Compiled and
 * tested natively as well (gcm_aesni_test). Without the instructions the known-answer
 * test of tc_init does not pass, and nothing boots.
 */
#include "tc_gcm.h"

#include <string.h>
#include <wmmintrin.h>
#include <tmmintrin.h>

#include "tp_platform.h"

#define ROUNDS 14
#define BLOCK 16u
#define LANES 8u /* counter blocks in flight, as many as the AES unit takes */

typedef struct {
    __m128i keys[ROUNDS + 1];
    __m128i h; /* GHASH key, bytes reversed */
    __m128i first; /* J0: the counter block of the tag */
} gcm_key;

typedef struct {
    __m128i h;
    __m128i sum;
    uint8_t pending[BLOCK];
    size_t pending_len;
} ghash;

int tc_gcm_init(void) {
    return 0;
}

void tc_gcm_shutdown(void) {
}

/* ---- AES ---------------------------------------------------------------- */

/* XOR of a word with all words before it, in every word. */
static __m128i spread(__m128i key) {
    key = _mm_xor_si128(key, _mm_slli_si128(key, 4));
    return _mm_xor_si128(key, _mm_slli_si128(key, 8));
}

/* FIPS 197 section 5.2, eight words at a time; the round constant is immediate. */
#define EVEN_ROUND(i, constant) \
    keys[i] = _mm_xor_si128( \
        spread(keys[(i) - 2]), \
        _mm_shuffle_epi32(_mm_aeskeygenassist_si128(keys[(i) - 1], constant), 0xff))
#define ODD_ROUND(i) \
    keys[i] = _mm_xor_si128( \
        spread(keys[(i) - 2]), \
        _mm_shuffle_epi32(_mm_aeskeygenassist_si128(keys[(i) - 1], 0), 0xaa))

static void expand_key(const uint8_t key[TC_SYM_KEY_LEN], __m128i keys[ROUNDS + 1]) {
    keys[0] = _mm_loadu_si128((const __m128i *)key);
    keys[1] = _mm_loadu_si128((const __m128i *)(key + BLOCK));
    EVEN_ROUND(2, 0x01);
    ODD_ROUND(3);
    EVEN_ROUND(4, 0x02);
    ODD_ROUND(5);
    EVEN_ROUND(6, 0x04);
    ODD_ROUND(7);
    EVEN_ROUND(8, 0x08);
    ODD_ROUND(9);
    EVEN_ROUND(10, 0x10);
    ODD_ROUND(11);
    EVEN_ROUND(12, 0x20);
    ODD_ROUND(13);
    EVEN_ROUND(14, 0x40);
}

static __m128i encrypt_block(const __m128i keys[ROUNDS + 1], __m128i block) {
    block = _mm_xor_si128(block, keys[0]);
    for (int i = 1; i < ROUNDS; i++) {
        block = _mm_aesenc_si128(block, keys[i]);
    }
    return _mm_aesenclast_si128(block, keys[ROUNDS]);
}

static void encrypt_lanes(const __m128i keys[ROUNDS + 1], __m128i lanes[LANES]) {
    for (size_t lane = 0; lane < LANES; lane++) {
        lanes[lane] = _mm_xor_si128(lanes[lane], keys[0]);
    }
    for (int i = 1; i < ROUNDS; i++) {
        for (size_t lane = 0; lane < LANES; lane++) {
            lanes[lane] = _mm_aesenc_si128(lanes[lane], keys[i]);
        }
    }
    for (size_t lane = 0; lane < LANES; lane++) {
        lanes[lane] = _mm_aesenclast_si128(lanes[lane], keys[ROUNDS]);
    }
}

static __m128i reversed(__m128i block) {
    const __m128i order = _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    return _mm_shuffle_epi8(block, order);
}

static void key_start(gcm_key *gcm, const uint8_t key[TC_SYM_KEY_LEN],
                      const uint8_t iv[TC_GCM_IV_LEN]) {
    uint8_t first[BLOCK] = {0};
    expand_key(key, gcm->keys);
    gcm->h = reversed(encrypt_block(gcm->keys, _mm_setzero_si128()));
    memcpy(first, iv, TC_GCM_IV_LEN);
    first[BLOCK - 1] = 1;
    gcm->first = _mm_loadu_si128((const __m128i *)first);
}

/* Encrypts or decrypts with the counter blocks after J0. */
static void counter_mode(const gcm_key *gcm, tc_span in, uint8_t *out) {
    const __m128i one = _mm_set_epi32(0, 0, 0, 1);
    __m128i counter = _mm_add_epi32(reversed(gcm->first), one);
    uint8_t stream[LANES * BLOCK];
    for (size_t at = 0; at < in.len; at += sizeof stream) {
        __m128i lanes[LANES];
        size_t left = in.len - at < sizeof stream ? in.len - at : sizeof stream;
        for (size_t lane = 0; lane < LANES; lane++) {
            lanes[lane] = reversed(counter);
            counter = _mm_add_epi32(counter, one);
        }
        encrypt_lanes(gcm->keys, lanes);
        if (left == sizeof stream) {
            for (size_t lane = 0; lane < LANES; lane++) {
                const uint8_t *from = in.data + at + lane * BLOCK;
                __m128i data = _mm_loadu_si128((const __m128i *)from);
                _mm_storeu_si128((__m128i *)(out + at + lane * BLOCK),
                                 _mm_xor_si128(data, lanes[lane]));
            }
            continue;
        }
        memcpy(stream, lanes, sizeof stream);
        for (size_t i = 0; i < left; i++) {
            out[at + i] = in.data[at + i] ^ stream[i];
        }
    }
    tp_zero(stream, sizeof stream);
}

/* ---- GHASH -------------------------------------------------------------- */

/*
 * Product in GF(2^128) of two operands in reversed byte order: a carry-less
 * product of 256 bits, shifted by one since the bits are reflected, reduced by
 * x^128 + x^7 + x^2 + x + 1.
 */
static __m128i multiply(__m128i a, __m128i b) {
    __m128i low = _mm_clmulepi64_si128(a, b, 0x00);
    __m128i high = _mm_clmulepi64_si128(a, b, 0x11);
    __m128i middle = _mm_xor_si128(_mm_clmulepi64_si128(a, b, 0x10),
                                   _mm_clmulepi64_si128(a, b, 0x01));
    low = _mm_xor_si128(low, _mm_slli_si128(middle, 8));
    high = _mm_xor_si128(high, _mm_srli_si128(middle, 8));

    __m128i low_carry = _mm_srli_epi32(low, 31);
    __m128i high_carry = _mm_srli_epi32(high, 31);
    low = _mm_or_si128(_mm_slli_epi32(low, 1), _mm_slli_si128(low_carry, 4));
    high = _mm_or_si128(_mm_slli_epi32(high, 1), _mm_slli_si128(high_carry, 4));
    high = _mm_or_si128(high, _mm_srli_si128(low_carry, 12));

    __m128i fold = _mm_xor_si128(_mm_slli_epi32(low, 31), _mm_slli_epi32(low, 30));
    fold = _mm_xor_si128(fold, _mm_slli_epi32(low, 25));
    low = _mm_xor_si128(low, _mm_slli_si128(fold, 12));
    __m128i rest = _mm_xor_si128(_mm_srli_epi32(low, 1), _mm_srli_epi32(low, 2));
    rest = _mm_xor_si128(rest, _mm_srli_epi32(low, 7));
    rest = _mm_xor_si128(rest, _mm_srli_si128(fold, 4));
    return _mm_xor_si128(high, _mm_xor_si128(low, rest));
}

static void ghash_block(ghash *state, const uint8_t block[BLOCK]) {
    __m128i data = reversed(_mm_loadu_si128((const __m128i *)block));
    state->sum = multiply(_mm_xor_si128(state->sum, data), state->h);
}

static void ghash_add(ghash *state, tc_span in) {
    size_t at = 0;
    while (at < in.len) {
        if (state->pending_len == 0 && in.len - at >= BLOCK) {
            ghash_block(state, in.data + at);
            at += BLOCK;
            continue;
        }
        state->pending[state->pending_len++] = in.data[at++];
        if (state->pending_len == BLOCK) {
            ghash_block(state, state->pending);
            state->pending_len = 0;
        }
    }
}

/* Fills the open block with zeros. */
static void ghash_pad(ghash *state) {
    if (state->pending_len > 0) {
        memset(state->pending + state->pending_len, 0, BLOCK - state->pending_len);
        ghash_block(state, state->pending);
        state->pending_len = 0;
    }
}

static void put_bits(uint8_t *out, uint64_t bytes) {
    for (int i = 0; i < 8; i++) {
        out[i] = (uint8_t)(bytes * 8 >> (56 - 8 * i));
    }
}

static void compute_tag(const gcm_key *gcm, const tc_span *aad, size_t aad_count, tc_span cipher,
                        uint8_t tag[TC_GCM_TAG_LEN]) {
    ghash state;
    uint8_t lengths[BLOCK];
    uint64_t aad_len = 0;
    memset(&state, 0, sizeof state);
    state.h = gcm->h;
    for (size_t i = 0; i < aad_count; i++) {
        ghash_add(&state, aad[i]);
        aad_len += aad[i].len;
    }
    ghash_pad(&state);
    ghash_add(&state, cipher);
    ghash_pad(&state);
    put_bits(lengths, aad_len);
    put_bits(lengths + 8, cipher.len);
    ghash_block(&state, lengths);
    __m128i mask = encrypt_block(gcm->keys, gcm->first);
    _mm_storeu_si128((__m128i *)tag, _mm_xor_si128(reversed(state.sum), mask));
    tp_zero(&state, sizeof state);
}

/* ---- the two operations ------------------------------------------------- */

int tc_gcm_seal(const uint8_t key[TC_SYM_KEY_LEN], const uint8_t iv[TC_GCM_IV_LEN],
                const tc_span *aad, size_t aad_count, tc_span in, uint8_t *out,
                uint8_t tag[TC_GCM_TAG_LEN]) {
    gcm_key gcm;
    if (in.len > TEE_MAX_MESSAGE) {
        return -1;
    }
    key_start(&gcm, key, iv);
    counter_mode(&gcm, in, out);
    compute_tag(&gcm, aad, aad_count, (tc_span){out, in.len}, tag);
    tp_zero(&gcm, sizeof gcm);
    return 0;
}

int tc_gcm_open(const uint8_t key[TC_SYM_KEY_LEN], const uint8_t iv[TC_GCM_IV_LEN],
                const tc_span *aad, size_t aad_count, tc_span in, uint8_t *out,
                const uint8_t tag[TC_GCM_TAG_LEN]) {
    gcm_key gcm;
    uint8_t expected[TC_GCM_TAG_LEN];
    if (in.len > TEE_MAX_MESSAGE) {
        return -1;
    }
    key_start(&gcm, key, iv);
    compute_tag(&gcm, aad, aad_count, in, expected);
    bool authentic = tc_equal(expected, tag, TC_GCM_TAG_LEN);
    if (authentic) {
        counter_mode(&gcm, in, out);
    } else if (in.len > 0) {
        tp_zero(out, in.len);
    }
    tp_zero(&gcm, sizeof gcm);
    return authentic ? 0 : -1;
}
