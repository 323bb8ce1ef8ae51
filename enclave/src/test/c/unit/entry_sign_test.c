/* Only entries of this chain and member are signed, and nothing else. */
#include "check.h"
#include "entry_sign.h"

#include <string.h>

static keystore keys;
static identity who;
static uint8_t suite; /* every test runs under each */
static uint8_t entry[2048];
static size_t entry_len;

static void put(const uint8_t *bytes, size_t len) {
    memcpy(entry + entry_len, bytes, len);
    entry_len += len;
}

#define PUT(...) \
    do { \
        const uint8_t bytes_[] = {__VA_ARGS__}; \
        put(bytes_, sizeof bytes_); \
    } while (0)

/* {1: 1, 2: chain, 3: "clinic", ...}: the start that each test goes on from. */
static void begin(uint8_t pairs) {
    entry_len = 0;
    PUT((uint8_t)(0xa0 + pairs), 1, 1, 2, 0x58, 32);
    put(who.chain_id, 32);
    PUT(3, 0x66, 'c', 'l', 'i', 'n', 'i', 'c');
}

static tee_status checked(void) {
    return entry_check(&who, (tc_span){entry, entry_len});
}

static void an_entry_is_accepted(void) {
    begin(3);
    CHECK_IS(TEE_OK, checked());
    begin(5);
    PUT(4, 0x61, 'k', 7, 0x1b, 0, 0, 1, 0, 0, 0, 0, 0);
    CHECK_IS(TEE_OK, checked());
    begin(5);
    PUT(9, 0xa1, 0x61, 'a', 0x61, 'b', 10, 0xa1, 0x61, 'c', 0x41, 1);
    CHECK_IS(TEE_OK, checked());
}

static void foreign_entries_conflict(void) {
    begin(3);
    entry[10] ^= 1; /* chain */
    CHECK_IS(TEE_E_CONFLICT, checked());
    begin(3);
    entry[entry_len - 1] = 'd'; /* member */
    CHECK_IS(TEE_E_CONFLICT, checked());
    entry_len = 0;
    PUT(0xa3, 1, 1, 2, 0x41, 0, 3, 0x61, 'c');
    CHECK_IS(TEE_E_CONFLICT, checked());
}

static void anything_else_is_no_entry(void) {
    entry_len = 0;
    CHECK_IS(TEE_E_PARAM, checked());
    PUT('C', 'D', 'C', '1', 'V', 'O', 'T', 'E');
    CHECK_IS(TEE_E_PARAM, checked());
    begin(3);
    entry[0] = 0x83; /* an array */
    CHECK_IS(TEE_E_PARAM, checked());
    begin(3);
    entry[2] = 2; /* another version */
    CHECK_IS(TEE_E_PARAM, checked());
    begin(3);
    entry[1] = 0; /* another first key */
    CHECK_IS(TEE_E_PARAM, checked());
    begin(3);
    PUT(0); /* trailing byte */
    CHECK_IS(TEE_E_PARAM, checked());
    begin(4); /* a pair too few */
    CHECK_IS(TEE_E_PARAM, checked());
    begin(5);
    PUT(9, 1, 8, 1); /* keys out of order */
    CHECK_IS(TEE_E_PARAM, checked());
    begin(5);
    PUT(4, 1, 4, 1); /* a key twice */
    CHECK_IS(TEE_E_PARAM, checked());
    begin(4);
    PUT(0x18, 4, 1); /* a key not in its shortest form */
    CHECK_IS(TEE_E_PARAM, checked());
    begin(4);
    PUT(4, 0xf6); /* null is not in the format */
    CHECK_IS(TEE_E_PARAM, checked());
    begin(4);
    PUT(4, 0x7f, 0x61, 'a', 0xff); /* indefinite length */
    CHECK_IS(TEE_E_PARAM, checked());
    begin(4);
    PUT(4, 0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff); /* longer than all there is */
    CHECK_IS(TEE_E_PARAM, checked());
    begin(4);
    PUT(4, 0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);
    CHECK_IS(TEE_E_PARAM, checked());
    begin(4);
    PUT(4);
    for (unsigned i = 0; i < 900; i++) {
        PUT(0x81); /* deeper than any entry */
    }
    PUT(0);
    CHECK_IS(TEE_E_PARAM, checked());
}

static void no_prefix_of_an_entry_is_one(void) {
    begin(5);
    PUT(9, 0xa1, 0x61, 'a', 0x61, 'b', 10, 0xa1, 0x61, 'c', 0x41, 1);
    size_t whole = entry_len;
    for (entry_len = 0; entry_len < whole; entry_len++) {
        CHECK(checked() != TEE_OK);
    }
}

static void a_foreign_entry_is_not_signed(void) {
    uint8_t cose[256] = {0};
    begin(3);
    entry[entry_len - 1] = 'd';
    CHECK_IS(TEE_E_CONFLICT, entry_sign(&keys, &who, (tc_span){entry, entry_len}, cose));
    CHECK_IS(0, cose[0]);
}

/* Lengths around the steps of CBOR's heads. */
static void the_signature_verifies(void) {
    static uint8_t cose[2048 + TEE_COSE_OVERHEAD];
    static uint8_t structure[2200];
    /* {1: -7 or -65537, 4: eight bytes} */
    const char *algorithm = suite == TEE_SUITE_SM2 ? "\x51\xa2\x01\x3a\x00\x01\x00\x00\x04\x48"
                                                   : "\x4d\xa2\x01\x26\x04\x48";
    const size_t header_len = suite == TEE_SUITE_SM2 ? 18 : 14;
    static const size_t fillers[] = {1, 100, 210, 211, 212, 213, 214, 215, 216, 217, 900};
    for (size_t i = 0; i < sizeof fillers / sizeof fillers[0]; i++) {
        begin(4);
        PUT(4, 0x59, (uint8_t)(fillers[i] >> 8), (uint8_t)fillers[i]);
        if (fillers[i] < 24) {
            entry_len -= 3;
            PUT((uint8_t)(0x40 + fillers[i]));
        } else if (fillers[i] < 256) {
            entry_len -= 3;
            PUT(0x58, (uint8_t)fillers[i]);
        }
        entry_len += fillers[i];
        const tc_span span = {entry, entry_len};
        NEED(entry_sign(&keys, &who, span, cose) == TEE_OK);
        size_t len = entry_signed_len(suite, entry_len);
        CHECK(len <= entry_len + TEE_COSE_OVERHEAD);
        CHECK(cose[0] == 0xd2 && cose[1] == 0x84 && cose[2 + header_len] == 0xa0);
        CHECK(memcmp(cose + 2, algorithm, header_len - 8) == 0);
        writer w = writer_of(structure, sizeof structure);
        write_bytes(&w, (const uint8_t *)"\x84\x6aSignature1", 12);
        write_bytes(&w, cose + 2, header_len);
        write_u8(&w, 0x40);
        write_bytes(&w, cose + 3 + header_len, len - 3 - header_len - 66);
        const tc_span signed_bytes = {structure, w.len};
        NEED(w.ok);
        CHECK(tc_verify_message(keys.suite, tc_key_public(keys.signing), &signed_bytes, 1,
                                cose + len - TEE_SIG_LEN));
        CHECK(memcmp(cose + len - 66 - entry_len, entry, entry_len) == 0);
    }
}

int main(void) {
    uint8_t blob[KEYSTORE_BLOB_LEN];
    NEED(tc_init() == 0);
    memset(who.chain_id, 0xcc, sizeof who.chain_id);
    who.member_len = 6;
    memcpy(who.member, "clinic", 6);
    for (suite = TEE_SUITE_ES256; suite <= TEE_SUITE_SM2; suite++) {
        NEED(keystore_create(&keys, suite, &who, blob) == TEE_OK);
        RUN(an_entry_is_accepted);
        RUN(foreign_entries_conflict);
        RUN(anything_else_is_no_entry);
        RUN(no_prefix_of_an_entry_is_one);
        RUN(a_foreign_entry_is_not_signed);
        RUN(the_signature_verifies);
        keystore_wipe(&keys);
    }
    tc_shutdown();
    return check_report();
}
