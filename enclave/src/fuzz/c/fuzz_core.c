/*
 * The ABI as a client sees it: the first byte is the operation, the second picks
 * the room for the answer and, by its highest bit, the suite, the rest is the payload.
 * One instance a suite, a member of its own genesis, serves them all; what it answers
 * must keep the ABI's promises.
 */
#include "fixtures.h"
#include "fuzz.h"
#include "tee_core.h"

static tee_core cores[2]; /* ES256, SM2 */
static uint8_t answer[TEE_MAX_EVIDENCE + 4096];

static void boot(tee_core *core, uint8_t suite) {
    static built_config config;
    static config_spec spec;
    static uint8_t payload[16384];
    uint8_t who[IDENTITY_MAX_LEN];
    uint8_t blob[KEYSTORE_BLOB_LEN];
    size_t len = 0;
    writer w = writer_of(who, sizeof who);
    write_bytes(&w, fixture_chain, TEE_HASH_LEN);
    write_u8(&w, 1);
    write_u8(&w, 'a');
    tee_core_wipe(core);
    const tc_span name = {who, w.len};
    const tc_span none = {NULL, 0};
    FUZZ_NEED(tee_core_boot(core, suite, name, none, blob, &len) == TEE_OK);
    spec_default(&spec, 1, 1);
    spec.suite = suite;
    spec_add(&spec, "a", core->ck.public_key);
    build_config(&config, &spec);
    const epoch_item item = {&config, NULL, NULL, 0};
    size_t payload_len = encode_chain(&item, 1, payload, sizeof payload);
    FUZZ_NEED(tee_core_call(core, TEE_OP_ENTER_EPOCH, payload, payload_len, answer, sizeof answer,
                            &len) == TEE_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const size_t rooms[] = {0, 63, 64, 123, sizeof answer};
    if (size < 2) {
        return 0;
    }
    uint8_t suite = (data[1] & 0x80u) != 0 ? TEE_SUITE_SM2 : TEE_SUITE_ES256;
    tee_core *core = &cores[suite - TEE_SUITE_ES256];
    if (!cores[0].booted && !cores[1].booted) {
        FUZZ_NEED(tc_init() == 0);
    }
    if (!core->booted) {
        boot(core, suite);
    }
    size_t room = rooms[(data[1] & 0x7fu) % (sizeof rooms / sizeof rooms[0])];
    uint64_t v = core->ck.v;
    uint64_t prop = core->ck.prop;
    uint64_t pv = core->ck.pv;
    size_t len = 99;
    uint8_t *copy = malloc(size);
    uint8_t *out = malloc(room == 0 ? 1 : room);
    FUZZ_NEED(copy != NULL && out != NULL);
    memcpy(copy, data, size);
    tee_status status = tee_core_call(core, data[0] % 32, copy + 2, size - 2, out, room, &len);
    FUZZ_NEED(status != TEE_E_INTERNAL);
    FUZZ_NEED(status == TEE_OK ? len <= room : status == TEE_E_SHORT ? len > room : len == 0);
    if (status != TEE_OK) {
        FUZZ_NEED(core->ck.v == v && core->ck.prop == prop && core->ck.pv == pv);
    }
    FUZZ_NEED(core->ck.v >= v && core->ck.prop >= prop && core->ck.pv >= pv);
    if (core->ck.key == NULL || core->ck.v > 1000) {
        boot(core, suite); /* retired, or too high a view for others to be worth trying */
    }
    free(copy);
    free(out);
    return 0;
}
