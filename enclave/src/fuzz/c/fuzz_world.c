/*
 * Operations behind signatures and proofs, where random bytes never come: a small
 * consortium makes valid requests in the order that the input says, spoils single
 * bytes of them as it says, and checks what must hold after each.
 *
 * An input is steps of four bytes: what to do and who does it, the place of a byte to
 * spoil (2), and what to change it by, 0 for nothing.
 */
#include "fuzz.h"
#include "privacy.h"

#define MEMBERS 2u
#define MAX_STEPS 64u
#define STEP_LEN 4u
#define GRANT_VALUE_MAX 256u

static world w;
static const char text[] = "a record";
static const tc_span context = {(const uint8_t *)"entry 1", 7};
static const uint8_t grant_id[TEE_HASH_LEN] = {7};

/* What the steps leave behind for each other. */
static uint8_t sealed[256];
static size_t sealed_len;
static uint8_t shared[TEE_SHARED_KEY_MAX];
static size_t shared_len;
static uint8_t resumable[TEE_RESUME_RECORD_LEN];
static size_t resumable_len;
static size_t grant_at;
static uint64_t sequence;

typedef struct {
    unsigned seat;
    size_t place;
    uint8_t change;
} step;

static void put_var(writer *out, const void *data, size_t len) {
    write_u32(out, (uint32_t)len);
    write_bytes(out, data, len);
}

static void put_id(writer *out, unsigned seat) {
    const member *m = &w.config.config.members[seat];
    write_u8(out, m->id_len);
    write_bytes(out, m->id, m->id_len);
}

/* Whether a byte of the request was spoiled. */
static bool spoil(writer *request, const step *s) {
    if (s->change == 0) {
        return false;
    }
    request->start[s->place % request->len] ^= s->change;
    return true;
}

static tee_status call(const step *s, uint16_t op, const writer *request) {
    tee_core *core = &w.cores[s->seat];
    uint64_t certified = core->ck.certified;
    uint64_t checkpoint = core->checkpoints.height;
    uint64_t spent = core->dp.spent;
    tee_status status = world_call(&w, s->seat, op, request);
    FUZZ_NEED(status != TEE_E_INTERNAL && status != TEE_E_SHORT);
    FUZZ_NEED(status == TEE_OK || w.answer_len == 0);
    FUZZ_NEED(core->ck.certified >= certified && core->checkpoints.height >= checkpoint);
    FUZZ_NEED(core->dp.spent >= spent && !core->dead);
    return status;
}

static size_t evidence_of(unsigned seat, uint8_t *out, size_t cap) {
    writer request = world_request(&w);
    write_bytes(&request, grant_id, TEE_NONCE_LEN);
    FUZZ_NEED(world_call(&w, seat, TEE_OP_EVIDENCE, &request) == TEE_OK && w.answer_len <= cap);
    memcpy(out, w.answer, w.answer_len);
    return w.answer_len;
}

static void start(void) {
    uint8_t value[GRANT_VALUE_MAX];
    uint8_t subject[TEE_HASH_LEN];
    world_start(&w, MEMBERS);
    sequence = 0;
    shared_len = 0;
    resumable_len = 0;
    writer request = world_request(&w);
    put_var(&request, context.data, context.len);
    put_var(&request, text, sizeof text);
    FUZZ_NEED(world_call(&w, 0, TEE_OP_SEAL, &request) == TEE_OK);
    memcpy(sealed, w.answer, w.answer_len);
    sealed_len = w.answer_len;
    FUZZ_NEED(tc_sha256(&context, 1, subject) == 0);
    writer grant = writer_of(value, sizeof value);
    write_tag(&grant, "CDC1GRNT");
    write_u8(&grant, 1);
    put_id(&grant, 0);
    put_id(&grant, 1);
    write_bytes(&grant, subject, sizeof subject);
    write_u64(&grant, 0);
    write_u64(&grant, TEE_MAX_NUMBER);
    write_u8(&grant, 0);
    write_bytes(&grant, subject, sizeof subject);
    grant_at = world_put(&w, "grant/", grant_id, &grant);
}

/* ---- the steps ----------------------------------------------------------- */

static void peer_verify(const step *s) {
    uint8_t evidence[2048];
    size_t len = evidence_of(1 - s->seat, evidence, sizeof evidence);
    writer request = world_request(&w);
    put_var(&request, evidence, len);
    bool spoiled = spoil(&request, s);
    FUZZ_NEED((call(s, TEE_OP_PEER_VERIFY, &request) == TEE_OK) == !spoiled);
}

static void rewrap(const step *s) {
    uint8_t evidence[2048];
    size_t len = evidence_of(1, evidence, sizeof evidence);
    writer request = world_request(&w);
    write_bytes(&request, grant_id, sizeof grant_id);
    put_var(&request, evidence, len);
    put_var(&request, context.data, context.len);
    write_bytes(&request, sealed, TEE_SEAL_HEAD_LEN);
    world_prove(&w, &request, grant_at);
    bool spoiled = spoil(&request, s);
    bool granted = call(s, TEE_OP_REWRAP, &request) == TEE_OK;
    FUZZ_NEED(granted == (!spoiled && s->seat == 0));
    if (granted) {
        memcpy(shared, w.answer, w.answer_len);
        shared_len = w.answer_len;
    }
}

static void open_shared(const step *s) {
    writer request = world_request(&w);
    put_var(&request, shared, shared_len);
    put_var(&request, context.data, context.len);
    put_var(&request, sealed, sealed_len);
    world_prove(&w, &request, grant_at);
    bool spoiled = spoil(&request, s);
    bool opened = call(s, TEE_OP_OPEN_SHARED, &request) == TEE_OK;
    if (opened) { /* the holder's wrapping of the key may differ: it is not used */
        FUZZ_NEED(s->seat == 1 && w.answer_len == sizeof text
                  && memcmp(w.answer, text, sizeof text) == 0);
    } else {
        FUZZ_NEED(spoiled || s->seat == 0 || shared_len == 0);
    }
}

static void checkpoint(const step *s) {
    static uint8_t proof[16384];
    uint8_t before[TEE_HASH_LEN];
    writer whole = writer_of(proof, sizeof proof);
    world_prove(&w, &whole, grant_at);
    reader in = reader_of(proof, whole.len);
    const uint8_t *header = read_view(&in, TEE_HEADER_LEN);
    tc_span qc = read_var(&in, TEE_MAX_MESSAGE);
    writer request = world_request(&w);
    write_bytes(&request, header, TEE_HEADER_LEN);
    put_var(&request, qc.data, qc.len);
    const checkpoint_log *log = &w.cores[s->seat].checkpoints;
    memcpy(before, log->block_hash, sizeof before);
    bool spoiled = spoil(&request, s);
    bool signed_it = call(s, TEE_OP_CHECKPOINT, &request) == TEE_OK;
    FUZZ_NEED(signed_it == !spoiled);
    FUZZ_NEED(signed_it || memcmp(before, log->block_hash, sizeof before) == 0);
}

static void resume_record(const step *s) {
    writer request = world_request(&w);
    FUZZ_NEED(call(s, TEE_OP_RESUME_RECORD, &request) == TEE_OK);
    memcpy(resumable, w.answer, sizeof resumable);
    resumable_len = sizeof resumable;
}

/* An instance with a seat takes no record, spoiled or not. */
static void resume_sign(const step *s) {
    writer request = world_request(&w);
    put_var(&request, resumable, resumable_len == 0 ? 1 : resumable_len);
    spoil(&request, s);
    if (read_u32(&(reader){request.start, 4, true}) != 0) {
        FUZZ_NEED(call(s, TEE_OP_RESUME_SIGN, &request) != TEE_OK);
    }
}

static void begin_query(const step *s) {
    query_spec query = query_default();
    if (s->place % 2 != 0) {
        query.kind = DP_HISTOGRAM;
        query.bound_count = 2;
        query.bounds[1] = 10;
    }
    debit_spec debit = debit_for(&w, s->seat, &query, sequence + 1);
    if (s->change != 0) {
        debit.sequence = sequence; /* spent, if this member spent it */
    }
    uint64_t spent = w.cores[s->seat].dp.spent;
    tee_status status = world_begin(&w, s->seat, &query, &debit);
    FUZZ_NEED((status == TEE_OK) == (debit.sequence > spent));
    sequence++;
}

static void add_measure(const step *s) {
    const measure one = {(uint32_t)s->place, 7, s->change};
    writer request = world_request(&w);
    uint64_t records = w.cores[s->seat].dp.tally.records;
    write_measures(&w, s->seat, &request, &one, 1);
    bool added = call(s, TEE_OP_DP_ADD, &request) == TEE_OK;
    FUZZ_NEED(!added || w.cores[s->seat].dp.tally.records == records + 1);
}

static void release_answer(const step *s) {
    writer request = world_request(&w);
    bool open = w.cores[s->seat].dp.purpose == DP_RELEASES;
    tee_status status = call(s, TEE_OP_DP_RELEASE, &request);
    FUZZ_NEED(open ? status == TEE_OK : status == TEE_E_STATE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static void (*const does[])(const step *) = {
        peer_verify, rewrap, open_shared, checkpoint, resume_record,
        resume_sign, begin_query, add_measure, release_answer};
    static bool ready;
    if (!ready) {
        FUZZ_NEED(tc_init() == 0);
        ready = true;
    }
    start();
    for (size_t at = 0; at + STEP_LEN <= size && at < MAX_STEPS * STEP_LEN; at += STEP_LEN) {
        const step s = {.seat = data[at] >> 7,
                        .place = (size_t)data[at + 1] << 8 | data[at + 2],
                        .change = data[at + 3]};
        does[(data[at] & 0x7fu) % (sizeof does / sizeof does[0])](&s);
    }
    world_end(&w);
    return 0;
}
