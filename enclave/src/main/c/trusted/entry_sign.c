#include "entry_sign.h"

#include <string.h>

/* CBOR major types (RFC 8949 section 3.1). */
#define CBOR_UINT 0u
#define CBOR_BYTES 2u
#define CBOR_TEXT 3u
#define CBOR_ARRAY 4u
#define CBOR_MAP 5u

#define ENTRY_VERSION 1u
#define KID_LEN 8u
#define MAX_DEPTH 4u

typedef struct {
    uint8_t major;
    uint64_t value;
} cbor_head;

/* A head in its shortest form; indefinite lengths and tags are not ours. */
static cbor_head read_head(reader *in) {
    cbor_head head = {0, 0};
    uint8_t first = read_u8(in);
    uint8_t info = first & 0x1fu;
    head.major = (uint8_t)(first >> 5);
    if (info < 24) {
        head.value = info;
    } else if (info == 24) {
        head.value = read_u8(in);
        in->ok = in->ok && head.value >= 24;
    } else if (info == 25) {
        head.value = read_u16(in);
        in->ok = in->ok && head.value > 0xff;
    } else if (info == 26) {
        head.value = read_u32(in);
        in->ok = in->ok && head.value > 0xffff;
    } else if (info == 27) {
        head.value = read_u64(in);
        in->ok = in->ok && head.value > 0xffffffffu;
    } else {
        in->ok = false;
    }
    return head;
}

/* Passes one well-formed item of the types an entry may hold. */
static void skip_item(reader *in, unsigned depth) {
    cbor_head head = read_head(in);
    if (head.major == CBOR_UINT || !in->ok) {
        return;
    }
    if (head.major == CBOR_BYTES || head.major == CBOR_TEXT) {
        if (head.value > in->left) {
            in->ok = false;
        } else {
            read_view(in, (size_t)head.value);
        }
        return;
    }
    if ((head.major != CBOR_ARRAY && head.major != CBOR_MAP) || depth == 0
        || head.value > in->left) {
        in->ok = false;
        return;
    }
    uint64_t items = head.major == CBOR_MAP ? 2 * head.value : head.value;
    for (uint64_t i = 0; i < items && in->ok; i++) {
        skip_item(in, depth - 1);
    }
}

/* A string of that type, equal to these bytes? Clears *same if it differs. */
static void read_string(reader *in, uint8_t major, const uint8_t *expected, size_t len,
                        bool *same) {
    cbor_head head = read_head(in);
    if (head.major != major || head.value > in->left) {
        in->ok = false;
        return;
    }
    const uint8_t *at = read_view(in, (size_t)head.value);
    if (at == NULL || head.value != len || memcmp(at, expected, len) != 0) {
        *same = false;
    }
}

static void read_key(reader *in, uint64_t key) {
    cbor_head head = read_head(in);
    if (head.major != CBOR_UINT || head.value != key) {
        in->ok = false;
    }
}

tee_status entry_check(const identity *who, tc_span entry) {
    bool ours = true;
    reader in = reader_of(entry.data, entry.len);
    cbor_head map = read_head(&in);
    if (!in.ok || map.major != CBOR_MAP || map.value < 3 || map.value > 23
        || entry.len > TEE_MAX_ENTRY) {
        return TEE_E_PARAM;
    }
    read_key(&in, 1);
    cbor_head version = read_head(&in);
    if (version.major != CBOR_UINT || version.value != ENTRY_VERSION) {
        return TEE_E_PARAM;
    }
    read_key(&in, 2);
    read_string(&in, CBOR_BYTES, who->chain_id, TEE_HASH_LEN, &ours);
    read_key(&in, 3);
    read_string(&in, CBOR_TEXT, who->member, who->member_len, &ours);
    uint64_t last_key = 3;
    for (uint64_t i = 3; i < map.value && in.ok; i++) {
        cbor_head key = read_head(&in);
        if (key.major != CBOR_UINT || key.value <= last_key) {
            return TEE_E_PARAM;
        }
        last_key = key.value;
        skip_item(&in, MAX_DEPTH);
    }
    if (!read_done(&in)) {
        return TEE_E_PARAM;
    }
    return ours ? TEE_OK : TEE_E_CONFLICT;
}

/* Head of a byte string, as short as can be. */
static void write_bytes_head(writer *out, size_t len) {
    if (len < 24) {
        write_u8(out, (uint8_t)(0x40 + len));
    } else if (len <= 0xff) {
        write_u8(out, 0x58);
        write_u8(out, (uint8_t)len);
    } else if (len <= 0xffff) {
        write_u8(out, 0x59);
        write_u16(out, (uint16_t)len);
    } else {
        write_u8(out, 0x5a);
        write_u32(out, (uint32_t)len);
    }
}

static size_t bytes_head_len(size_t len) {
    return len < 24 ? 1 : len <= 0xff ? 2 : len <= 0xffff ? 3 : 5;
}

/* The protected header {1: algorithm, 4: kid} as a byte string, up to the kid. */
static const uint8_t es256_header[] = {0x4d, 0xa2, 0x01, 0x26, 0x04, 0x48};
static const uint8_t sm2_header[] = {0x51, 0xa2, 0x01, 0x3a, 0x00, 0x01, 0x00, 0x00, 0x04, 0x48};

#define MAX_HEADER_LEN (sizeof sm2_header + KID_LEN)

static tc_span header_start(uint8_t suite) {
    return suite == TEE_SUITE_SM2 ? (tc_span){sm2_header, sizeof sm2_header}
                                  : (tc_span){es256_header, sizeof es256_header};
}

/* Writes the whole byte string to out and its length to *len. 0 or -1. */
static int protected_header(const tc_key *key, uint8_t out[MAX_HEADER_LEN], size_t *len) {
    uint8_t digest[TEE_HASH_LEN];
    const tc_span point = {tc_key_public(key), TEE_KEY_LEN};
    const tc_span start = header_start(tc_key_suite(key));
    if (tc_sha256(&point, 1, digest) != 0) {
        return -1;
    }
    memcpy(out, start.data, start.len);
    memcpy(out + start.len, digest, KID_LEN);
    *len = start.len + KID_LEN;
    return 0;
}

_Static_assert(2u + MAX_HEADER_LEN + 1u + 5u + 2u + TEE_SIG_LEN == TEE_COSE_OVERHEAD, "COSE");

size_t entry_signed_len(uint8_t suite, size_t entry_len) {
    size_t header_len = header_start(suite).len + KID_LEN;
    return 2u + header_len + 1u + bytes_head_len(entry_len) + entry_len + 2u + TEE_SIG_LEN;
}

/* Sig_structure (RFC 9052 section 4.4) with empty external_aad. */
static int sign_structure(tc_key *key, tc_span header, tc_span entry, uint8_t sig[TEE_SIG_LEN]) {
    static const uint8_t start[] = {0x84, 0x6a, 'S', 'i', 'g', 'n', 'a', 't', 'u', 'r', 'e', '1'};
    uint8_t payload_head[6];
    writer w = writer_of(payload_head, sizeof payload_head);
    write_u8(&w, 0x40); /* external_aad */
    write_bytes_head(&w, entry.len);
    const tc_span parts[] = {{start, sizeof start}, header, {payload_head, w.len}, entry};
    return tc_sign_message(key, parts, 4, sig);
}

tee_status entry_sign(const keystore *keys, const identity *who, tc_span entry, uint8_t *out) {
    uint8_t header[MAX_HEADER_LEN];
    size_t header_len = 0;
    uint8_t sig[TEE_SIG_LEN];
    tee_status status = entry_check(who, entry);
    if (status != TEE_OK) {
        return status;
    }
    if (protected_header(keys->signing, header, &header_len) != 0
        || sign_structure(keys->signing, (tc_span){header, header_len}, entry, sig) != 0) {
        return TEE_E_INTERNAL;
    }
    writer w = writer_of(out, entry_signed_len(keys->suite, entry.len));
    write_u8(&w, 0xd2); /* tag 18, COSE_Sign1 */
    write_u8(&w, 0x84);
    write_bytes(&w, header, header_len);
    write_u8(&w, 0xa0); /* unprotected: empty */
    write_bytes_head(&w, entry.len);
    write_bytes(&w, entry.data, entry.len);
    write_u8(&w, 0x58);
    write_u8(&w, TEE_SIG_LEN);
    write_bytes(&w, sig, TEE_SIG_LEN);
    return w.ok ? TEE_OK : TEE_E_INTERNAL;
}
