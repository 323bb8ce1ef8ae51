/* The three ecalls: lengths first, then the core. Bodies only delegate. */
#include "tee_core.h"
#include "tee_t.h"
#include "tp_oe.h"
#include "tp_platform.h"

#define BOOT_INPUT_MAX 4096u

static tee_core core;

uint32_t ecall_boot(uint8_t suite, const uint8_t *who, size_t who_len, const uint8_t *sealed,
                    size_t sealed_len, const uint8_t *platform, size_t platform_len, uint8_t *blob,
                    size_t blob_cap, size_t *blob_len, uint8_t *platform_out,
                    size_t platform_cap, size_t *platform_out_len) {
    if (who_len > BOOT_INPUT_MAX || sealed_len > BOOT_INPUT_MAX || platform_len > BOOT_INPUT_MAX
        || blob == NULL || blob_cap < KEYSTORE_BLOB_LEN || platform_out == NULL
        || platform_cap < TP_OE_PLATFORM_LEN || blob_len == NULL || platform_out_len == NULL
        || who == NULL || (sealed_len > 0) != (platform_len > 0)) {
        return TEE_E_PARAM;
    }
    *blob_len = 0;
    *platform_out_len = 0;
    if (tc_init() != 0 || tp_oe_measure() != 0
        || tp_oe_seal_key(platform, platform_len, platform_out, platform_out_len) != 0) {
        return TEE_E_INTERNAL;
    }
    return (uint32_t)tee_core_boot(&core, suite, (tc_span){who, who_len},
                                   (tc_span){sealed, sealed_len}, blob, blob_len);
}

uint32_t ecall_call(uint16_t op, const uint8_t *request, size_t request_len, uint8_t *answer,
                    size_t answer_cap, size_t *answer_len) {
    if (request_len > TEE_MAX_MESSAGE || answer_cap > TEE_MAX_MESSAGE || answer_len == NULL
        || (answer == NULL && answer_cap > 0) || (request == NULL && request_len > 0)) {
        return TEE_E_PARAM;
    }
    return (uint32_t)tee_core_call(&core, op, request, request_len, answer, answer_cap,
                                   answer_len);
}

void ecall_end(void) {
    tee_core_wipe(&core);
    tc_shutdown();
}
