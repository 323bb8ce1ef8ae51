/*
 * n checkers in one process, and a host that tries everything.
 *
 * The host holds every object that was ever signed and calls the checkers in any
 * order with any of them, mixed up as it likes; it cannot forge. After each
 * signature the invariants of consensus are checked:
 *   I1  certified blocks of an epoch lie on one chain; one epoch has one end
 *   I2  one PROP and one VOTE per key, epoch and view
 *   I3  no VOTE below a signed NEWV; a NEWV reports the last vote
 *   I5  every PROP above a certified block extends it
 *   I6  nothing but its suffix extends the last block of an epoch, which has entries; the
 *       next epoch begins at that block
 *   and no checker ever halts, since all are genuine.
 * Signatures are those of model_crypto.c. Usage: checker-sim [worlds [seed]].
 * With CADUCEUS_FUZZ it is a libFuzzer harness instead: the fuzzer's bytes take
 * the place of chance.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checker.h"
#include "fixtures.h"

#define MAX_BLOCKS 400
#define MAX_REPORTS 600
#define MAX_EPOCHS 4
#define MAX_INSTANCES 12
#define STEPS 420
#define HEADERS_MAX (TEE_MAX_EPOCH_END * TEE_HEADER_LEN)

typedef struct {
    header_spec spec;
    block_header header;
    int parent; /* index, or -1 if it extends an epoch's anchor */
    bool proposed;
    uint8_t prop[TEE_SIG_LEN];
    uint64_t voters;
    uint8_t votes[8][TEE_SIG_LEN];
    bool certified;
} block;

typedef struct {
    uint64_t epoch;
    new_view report;
} stored_report;

typedef struct {
    checker ck;
    uint64_t proposed_view; /* highest signed, in the epoch below */
    uint64_t voted_view;
    uint64_t left_view;
    uint64_t epoch;
    int voted_block;
} instance;

typedef struct {
    unsigned epochs; /* configs 1..epochs exist */
    built_config configs[MAX_EPOCHS + 2];
    int ends[MAX_EPOCHS + 2]; /* last block of the epoch, if certified, or -1 */
    int tops[MAX_EPOCHS + 2]; /* block whose certificate proves that, or -1 */
    unsigned instances;
    instance inst[MAX_INSTANCES];
    int blocks;
    block block[MAX_BLOCKS];
    int reports;
    stored_report report[MAX_REPORTS];
    uint64_t target; /* the view the hosts are trying to reach in the newest epoch */
} world;

static world w;
static uint64_t seed;
#ifndef CADUCEUS_FUZZ
static uint64_t rng_state;
#endif
static struct {
    uint64_t calls, proposals, votes, new_views, certified, suffixes, epochs_entered, refused;
} counted;

/* ---- chance ------------------------------------------------------------- */

#ifdef CADUCEUS_FUZZ

static const uint8_t *fuzz_at;
static size_t fuzz_left;

/* Two bytes a choice; a choice without bytes left is the first one. */
static uint64_t rnd(void) {
    uint64_t value = 0;
    for (unsigned i = 0; i < 2 && fuzz_left > 0; i++) {
        value = value << 8 | *fuzz_at++;
        fuzz_left--;
    }
    return value;
}

#else

static uint64_t rnd(void) {
    uint64_t z = (rng_state += 0x9e3779b97f4a7c15u);
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

#endif

static unsigned below(unsigned n) {
    return n == 0 ? 0 : (unsigned)(rnd() % n);
}

static bool one_in(unsigned n) {
    return below(n) == 0;
}

static void violated(const char *what) {
    fprintf(stderr, "seed %" PRIu64 ": violated: %s\n", seed, what);
    exit(1);
}

/* ---- the world ---------------------------------------------------------- */

static instance *new_instance(void) {
    instance *made = &w.inst[w.instances++];
    memset(made, 0, sizeof *made);
    made->voted_block = -1;
    if (checker_init(&made->ck, TEE_SUITE_ES256, fixture_chain) != TEE_OK) {
        violated("an instance starts");
    }
    return made;
}

static const char *const seat_ids[8] = {"a", "b", "c", "d", "e", "f", "g", "h"};

static void make_config(uint64_t epoch, unsigned n, const unsigned *seats) {
    config_spec spec;
    spec_default(&spec, epoch, (uint16_t)(1 + below(3)));
    for (unsigned i = 0; i < n; i++) {
        spec_add(&spec, seat_ids[i], w.inst[seats[i]].ck.public_key);
    }
    build_config(&w.configs[epoch], &spec);
    w.ends[epoch] = -1;
    w.tops[epoch] = -1;
    w.epochs = (unsigned)epoch;
}

static void world_start(void) {
    unsigned n = 1 + below(5);
    unsigned seats[8];
    for (unsigned i = 0; i < w.instances; i++) {
        checker_wipe(&w.inst[i].ck);
    }
    w.instances = 0;
    w.blocks = 0;
    w.reports = 0;
    w.target = 1;
    for (unsigned i = 0; i < n; i++) {
        new_instance();
        seats[i] = i;
    }
    make_config(1, n, seats);
}

/* The members of the next epoch: some of the old, some new. */
static void plan_next_epoch(void) {
    unsigned seats[8];
    unsigned n = 0;
    const epoch_config *now = &w.configs[w.epochs].config;
    for (unsigned i = 0; i < w.instances; i++) {
        bool sits = false;
        for (unsigned m = 0; m < now->n; m++) {
            sits = sits || memcmp(now->members[m].voting_key, w.inst[i].ck.public_key, 65) == 0;
        }
        if (sits && n < 5 && !one_in(4)) {
            seats[n++] = i;
        }
    }
    while (w.instances < MAX_INSTANCES && n < 6 && (n == 0 || one_in(3))) {
        seats[n++] = w.instances;
        new_instance();
    }
    if (n > 0) {
        make_config(w.epochs + 1, n, seats);
    }
}

/* ---- invariants --------------------------------------------------------- */

static bool is_ancestor(int ancestor, int of) {
    while (of >= 0) {
        if (of == ancestor) {
            return true;
        }
        of = w.block[of].parent;
    }
    return false;
}

static bool is_suffix(int b) {
    return w.block[b].spec.last && w.block[b].spec.entries == 0;
}

/* The last block of an epoch, of its suffix. */
static int end_below(int b) {
    while (is_suffix(b) && w.block[b].parent >= 0) {
        b = w.block[b].parent;
    }
    return b;
}

/* Whether every block of the suffix names the same next configuration. */
static bool proves_end(int b) {
    int end = end_below(b);
    bool same = true;
    for (int i = b; i != end; i = w.block[i].parent) {
        same = same
               && memcmp(w.block[i].spec.next_config, w.block[end].spec.next_config, TEE_HASH_LEN)
                      == 0;
    }
    return same;
}

static void check_certified(int b) {
    const block *mine = &w.block[b];
    for (int i = 0; i < w.blocks; i++) {
        const block *other = &w.block[i];
        if (i == b || other->spec.epoch != mine->spec.epoch) {
            continue;
        }
        if (other->certified && !is_ancestor(i, b) && !is_ancestor(b, i)) {
            violated("I1: certified blocks lie on one chain");
        }
        if (other->certified && mine->spec.last && is_ancestor(b, i) && !is_suffix(i)) {
            violated("I6: nothing certified but its suffix extends the last block of an epoch");
        }
        if (other->proposed && other->spec.view > mine->spec.view && !is_ancestor(b, i)) {
            violated("I5: a proposal above a certified block extends it");
        }
    }
}

static void check_proposed(int b) {
    const block *mine = &w.block[b];
    bool ended = mine->parent >= 0 && w.block[mine->parent].spec.last
                 && w.block[mine->parent].spec.epoch == mine->spec.epoch;
    if (ended && !is_suffix(b)) {
        violated("I6: no proposal but its suffix extends the last block of an epoch");
    }
    if (!ended && is_suffix(b)) {
        violated("I6: the last block of an epoch has entries");
    }
    for (int i = 0; i < w.blocks; i++) {
        const block *other = &w.block[i];
        if (i == b || other->spec.epoch != mine->spec.epoch) {
            continue;
        }
        if (other->proposed && other->spec.view == mine->spec.view) {
            violated("I2: one proposal per view");
        }
        if (other->certified && other->spec.view < mine->spec.view && !is_ancestor(i, b)) {
            violated("I5: a proposal above a certified block extends it");
        }
    }
}

static void note_epoch(instance *in) {
    if (in->ck.now.config.epoch != in->epoch) {
        in->epoch = in->ck.now.config.epoch;
        in->proposed_view = 0;
        in->voted_view = 0;
        in->left_view = 0;
        in->voted_block = -1;
    }
}

static void check_standing(const instance *in) {
    if (in->ck.now.state == TEE_STATE_HALTED) {
        violated("genuine enclaves never halt each other");
    }
    if (in->ck.pv > in->ck.v && in->ck.v != 0) {
        violated("I3: pv never exceeds v");
    }
}

/* ---- what the host may try ---------------------------------------------- */

static int random_block_of(uint64_t epoch) {
    int found = -1;
    for (int tries = 0; tries < 8 && w.blocks > 0; tries++) {
        /* Mostly the newest: old ones are seldom of use. */
        int newest = w.blocks < 6 ? w.blocks : 6;
        found = one_in(4) ? (int)below((unsigned)w.blocks)
                          : w.blocks - 1 - (int)below((unsigned)newest);
        if (w.block[found].spec.epoch == epoch) {
            return found;
        }
    }
    return found;
}

static size_t qc_of(const block *b, uint8_t out[QC_MAX]) {
    writer q = writer_of(out, QC_MAX);
    write_u64(&q, b->spec.epoch);
    write_u64(&q, b->spec.view);
    write_u64(&q, b->spec.height);
    write_bytes(&q, b->header.hash, TEE_HASH_LEN);
    write_u8(&q, b->spec.last ? 1 : 0);
    write_u8(&q, 1);
    write_u64(&q, b->voters);
    for (unsigned i = 0; i < 8; i++) {
        if ((b->voters >> i & 1u) != 0) {
            write_bytes(&q, b->votes[i], TEE_SIG_LEN);
        }
    }
    return q.len;
}

static int block_with_hash(const uint8_t hash[TEE_HASH_LEN]) {
    for (int i = 0; i < w.blocks; i++) {
        if (memcmp(w.block[i].header.hash, hash, TEE_HASH_LEN) == 0) {
            return i;
        }
    }
    return -1;
}

/* Stored reports for the view, one per member at random, ascending. */
static uint16_t gather_reports(const epoch_config *config, uint64_t view,
                               new_view out[TEE_MAX_MEMBERS]) {
    uint16_t count = 0;
    for (uint16_t m = 0; m < config->n; m++) {
        for (int i = 0; i < w.reports; i++) {
            const stored_report *r = &w.report[i];
            if (r->epoch == config->epoch && r->report.member == m
                && (r->report.new_view == view || one_in(60))) {
                out[count++] = r->report;
                break;
            }
        }
    }
    /* Sometimes only some of them: any quorum is fair. */
    while (count > config_quorum(config) && one_in(2)) {
        uint16_t drop = (uint16_t)below(count);
        memmove(&out[drop], &out[drop + 1], (size_t)(count - drop - 1u) * sizeof out[0]);
        count--;
    }
    return count;
}

/* What the host claims to be the parent, and why. */
typedef struct {
    uint8_t just[JUST_MAX];
    size_t just_len;
    uint8_t parent[TEE_HASH_LEN];
    uint64_t height;
} claim;

static void claim_anchor(const checker *ck, claim *c) {
    c->just_len = just_anchor(c->just);
    memcpy(c->parent, ck->now.anchor, TEE_HASH_LEN);
    c->height = ck->now.anchor_height;
}

static void claim_qc(const checker *ck, claim *c) {
    uint8_t qc[QC_MAX];
    int b = random_block_of(ck->now.config.epoch);
    if (b < 0) {
        claim_anchor(ck, c);
        return;
    }
    c->just_len = just_qc(qc, qc_of(&w.block[b], qc), c->just);
    memcpy(c->parent, w.block[b].header.hash, TEE_HASH_LEN);
    c->height = w.block[b].spec.height;
}

static void claim_reports(const checker *ck, uint64_t view, claim *c) {
    new_view reports[TEE_MAX_MEMBERS];
    uint16_t count = gather_reports(&ck->now.config, view, reports);
    if (count == 0) {
        claim_anchor(ck, c);
        return;
    }
    unsigned pick = 0;
    for (uint16_t i = 1; i < count; i++) {
        pick = reports[i].pv > reports[pick].pv ? i : pick;
    }
    if (one_in(6)) {
        pick = below(count); /* not the highest */
    }
    memcpy(c->parent, reports[pick].ph, TEE_HASH_LEN);
    c->height = reports[pick].pheight;
    c->just_len = just_new_views(reports, count, c->just);
}

static uint64_t view_to_try(const checker *ck) {
    return one_in(5) ? ck->v + below(4) : w.target;
}

/* Mostly the leader of the view the hosts try to reach, if it is there. */
static instance *leader_of_target(instance *otherwise) {
    const epoch_config *config = &w.configs[otherwise->ck.now.config.epoch].config;
    if (otherwise->ck.now.config.epoch == 0 || one_in(5)) {
        return otherwise;
    }
    const uint8_t *key = config->members[config_leader(config, w.target)].voting_key;
    for (unsigned i = 0; i < w.instances; i++) {
        instance *in = &w.inst[i];
        if (memcmp(in->ck.public_key, key, TEE_KEY_LEN) == 0 && in->epoch == otherwise->epoch) {
            return in;
        }
    }
    return otherwise;
}

/* Sometimes the block ends its epoch; upon such a one it is mostly its suffix. */
static void choose_end(block *made, uint64_t epoch) {
    const block *parent = made->parent < 0 ? NULL : &w.block[made->parent];
    bool ended = parent != NULL && parent->spec.last && parent->spec.epoch == epoch;
    if (ended && !one_in(4)) {
        made->spec.last = true;
        made->spec.entries = 0;
        memcpy(made->spec.next_config, parent->spec.next_config, TEE_HASH_LEN);
        made->spec.next_config[0] ^= one_in(20) ? 1 : 0; /* a lie: another configuration */
    } else if (one_in(4) && w.epochs > epoch) {
        made->spec.last = true;
        made->spec.entries = one_in(10) ? 0 : 2;
        memcpy(made->spec.next_config, w.configs[epoch + 1].config.hash, TEE_HASH_LEN);
    }
}

static void try_propose(instance *any) {
    instance *in = leader_of_target(any);
    const checker *ck = &in->ck;
    static claim c;
    if (w.blocks == MAX_BLOCKS || ck->now.config.epoch == 0) {
        return;
    }
    uint64_t view = view_to_try(ck);
    switch (below(8)) {
    case 0:
        claim_anchor(ck, &c);
        view = one_in(3) ? view : 1;
        break;
    case 1:
    case 2:
    case 3:
        claim_qc(ck, &c);
        break;
    default:
        claim_reports(ck, view, &c);
    }
    if (c.just[0] == 1 && !one_in(6)) { /* mostly the view after the certificate's */
        int b = block_with_hash(c.parent);
        view = b < 0 ? view : w.block[b].spec.view + 1;
    }
    if (one_in(12)) { /* a lie: another parent than the one justified */
        int b = random_block_of(ck->now.config.epoch);
        if (b >= 0) {
            memcpy(c.parent, w.block[b].header.hash, TEE_HASH_LEN);
            c.height = w.block[b].spec.height;
        }
    }
    block *made = &w.block[w.blocks];
    memset(made, 0, sizeof *made);
    made->spec = header_for(&ck->now.config, view == 0 ? 1 : view, c.height + 1, c.parent);
    made->spec.salt = (uint8_t)rnd();
    if (one_in(30) && w.epochs < MAX_EPOCHS && ck->now.config.epoch == w.epochs) {
        plan_next_epoch();
    }
    made->parent = block_with_hash(c.parent);
    choose_end(made, ck->now.config.epoch);
    made->header = decoded_header(&made->spec);
    uint8_t bytes[TEE_HEADER_LEN];
    encode_header(&made->spec, bytes);
    counted.calls++;
    if (checker_propose(&in->ck, (tc_span){bytes, sizeof bytes}, (tc_span){c.just, c.just_len},
                        made->prop)
        != TEE_OK) {
        counted.refused++;
        return;
    }
    counted.proposals++;
    made->proposed = true;
    w.blocks++;
    if (made->spec.view <= in->proposed_view || made->spec.view < in->left_view) {
        violated("I2: proposed views grow");
    }
    in->proposed_view = made->spec.view;
    check_proposed(w.blocks - 1);
}

static void note_end(uint64_t epoch, int b) {
    int end = end_below(b);
    if (w.ends[epoch] >= 0 && w.ends[epoch] != end) {
        violated("I1: an epoch has one end");
    }
    if (proves_end(b)) {
        counted.suffixes += b != end ? 1 : 0;
        w.ends[epoch] = end;
        w.tops[epoch] = b;
    }
}

static void certify(int b) {
    const epoch_config *config = &w.configs[w.block[b].spec.epoch].config;
    unsigned votes = 0;
    for (unsigned i = 0; i < 8; i++) {
        votes += (unsigned)(w.block[b].voters >> i & 1u);
    }
    if (w.block[b].certified || votes < config_quorum(config)) {
        return;
    }
    w.block[b].certified = true;
    counted.certified++;
    check_certified(b);
    if (w.block[b].spec.last) {
        note_end(config->epoch, b);
    }
}

static void try_vote(instance *in) {
    int b = random_block_of(in->ck.now.config.epoch);
    if (b < 0) {
        return;
    }
    block *target = &w.block[b];
    header_spec spec = target->spec;
    uint8_t bytes[TEE_HEADER_LEN];
    uint8_t sig[TEE_SIG_LEN];
    if (one_in(20)) { /* a lie: another body under the leader's signature */
        spec.salt ^= 1;
    }
    encode_header(&spec, bytes);
    counted.calls++;
    if (checker_vote(&in->ck, (tc_span){bytes, sizeof bytes}, target->prop, sig) != TEE_OK) {
        counted.refused++;
        return;
    }
    counted.votes++;
    if (spec.salt != target->spec.salt) {
        violated("a vote is for what its leader signed");
    }
    if (spec.view <= in->voted_view || spec.view < in->left_view || spec.epoch != in->epoch) {
        violated("I2, I3: one vote per view, none below a view left");
    }
    in->voted_view = spec.view;
    in->voted_block = b;
    target->voters |= (uint64_t)1 << in->ck.now.me;
    memcpy(target->votes[in->ck.now.me], sig, TEE_SIG_LEN);
    certify(b);
}

static void try_new_view(instance *in) {
    uint8_t bytes[TEE_NEW_VIEW_LEN];
    uint64_t view = one_in(12) ? in->ck.v + below(3) : w.target;
    counted.calls++;
    if (checker_new_view(&in->ck, view, bytes) != TEE_OK) {
        counted.refused++;
        return;
    }
    counted.new_views++;
    new_view report;
    reader r = reader_of(bytes, sizeof bytes);
    read_new_view(&r, &report);
    if (view <= in->left_view || view <= in->voted_view || report.pv != in->voted_view) {
        violated("I3: a new view is above the last vote, which it reports");
    }
    if (in->voted_block >= 0
        && memcmp(report.ph, w.block[in->voted_block].header.hash, TEE_HASH_LEN) != 0) {
        violated("I3: a new view reports the block of the last vote");
    }
    in->left_view = view;
    if (w.reports < MAX_REPORTS) {
        w.report[w.reports].epoch = in->epoch;
        w.report[w.reports++].report = report;
    }
}

/* Headers from the end of the epoch, if the block is one of its suffix, to the block. */
static size_t headers_up_to(int b, uint8_t *out) {
    int chain[TEE_MAX_EPOCH_END];
    size_t count = 0;
    int end = end_below(b);
    for (int i = b; i != end && count + 1 < TEE_MAX_EPOCH_END; i = w.block[i].parent) {
        chain[count++] = i;
    }
    chain[count++] = end;
    for (size_t i = 0; i < count; i++) {
        encode_header(&w.block[chain[count - 1 - i]].spec, out + i * TEE_HEADER_LEN);
    }
    return count * TEE_HEADER_LEN;
}

/* Entered by these items, the first of which is of the epoch `from`. */
static void check_entered(const instance *in, uint64_t from, uint16_t count) {
    for (uint16_t i = 0; i < count; i++) {
        if (from + i > 1 && w.ends[from + i - 1] < 0) {
            violated("an epoch is entered only by its certified end");
        }
    }
    int end = from + count - 1 > 1 ? w.ends[from + count - 2] : -1;
    if (end >= 0
        && (memcmp(in->ck.now.anchor, w.block[end].header.hash, TEE_HASH_LEN) != 0
            || in->ck.now.anchor_height != w.block[end].spec.height)) {
        violated("I6: an epoch begins at the last block of the one before");
    }
}

static void try_enter(instance *in) {
    static uint8_t payload[MAX_EPOCHS * (CONFIG_MAX + QC_MAX + HEADERS_MAX + 512)];
    static uint8_t headers[MAX_EPOCHS + 2][HEADERS_MAX];
    static uint8_t qcs[MAX_EPOCHS + 2][QC_MAX];
    epoch_item items[MAX_EPOCHS + 2];
    size_t header_lens[MAX_EPOCHS + 2];
    uint16_t count = 0;
    uint64_t from = in->ck.now.config.epoch + 1;
    for (uint64_t e = from; e <= w.epochs; e++) {
        items[count] = (epoch_item){&w.configs[e], NULL, NULL, 0};
        header_lens[count] = 0;
        int top = e == 1 ? -1 : w.tops[e - 1];
        if (e > 1 && top < 0 && !one_in(3)) {
            break;
        }
        if (e > 1) { /* without a certified end: some other block's certificate */
            int b = top >= 0 ? top : random_block_of(e - 1);
            if (b < 0) {
                break;
            }
            header_lens[count] = headers_up_to(b, headers[count]);
            items[count].header = headers[count];
            items[count].proof = qcs[count];
            items[count].proof_len = qc_of(&w.block[b], qcs[count]);
        }
        count++;
    }
    size_t len = encode_long_chain(items, header_lens, count, payload, sizeof payload);
    counted.calls++;
    tee_status status = checker_enter(&in->ck, (tc_span){payload, len});
    if (status != TEE_OK) {
        counted.refused++;
        return;
    }
    counted.epochs_entered++;
    check_entered(in, from, count);
    if (in->ck.now.config.epoch == w.epochs && in->ck.v == 0 && one_in(2)) {
        w.target = 1; /* views start over */
    }
    note_epoch(in);
}

/* Random bytes for any decoder: never accepted, never a crash. */
static void try_garbage(instance *in) {
    uint8_t bytes[JUST_MAX];
    uint8_t sig[TEE_SIG_LEN];
    size_t len = below(400);
    for (size_t i = 0; i < len; i++) {
        bytes[i] = (uint8_t)rnd();
    }
    counted.calls++;
    const tc_span span = {bytes, len};
    if (checker_enter(&in->ck, span) == TEE_OK
        || checker_propose(&in->ck, span, span, sig) == TEE_OK
        || checker_vote(&in->ck, span, bytes, sig) == TEE_OK) {
        violated("garbage is refused");
    }
}

/* Somebody who can still sign, mostly. */
static instance *somebody(void) {
    instance *in = &w.inst[below(w.instances)];
    for (int tries = 0; tries < 8 && in->ck.now.state != TEE_STATE_ACTIVE && !one_in(6); tries++) {
        in = &w.inst[below(w.instances)];
    }
    return in;
}

static void step(void) {
    instance *in = somebody();
    unsigned dice = below(100);
    if (one_in(14)) {
        w.target += one_in(8) ? below(4) : 1;
    }
    if ((in->ck.now.config.epoch == 0 && dice < 50) || dice < 4) {
        try_enter(in);
    } else if (dice < 40) {
        try_propose(in);
    } else if (dice < 80) {
        try_vote(in);
    } else if (dice < 99) {
        try_new_view(in);
    } else {
        try_garbage(in);
    }
    check_standing(in);
}

#ifdef CADUCEUS_FUZZ

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_at = data;
    fuzz_left = size;
    world_start();
    for (int i = 0; i < STEPS && fuzz_left > 0; i++) {
        step();
    }
    return 0;
}

#else

int main(int argc, char **argv) {
    unsigned long worlds = argc > 1 ? strtoul(argv[1], NULL, 10) : 20000;
    uint64_t first = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    for (seed = first; seed < first + worlds; seed++) {
        rng_state = seed * 0x2545f4914f6cdd1du;
        world_start();
        for (int i = 0; i < STEPS; i++) {
            step();
        }
    }
    printf("%" PRIu64 " calls: %" PRIu64 " proposals, %" PRIu64 " votes, %" PRIu64
           " new views, %" PRIu64 " certified blocks, %" PRIu64 " certified suffixes, %" PRIu64
           " epochs entered, %" PRIu64 " refused\n",
           counted.calls, counted.proposals, counted.votes, counted.new_views, counted.certified,
           counted.suffixes, counted.epochs_entered, counted.refused);
    for (unsigned i = 0; i < w.instances; i++) {
        checker_wipe(&w.inst[i].ck);
    }
    /* A simulation that does nothing must not pass. */
    bool lively = counted.proposals > worlds && counted.certified * 4 > worlds
                  && counted.suffixes > 0 && counted.epochs_entered > worlds;
    return lively ? 0 : 1;
}

#endif
