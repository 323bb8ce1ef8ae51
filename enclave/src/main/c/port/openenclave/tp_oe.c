/*
 * The platform seam inside an Open Enclave (Intel SGX). Sealing and attesting
 * must work or the boot fails: there is no fallback to anything weaker.
 */
#include "tp_oe.h"

#include <openenclave/attestation/attester.h>
#include <openenclave/attestation/sgx/evidence.h>
#include <openenclave/attestation/verifier.h>
#include <openenclave/bits/sgx/sgxtypes.h>
#include <openenclave/enclave.h>
#include <openssl/crypto.h>
#include <string.h>

#include "tc_crypto.h"
#include "tp_platform.h"

/* MRENCLAVE is a SHA-256; the measurement field has 48 bytes. */
#define MRENCLAVE_LEN 32u

static uint8_t measurement[TEE_MEASUREMENT_LEN];
static uint8_t seal_key[TC_SYM_KEY_LEN];
static int have_seal_key;

int tp_random(uint8_t *out, size_t len) {
    return oe_random(out, len) == OE_OK ? 0 : -1;
}

void tp_zero(void *memory, size_t len) {
    OPENSSL_cleanse(memory, len);
}

_Noreturn void tp_abort(const char *why) {
    (void)why;
    oe_abort();
    for (;;) {
    }
}

int tp_seal_key(uint8_t key[32]) {
    if (!have_seal_key) {
        return -1;
    }
    memcpy(key, seal_key, sizeof seal_key);
    return 0;
}

void tp_measurement(uint8_t out[TEE_MEASUREMENT_LEN]) {
    memcpy(out, measurement, sizeof measurement);
}

/* An SGX ECDSA evidence with reportData as its custom claim. */
int tp_evidence(const uint8_t report_data[TEE_HASH_LEN], uint8_t *out, size_t cap, size_t *len) {
    static const oe_uuid_t format = {OE_FORMAT_UUID_SGX_ECDSA};
    uint8_t *evidence = NULL;
    size_t evidence_len = 0;
    int result = -1;
    if (oe_attester_initialize() != OE_OK) {
        return -1;
    }
    if (oe_get_evidence(&format, 0, report_data, TEE_HASH_LEN, NULL, 0, &evidence, &evidence_len,
                        NULL, NULL) == OE_OK
        && evidence_len <= cap) {
        memcpy(out, evidence, evidence_len);
        *len = evidence_len;
        result = 0;
    }
    if (evidence != NULL) {
        oe_free_evidence(evidence);
    }
    return result;
}

/* The value of a verified claim, or null unless it is there with this length. */
static const uint8_t *claim_of(const oe_claim_t *claims, size_t count, const char *name,
                               size_t len) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(claims[i].name, name) == 0) {
            return claims[i].value_size == len ? claims[i].value : NULL;
        }
    }
    return NULL;
}

static int is_debuggable(const oe_claim_t *claims, size_t count) {
    uint64_t attributes;
    const uint8_t *value = claim_of(claims, count, OE_CLAIM_ATTRIBUTES, sizeof attributes);
    if (value == NULL) {
        return 1;
    }
    memcpy(&attributes, value, sizeof attributes);
    return (attributes & OE_EVIDENCE_ATTRIBUTES_SGX_DEBUG) != 0
           || (attributes & OE_EVIDENCE_ATTRIBUTES_SGX_REMOTE) == 0;
}

/* MRENCLAVE, then zeros to the length of a measurement. */
static int names_measurement(const oe_claim_t *claims, size_t count,
                             const uint8_t measurement_of_peer[TEE_MEASUREMENT_LEN]) {
    uint8_t padded[TEE_MEASUREMENT_LEN] = {0};
    const uint8_t *unique_id = claim_of(claims, count, OE_CLAIM_UNIQUE_ID, MRENCLAVE_LEN);
    if (unique_id == NULL) {
        return 0;
    }
    memcpy(padded, unique_id, MRENCLAVE_LEN);
    return memcmp(padded, measurement_of_peer, sizeof padded) == 0;
}

/*
 * Open Enclave's verifier checks the quote's signature up to Intel's root and the
 * platform's TCB against collateral that it fetches through the host; anything but
 * OE_OK is refused, hence a TCB that is out of date, revoked or needs configuration.
 * One that needs hardened software counts as up to date (ENCLAVE_LVI). It judges at
 * the time that the collateral itself names: a host can show its own enclave
 * collateral of before a hole was known (THREAT-MODEL.md).
 */
int tp_verify_peer(const uint8_t *platform, size_t len, const uint8_t report_data[TEE_HASH_LEN],
                   const uint8_t measurement_of_peer[TEE_MEASUREMENT_LEN]) {
    static const oe_uuid_t format = {OE_FORMAT_UUID_SGX_ECDSA};
    oe_claim_t *claims = NULL;
    size_t count = 0;
    int tier = -1;
    if (len == 0 || oe_verifier_initialize() != OE_OK) {
        return -1;
    }
    if (oe_verify_evidence(&format, platform, len, NULL, 0, NULL, 0, &claims, &count) != OE_OK) {
        return -1;
    }
    const uint8_t *custom = claim_of(claims, count, OE_CLAIM_CUSTOM_CLAIMS_BUFFER, TEE_HASH_LEN);
    if (custom != NULL && memcmp(custom, report_data, TEE_HASH_LEN) == 0
        && !is_debuggable(claims, count)
        && names_measurement(claims, count, measurement_of_peer)) {
        tier = TEE_TIER_ENCLAVE_SGX;
    }
    oe_free_claims(claims, count);
    return tier;
}

int tp_oe_measure(void) {
    uint8_t *report = NULL;
    size_t report_len = 0;
    oe_report_t parsed;
    int result = -1;
    if (oe_get_report_v2(0, NULL, 0, NULL, 0, &report, &report_len) != OE_OK) {
        return -1;
    }
    memset(&parsed, 0, sizeof parsed);
    if (oe_parse_report(report, report_len, &parsed) == OE_OK) {
        int debug = (parsed.identity.attributes & OE_REPORT_ATTRIBUTES_DEBUG) != 0;
        memset(measurement, 0, sizeof measurement);
        memcpy(measurement, parsed.identity.unique_id, MRENCLAVE_LEN);
        result = debug == TP_DEBUG ? 0 : -1;
    }
    oe_free_report(report);
    return result;
}

/* The platform's key of 16 bytes, stretched to what the core uses. */
static int stretch(const uint8_t *key, size_t len) {
    static const uint8_t label[] = "CDC1OESEAL";
    const tc_span parts[] = {{label, sizeof label - 1}, {key, len}};
    have_seal_key = tc_sha256(parts, 2, seal_key) == 0;
    return have_seal_key ? 0 : -1;
}

static void store_versions(const sgx_key_request_t *request, uint8_t out[TP_OE_PLATFORM_LEN]) {
    out[0] = (uint8_t)(request->isv_svn >> 8);
    out[1] = (uint8_t)request->isv_svn;
    memcpy(out + 2, request->cpu_svn, TP_OE_PLATFORM_LEN - 2);
}

/*
 * The host keeps the versions, and could give others: only they are taken from
 * it. Policy and masks come fresh from the platform, so that no key is used that
 * other code could derive. PRODUCT: later versions of the same signer's enclave
 * open what this one sealed.
 */
int tp_oe_seal_key(const uint8_t *stored, size_t len, uint8_t out[TP_OE_PLATFORM_LEN],
                   size_t *out_len) {
    uint8_t *key = NULL;
    uint8_t *info = NULL;
    uint8_t *old_key = NULL;
    size_t key_len = 0;
    size_t info_len = 0;
    size_t old_len = 0;
    int result = -1;
    *out_len = 0;
    if (oe_get_seal_key_by_policy_v2(OE_SEAL_POLICY_PRODUCT, &key, &key_len, &info, &info_len)
            != OE_OK
        || info_len != sizeof(sgx_key_request_t)) {
        return -1;
    }
    sgx_key_request_t request;
    memcpy(&request, info, sizeof request);
    if (len == 0) {
        result = stretch(key, key_len);
        store_versions(&request, out);
        *out_len = TP_OE_PLATFORM_LEN;
    } else if (len == TP_OE_PLATFORM_LEN) {
        request.isv_svn = (uint16_t)(stored[0] << 8 | stored[1]);
        memcpy(request.cpu_svn, stored + 2, TP_OE_PLATFORM_LEN - 2);
        if (oe_get_seal_key_v2((const uint8_t *)&request, sizeof request, &old_key, &old_len)
            == OE_OK) {
            result = stretch(old_key, old_len);
        }
    }
    oe_free_seal_key(key, info);
    oe_free_seal_key(old_key, NULL);
    return result;
}
