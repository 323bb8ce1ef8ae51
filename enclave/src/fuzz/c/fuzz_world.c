/*
 * Operations behind signatures and proofs, where random bytes never come: a small
 * consortium makes valid requests in the order that the input says, spoils single
 * bytes of them as it says, and checks what must hold after each.
 *
 * An input is steps of four bytes: what to do and who does it (the upper two bits: 0, 2
 * or 1 for members 0, 1 and 2), the place of a byte to spoil (2), and what to change it by,
 * 0 for nothing.
 */
#include "agg_hosts.h"
#include "fuzz.h"
#include "merkle.h"
#include "tp_test.h"

#define MEMBERS 3u
#define EVERYBODY ((1u << MEMBERS) - 1)
#define THRESHOLD 2u
#define MAX_STEPS 64u
#define STEP_LEN 4u

static world w;
static const char text[] = "a record";
static const tc_span context = {(const uint8_t *)"entry 1", 7};
static const uint8_t grant_id[TEE_HASH_LEN] = {7};

/* What the steps leave behind for each other. */
static uint8_t sealed[256];
static size_t sealed_len;
static uint8_t shared[TEE_SHARED_KEY_MAX];
static size_t shared_len;
static tee_core heirs[MEMBERS]; /* that would go on for instances which are gone */
static size_t grant_at;
static uint64_t sequence;
static agg_hosts round_now;
static uint64_t keyed; /* members whose part of the round the hosts hold */
static uint64_t dealt[MEMBERS]; /* to whom */
static uint64_t contributed;
static uint64_t unmasked;
static uint64_t unmasked_for[MEMBERS]; /* survivors */
static uint64_t sharers_of[MEMBERS]; /* as each contributed */

typedef struct {
    unsigned seat;
    size_t place;
    uint8_t change;
} step;

static void put_var(writer *out, const void *data, size_t len) {
    write_u32(out, (uint32_t)len);
    write_bytes(out, data, len);
}

/* Whether a byte of the request was spoiled. */
static bool spoil(writer *request, const step *s) {
    if (s->change == 0) {
        return false;
    }
    request->start[s->place % request->len] ^= s->change;
    return true;
}

/* The operation asked last, with its request in w.request: what a dead one is asked too. */
static uint16_t last_op;
static size_t last_len;

static tee_status call(const step *s, uint16_t op, const writer *request) {
    tee_core *core = &w.cores[s->seat];
    last_op = op;
    last_len = request->len;
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

/* Of 0 bytes if the instance is dead. */
static size_t evidence_of(unsigned seat, uint8_t *out, size_t cap) {
    writer request = world_request(&w);
    if (w.cores[seat].dead) {
        return 0;
    }
    write_bytes(&request, grant_id, TEE_NONCE_LEN);
    FUZZ_NEED(world_call(&w, seat, TEE_OP_EVIDENCE, &request) == TEE_OK && w.answer_len <= cap);
    memcpy(out, w.answer, w.answer_len);
    return w.answer_len;
}

static void plan_round(uint64_t round) {
    hosts_plan(&round_now, MEMBERS, round, THRESHOLD);
    keyed = 0;
    contributed = 0;
    unmasked = 0;
    memset(dealt, 0, sizeof dealt);
}

static void start(void) {
    world_start(&w, MEMBERS);
    sequence = 0;
    shared_len = 0;
    last_len = 0;
    plan_round(1);
    for (unsigned i = 0; i < MEMBERS; i++) {
        world_follower(&w, i, &heirs[i]);
    }
    writer request = world_request(&w);
    put_var(&request, context.data, context.len);
    put_var(&request, text, sizeof text);
    FUZZ_NEED(world_call(&w, 0, TEE_OP_SEAL, &request) == TEE_OK);
    memcpy(sealed, w.answer, w.answer_len);
    sealed_len = w.answer_len;
    grant_at = world_grant(&w, 0, 1, grant_id, context);
}

/* ---- the steps ----------------------------------------------------------- */

static void peer_verify(const step *s) {
    uint8_t evidence[2048];
    size_t len = evidence_of((s->seat + 1) % MEMBERS, evidence, sizeof evidence);
    if (len == 0) {
        return;
    }
    writer request = world_request(&w);
    put_var(&request, evidence, len);
    bool spoiled = spoil(&request, s);
    FUZZ_NEED((call(s, TEE_OP_PEER_VERIFY, &request) == TEE_OK) == !spoiled);
}

static void rewrap(const step *s) {
    uint8_t evidence[2048];
    size_t len = evidence_of(1, evidence, sizeof evidence);
    if (len == 0) {
        return;
    }
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
        FUZZ_NEED(spoiled || s->seat != 1 || shared_len == 0);
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

/* An entry of a block of so many, with so many blocks upon it. */
static void prove_entry(const step *s) {
    enum { MOST = 9, ABOVE = 3 };
    static uint8_t leaves[MOST][TEE_HASH_LEN];
    static uint8_t headers[(1 + ABOVE) * TEE_HEADER_LEN];
    header_spec chain[1 + ABOVE];
    uint8_t root[TEE_HASH_LEN];
    uint8_t path[8 * TEE_HASH_LEN];
    uint8_t qc[QC_MAX];
    size_t size = 1 + s->place % MOST;
    size_t index = s->place / MOST % size;
    size_t above = s->place / (MOST * MOST) % (1 + ABOVE);
    for (size_t i = 0; i < size; i++) {
        const uint8_t entry = (uint8_t)i;
        FUZZ_NEED(merkle_leaf((tc_span){&entry, 1}, leaves[i]) == 0);
    }
    tree_head((const uint8_t(*)[TEE_HASH_LEN])leaves, size, root);
    for (size_t i = 0; i <= above; i++) {
        w.height++; /* so no two final blocks of one height */
        chain[i] = header_for(&w.config.config, w.height, w.height, w.config.config.hash);
        if (i == 0) {
            chain[i].entries_root = root;
            chain[i].entries = (uint32_t)size;
        } else {
            block_header below = decoded_header(&chain[i - 1]);
            memcpy(chain[i].parent, below.hash, TEE_HASH_LEN);
        }
    }
    const uint8_t entry = (uint8_t)index;
    writer request = world_request(&w);
    put_var(&request, &entry, 1);
    write_u32(&request, (uint32_t)index);
    put_var(&request, path,
            TEE_HASH_LEN * tree_path((const uint8_t(*)[TEE_HASH_LEN])leaves, size, index, path));
    put_var(&request, headers, encode_headers(chain, 1 + above, headers));
    put_var(&request, qc, build_qc(&w.config.config, &chain[above], w.keys, 3, qc));
    bool spoiled = spoil(&request, s);
    FUZZ_NEED((call(s, TEE_OP_ENTRY_PROVEN, &request) == TEE_OK) == !spoiled);
    FUZZ_NEED(w.cores[s->seat].ck.now.state == TEE_STATE_ACTIVE);
}

/* ---- cold start ---------------------------------------------------------- */

static header_spec proposed(uint64_t view) {
    return header_for(&w.config.config, view, view, w.config.config.hash);
}

/* What RESUME_SIGN is shown, of one of the kinds that state for an instance that is gone. */
static void show(writer *request, tee_resume_kind kind, const header_spec *header) {
    uint8_t bytes[TEE_HEADER_LEN];
    uint8_t prop[TEE_SIG_LEN];
    uint8_t qc[QC_MAX];
    write_u8(request, (uint8_t)kind);
    if (kind == TEE_RESUME_PROPOSAL) {
        encode_header(header, bytes);
        sign_prop(&w.config.config, header, w.keys[header->proposer], prop);
        write_bytes(request, bytes, sizeof bytes);
        write_bytes(request, prop, sizeof prop);
    } else if (kind == TEE_RESUME_CERTIFICATE) {
        put_var(request, qc, build_qc(&w.config.config, header, w.keys, 3, qc));
    }
}

static tee_status heir_call(const step *s, const writer *request) {
    size_t len = 0;
    tee_status status = tee_core_call(&heirs[s->seat], TEE_OP_RESUME_SIGN, request->start,
                                      request->len, w.answer, sizeof w.answer, &len);
    FUZZ_NEED(status != TEE_E_INTERNAL && len == (status == TEE_OK ? TEE_RESUME_LEN : 0));
    return status;
}

/* Never below what was stated before, and never by who has a seat. */
static void resume(const step *s) {
    tee_resume_kind kind = (tee_resume_kind)(s->place % 3);
    uint64_t view = kind == TEE_RESUME_ANCHOR ? 0 : 1 + s->place / 3 % 4;
    uint64_t before = heirs[s->seat].ck.resumed_pv;
    header_spec header = proposed(view == 0 ? 1 : view);
    writer request = world_request(&w);
    show(&request, kind, &header);
    bool spoiled = spoil(&request, s);
    bool stated = heir_call(s, &request) == TEE_OK;
    FUZZ_NEED(stated == (!spoiled && view >= before));
    FUZZ_NEED(heirs[s->seat].ck.resumed_pv == (stated ? view : before));
    if (request.start[0] != TEE_RESUME_GIVE_UP) {
        FUZZ_NEED(call(s, TEE_OP_RESUME_SIGN, &request) != TEE_OK);
    }
}

/* The configuration with the heirs' keys. */
static built_config inherited(void) {
    static const char *const names[MEMBERS] = {"member-0", "member-1", "member-2"};
    config_spec spec;
    built_config next;
    spec_default(&spec, 2, 4);
    for (unsigned i = 0; i < MEMBERS; i++) {
        spec.signing[i] = w.config.config.members[i].signing_key;
        spec.governance[i] = w.config.config.members[i].governance_key;
        spec_add(&spec, names[i], heirs[i].ck.public_key);
    }
    build_config(&next, &spec);
    return next;
}

/* The whole chain from genesis, taken by a stranger; a spoiled one by nobody. */
static void cold_start_by_all(const step *s) {
    static cold_spec cold;
    static uint8_t proof[COLD_MAX];
    static checker stranger;
    header_spec tip = proposed(1 + s->place % 5);
    built_config next = inherited();
    memset(&cold, 0, sizeof cold);
    for (uint16_t i = 0; i < MEMBERS; i++) {
        resume_statement said = statement_for(&w.config.config, i, w.config.config.hash, 0);
        if (i == s->seat) {
            stand_on(&said, &tip);
        }
        sign_statement(&said, heirs[i].ck.key, cold.statements[cold.statement_count++]);
    }
    for (uint16_t i = 0; i < MEMBERS; i++) {
        approve(&cold, &w.config.config, &next, i, w.keys[i]);
    }
    const epoch_item items[] = {{&w.config, NULL, NULL, 0},
                                {&next, NULL, proof, encode_cold_start(&cold, proof)}};
    writer request = world_request(&w);
    request.len = encode_chain(items, 2, request.start, request.cap);
    bool spoiled = spoil(&request, s);
    FUZZ_NEED(checker_init(&stranger, TEE_SUITE_ES256, fixture_chain) == TEE_OK);
    tee_status status = checker_enter(&stranger, (tc_span){request.start, request.len});
    FUZZ_NEED((status == TEE_OK) == !spoiled && status != TEE_E_INTERNAL);
    FUZZ_NEED(stranger.now.config.epoch == (spoiled ? 0 : 2));
    FUZZ_NEED(stranger.now.anchor_height == (spoiled ? 0 : tip.height));
    checker_wipe(&stranger);
}

/* ---- private answers ----------------------------------------------------- */

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

/* ---- secure aggregation -------------------------------------------------- */

static bool in_round(const step *s, agg_phase phase) {
    const agg_round *agg = &w.cores[s->seat].agg;
    return agg->phase == phase && memcmp(agg->id, round_now.id, sizeof agg->id) == 0;
}

static bool enough(uint64_t set) {
    return count_of(set) >= THRESHOLD;
}

/* Joins the round that the hosts run, or opens the next one first. */
static void agg_begin_step(const step *s) {
    if (s->place % 4 == 3) {
        plan_round(round_now.sequence + 1);
    }
    uint64_t spent = w.cores[s->seat].agg.spent;
    writer request = world_request(&w);
    hosts_write_begin(&w, &round_now, &request);
    bool spoiled = spoil(&request, s);
    bool joined = call(s, TEE_OP_AGG_BEGIN, &request) == TEE_OK;
    FUZZ_NEED(joined == (!spoiled && round_now.sequence > spent));
    FUZZ_NEED(w.cores[s->seat].agg.spent == (joined ? round_now.sequence : spent));
    if (joined) {
        hosts_keep_key(&round_now, s->seat, &w);
        keyed |= 1u << s->seat;
    }
}

static void agg_share_step(const step *s) {
    uint64_t left_out = s->place % 3 == 2 ? 1u << s->place / 3 % MEMBERS : 0;
    uint64_t told = keyed & ~left_out;
    bool expected = in_round(s, AGG_KEYED) && enough(told) && in_set(told, s->seat);
    writer request = world_request(&w);
    hosts_write_share(&round_now, told, &request);
    bool spoiled = spoil(&request, s);
    bool shared_out = call(s, TEE_OP_AGG_SHARE, &request) == TEE_OK;
    FUZZ_NEED(shared_out == (!spoiled && expected));
    if (shared_out) {
        hosts_keep_shares(&round_now, s->seat, told, &w);
        dealt[s->seat] = told;
    }
}

static void agg_contribute_step(const step *s) {
    const tee_core *core = &w.cores[s->seat];
    uint64_t sharers = 0;
    int64_t values[AGG_VALUES_MAX];
    for (unsigned from = 0; from < MEMBERS; from++) {
        if (in_set(dealt[from], s->seat)) {
            sharers |= 1u << from;
        }
    }
    bool expected = in_round(s, AGG_SHARED) && core->dp.purpose == DP_GATHERS
                    && memcmp(core->dp.debit, round_now.id, TEE_HASH_LEN) == 0 && enough(sharers)
                    && in_set(sharers, s->seat) && (sharers & ~core->agg.keyed) == 0;
    memcpy(values, core->dp.tally.values, sizeof values);
    writer request = world_request(&w);
    hosts_write_contribute(&round_now, s->seat, sharers, &request);
    bool spoiled = spoil(&request, s);
    bool given = call(s, TEE_OP_AGG_CONTRIBUTE, &request) == TEE_OK;
    FUZZ_NEED(given == (!spoiled && expected));
    if (given) {
        hosts_keep_contribution(&round_now, s->seat, &w);
        memcpy(round_now.values[s->seat], values, sizeof values);
        contributed |= 1u << s->seat;
        sharers_of[s->seat] = sharers;
        FUZZ_NEED(core->dp.purpose == DP_CLOSED);
    }
}

/* Whatever is asked, a member unmasks for one set, and forgets. */
static void agg_unmask_step(const step *s) {
    const agg_round *agg = &w.cores[s->seat].agg;
    writer request = world_request(&w);
    write_u64(&request, contributed);
    spoil(&request, s);
    reader asked = reader_of(request.start, request.len);
    uint64_t survivors = read_u64(&asked);
    bool expected = agg->phase == AGG_CONTRIBUTED && (survivors & ~agg->sharers) == 0
                    && enough(survivors);
    bool current = in_round(s, AGG_CONTRIBUTED);
    bool given = call(s, TEE_OP_AGG_UNMASK, &request) == TEE_OK;
    FUZZ_NEED(given == expected);
    FUZZ_NEED(!given || (agg->key == NULL && agg->phase != AGG_CONTRIBUTED));
    if (given && current) {
        hosts_keep_unmasking(&round_now, s->seat, &w);
        unmasked |= 1u << s->seat;
        unmasked_for[s->seat] = survivors;
    }
}

/* Pays for the round's answer; only at the aggregator is it of use. */
static void agg_pay_step(const step *s) {
    debit_spec debit = debit_for(&w, s->seat, &round_now.query, ++sequence);
    uint64_t spent = w.cores[s->seat].dp.spent;
    tee_status status = world_begin(&w, s->seat, &round_now.query, &debit);
    FUZZ_NEED((status == TEE_OK) == (sequence > spent));
}

/* Whether all of the set contributed and the chosen unmasked, for the same sets as the seat. */
static bool agree(const step *s, uint64_t survivors, uint64_t chosen) {
    bool same = (survivors & ~contributed) == 0 && enough(survivors) && enough(chosen);
    for (unsigned i = 0; i < MEMBERS; i++) {
        if (in_set(survivors | chosen, i)) {
            same = same && sharers_of[i] == w.cores[s->seat].agg.sharers;
        }
        same = same && (!in_set(chosen, i) || unmasked_for[i] == survivors);
    }
    return same;
}

static bool may_finish(const step *s) {
    const tee_core *core = &w.cores[s->seat];
    return s->seat == round_now.aggregator && in_round(s, AGG_UNMASKED)
           && core->dp.purpose == DP_FINISHES
           && memcmp(core->dp.query.hash, core->agg.terms.query_hash, TEE_HASH_LEN) == 0;
}

/* An answer is the sum of what the survivors put in, or there is none. */
static void agg_finish_step(const step *s) {
    uint64_t chosen = 0;
    uint64_t survivors = contributed;
    for (unsigned i = 0; i < MEMBERS && count_of(chosen) < THRESHOLD; i++) {
        unsigned unmasker = (unsigned)((i + s->place) % MEMBERS);
        if (in_set(unmasked, unmasker)) {
            chosen |= 1u << unmasker;
            survivors = unmasked_for[unmasker] & EVERYBODY;
        }
    }
    bool expected = may_finish(s) && agree(s, survivors, chosen);
    writer request = world_request(&w);
    hosts_write_finish(&round_now, survivors, chosen, &request);
    bool spoiled = spoil(&request, s);
    bool answered = call(s, TEE_OP_AGG_FINISH, &request) == TEE_OK;
    FUZZ_NEED(answered == (expected && !spoiled));
    for (unsigned value = 0; answered && value < 2; value++) {
        uint64_t sum = 0;
        for (unsigned i = 0; i < MEMBERS; i++) {
            sum += in_set(survivors, i) ? (uint64_t)round_now.values[i][value] : 0;
        }
        FUZZ_NEED((uint64_t)answer_value(&w, value) == sum);
    }
    FUZZ_NEED(!answered || w.cores[s->seat].agg.phase == AGG_IDLE);
}

/* ---- the end ------------------------------------------------------------- */

/* The kernel has no randomness for one request: an invariant fails. */
static void die(const step *s) {
    writer request = world_request(&w);
    put_var(&request, context.data, context.len);
    put_var(&request, text, sizeof text);
    last_op = TEE_OP_SEAL;
    last_len = request.len;
    tp_test_random_fails = 1;
    tee_status status = world_call(&w, s->seat, TEE_OP_SEAL, &request);
    tp_test_random_fails = 0;
    FUZZ_NEED(status == TEE_E_INTERNAL && w.answer_len == 0 && w.cores[s->seat].dead);
}

/* Nothing is answered by a dead one but that it is; nor does anything in it move. */
static void ask_the_dead(const step *s) {
    static tee_core before;
    before = w.cores[s->seat];
    uint16_t op = s->change == 0 ? last_op : (uint16_t)(s->place % 32);
    writer request = {w.request, sizeof w.request, op == TEE_OP_INFO ? 0 : last_len, true};
    tee_status status = world_call(&w, s->seat, op, &request);
    if (op == TEE_OP_INFO) {
        const size_t state_at = 2u + 1u + 1u + 1u + TEE_MEASUREMENT_LEN;
        FUZZ_NEED(status == TEE_OK && w.answer_len == TEE_INFO_LEN);
        FUZZ_NEED(w.answer[state_at] == TEE_STATE_DEAD);
    } else {
        FUZZ_NEED(status == TEE_E_INTERNAL && w.answer_len == 0);
    }
    FUZZ_NEED(memcmp(&before, &w.cores[s->seat], sizeof before) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static void (*const does[])(const step *) = {
        peer_verify,       rewrap,      open_shared, checkpoint,    resume,
        cold_start_by_all, begin_query, add_measure, release_answer, prove_entry,
        agg_begin_step,    agg_share_step, agg_contribute_step, agg_unmask_step, agg_pay_step,
        agg_finish_step,   die};
    static const uint8_t seats[] = {0, 2, 1, 1}; /* bit 7 is older than bit 6 */
    static bool ready;
    if (!ready) {
        FUZZ_NEED(tc_init() == 0);
        ready = true;
    }
    start();
    for (size_t at = 0; at + STEP_LEN <= size && at < MAX_STEPS * STEP_LEN; at += STEP_LEN) {
        const step s = {.seat = seats[data[at] >> 6],
                        .place = (size_t)data[at + 1] << 8 | data[at + 2],
                        .change = data[at + 3]};
        if (w.cores[s.seat].dead) {
            ask_the_dead(&s);
        } else {
            does[(data[at] & 0x3fu) % (sizeof does / sizeof does[0])](&s);
        }
    }
    for (unsigned i = 0; i < MEMBERS; i++) {
        tee_core_wipe(&heirs[i]);
    }
    world_end(&w);
    return 0;
}
