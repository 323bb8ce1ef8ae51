#include "envelope.h"

#include <string.h>

#include "tp_platform.h"

#define NONCE_AT SEALED_HEAD_LEN
#define WRAPPED_AT (NONCE_AT + WIDE_NONCE_LEN)
#define WRAP_TAG_AT (WRAPPED_AT + TC_SYM_KEY_LEN)
#define CIPHER_AT (WRAP_TAG_AT + TC_AEAD_TAG_LEN)

_Static_assert(CIPHER_AT + TC_AEAD_TAG_LEN == TEE_SEAL_OVERHEAD, "overhead of a sealed record");

static const char seal_tag[] = "CDC1SEAL";
static const uint8_t zero_iv[TC_AEAD_IV_LEN];

/* Authenticated with both layers. */
typedef struct {
    uint8_t head[SEALED_HEAD_LEN];
    uint8_t name[IDENTITY_MAX_LEN];
    uint8_t context_len[4];
    tc_span spans[4];
} envelope_aad;

static void aad_build(envelope_aad *aad, const identity *who, tc_span context) {
    sealed_head(seal_tag, aad->head);
    writer w = writer_of(aad->context_len, sizeof aad->context_len);
    write_u32(&w, (uint32_t)context.len);
    aad->spans[0] = (tc_span){aad->head, SEALED_HEAD_LEN};
    aad->spans[1] = (tc_span){aad->name, identity_encode(who, aad->name)};
    aad->spans[2] = (tc_span){aad->context_len, sizeof aad->context_len};
    aad->spans[3] = context;
}

tee_status envelope_seal(const keystore *keys, const identity *who, tc_span context,
                         tc_span plaintext, uint8_t *out) {
    uint8_t fresh[TC_SYM_KEY_LEN + WIDE_NONCE_LEN];
    envelope_aad aad;
    aad_build(&aad, who, context);
    if (tp_random(fresh, sizeof fresh) != 0) {
        return TEE_E_INTERNAL;
    }
    const tc_span data_key = {fresh, TC_SYM_KEY_LEN};
    memcpy(out, aad.head, SEALED_HEAD_LEN);
    memcpy(out + NONCE_AT, fresh + TC_SYM_KEY_LEN, WIDE_NONCE_LEN);
    bool ok = wide_seal(keys->suite, keys->record_kek, seal_tag, out + NONCE_AT, aad.spans, 4,
                        data_key, out + WRAPPED_AT, out + WRAP_TAG_AT) == 0;
    ok = ok && tc_aead_seal(keys->suite, fresh, zero_iv, aad.spans, 4, plaintext,
                            out + CIPHER_AT, out + CIPHER_AT + plaintext.len) == 0;
    tp_zero(fresh, sizeof fresh);
    return ok ? TEE_OK : TEE_E_INTERNAL;
}

tee_status envelope_unwrap(const keystore *keys, const identity *who, tc_span context,
                           const uint8_t head[TEE_SEAL_HEAD_LEN],
                           uint8_t data_key[TC_SYM_KEY_LEN]) {
    envelope_aad aad;
    aad_build(&aad, who, context);
    if (memcmp(head, aad.head, SEALED_HEAD_LEN) != 0) {
        return TEE_E_AUTH;
    }
    const tc_span wrapped = {head + WRAPPED_AT, TC_SYM_KEY_LEN};
    int opened = wide_open(keys->suite, keys->record_kek, seal_tag, head + NONCE_AT, aad.spans, 4,
                           wrapped, data_key, head + WRAP_TAG_AT);
    return opened == 0 ? TEE_OK : TEE_E_AUTH;
}

tee_status envelope_open_with(uint8_t suite, const uint8_t data_key[TC_SYM_KEY_LEN],
                              const identity *holder, tc_span context, tc_span record,
                              uint8_t *out) {
    envelope_aad aad;
    aad_build(&aad, holder, context);
    if (record.len < TEE_SEAL_OVERHEAD || memcmp(record.data, seal_tag, TEE_TAG_LEN) != 0) {
        return TEE_E_AUTH;
    }
    aad.spans[0].data = record.data; /* the holder's port and tier */
    const tc_span cipher = {record.data + CIPHER_AT, record.len - TEE_SEAL_OVERHEAD};
    int opened = tc_aead_open(suite, data_key, zero_iv, aad.spans, 4, cipher, out,
                              record.data + CIPHER_AT + cipher.len);
    return opened == 0 ? TEE_OK : TEE_E_AUTH;
}

tee_status envelope_open(const keystore *keys, const identity *who, tc_span context,
                         tc_span record, uint8_t *out) {
    uint8_t data_key[TC_SYM_KEY_LEN];
    if (record.len < TEE_SEAL_OVERHEAD) {
        return TEE_E_AUTH;
    }
    tee_status status = envelope_unwrap(keys, who, context, record.data, data_key);
    if (status == TEE_OK) {
        status = envelope_open_with(keys->suite, data_key, who, context, record, out);
    }
    tp_zero(data_key, sizeof data_key);
    return status;
}
