/* The core with the Open Enclave port's part of the second suite, which is none. */
#include "check.h"
#include "fixtures.h"
#include "tc_sm.h"
#include "tee_core.h"

#include <string.h>

static tee_core core;

static tee_status boot(uint8_t suite) {
    uint8_t who[] = "0123456789abcdef0123456789abcdef\x01z";
    uint8_t blob[KEYSTORE_BLOB_LEN];
    size_t blob_len = 99;
    const tc_span name = {who, sizeof who - 1};
    const tc_span none = {NULL, 0};
    tee_status status = tee_core_boot(&core, suite, name, none, blob, &blob_len);
    CHECK_IS(status == TEE_OK ? KEYSTORE_BLOB_LEN : 0, blob_len);
    return status;
}

static void no_instance_of_the_second_suite_starts(void) {
    memset(&core, 0, sizeof core);
    CHECK_IS(TEE_E_ALG_UNSUPPORTED, boot(TEE_SUITE_SM2));
    CHECK(!core.booted);
    CHECK_IS(TEE_OK, boot(TEE_SUITE_ES256));
    tee_core_wipe(&core);
}

static void no_epoch_of_it_is_entered(void) {
    static uint8_t payload[CONFIG_MAX + 64];
    static uint8_t answer[16];
    static built_config config;
    config_spec spec;
    size_t len = 0;
    NEED(boot(TEE_SUITE_ES256) == TEE_OK);
    spec_default(&spec, 1, 1);
    memcpy(spec.chain, "0123456789abcdef0123456789abcdef", TEE_HASH_LEN);
    spec_add(&spec, "z", core.ck.public_key);
    spec.suite = TEE_SUITE_SM2;
    config.len = encode_config(&spec, config.bytes);
    const epoch_item item = {&config, NULL, NULL, 0};
    size_t used = encode_chain(&item, 1, payload, sizeof payload);
    CHECK_IS(TEE_E_ALG_UNSUPPORTED, tee_core_call(&core, TEE_OP_ENTER_EPOCH, payload, used, answer,
                                                  sizeof answer, &len));
    CHECK_IS(TEE_STATE_NEW, core.ck.now.state);
    spec.suite = TEE_SUITE_ES256;
    config.len = encode_config(&spec, config.bytes);
    used = encode_chain(&item, 1, payload, sizeof payload);
    CHECK_IS(TEE_OK, tee_core_call(&core, TEE_OP_ENTER_EPOCH, payload, used, answer, sizeof answer,
                                   &len));
    tee_core_wipe(&core);
}

static void none_of_its_algorithms_answers(void) {
    uint8_t key[TEE_KEY_LEN] = {0x04};
    uint8_t out[TEE_SIG_LEN];
    const tc_span text = {(const uint8_t *)"text", 4};
    CHECK(!tc_sm_supported() && !tc_suite_supported(TEE_SUITE_SM2));
    CHECK(tc_key_generate(TEE_SUITE_SM2) == NULL);
    CHECK(tc_key_load(TEE_SUITE_SM2, key, key) == NULL);
    CHECK_IS(-1, tc_digest(TEE_SUITE_SM2, key, &text, 1, out));
    CHECK_IS(-1, tc_suite_hmac(TEE_SUITE_SM2, key, &text, 1, out));
    CHECK_IS(-1, tc_aead_seal(TEE_SUITE_SM2, key, key, NULL, 0, text, out, out + 32));
    CHECK_IS(-1, tc_aead_open(TEE_SUITE_SM2, key, key, NULL, 0, text, out, out + 32));
    CHECK(!tc_verify_message(TEE_SUITE_SM2, key, &text, 1, out));
}

int main(void) {
    NEED(tc_init() == 0);
    RUN(no_instance_of_the_second_suite_starts);
    RUN(no_epoch_of_it_is_entered);
    RUN(none_of_its_algorithms_answers);
    tc_shutdown();
    return check_report();
}
