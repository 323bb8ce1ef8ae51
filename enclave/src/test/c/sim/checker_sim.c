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
 *   I7  a cold start goes on from a block that nothing certified is missing from, and is
 *       entered only with enough statements and approvals
 *   and no checker ever halts, since all are genuine.
 * In a cold start, of the members that state at most f lie, as broken disks would: they
 * state an older place, or their enclave was not lost and votes on.
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
#define MAX_INSTANCES 24
#define MEMBERS_MAX 8
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
    bool lost; /* its process ended: nobody can ask it any more */
} instance;

typedef struct {
    unsigned epochs; /* configs 1..epochs exist */
    built_config configs[MAX_EPOCHS + 2];
    int ends[MAX_EPOCHS + 2]; /* last block of the epoch, if certified, or -1 */
    int tops[MAX_EPOCHS + 2]; /* block whose certificate proves that, or -1 */
    bool cold[MAX_EPOCHS + 2]; /* whether the epoch began by a cold start of the one before */
    int anchors[MAX_EPOCHS + 2]; /* of those: the block, or -1 for the anchor before */
    cold_spec proofs[MAX_EPOCHS + 2];
    tc_key *officers[MEMBERS_MAX]; /* of the seats */
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
    uint64_t calls, proposals, votes, new_views, certified, suffixes, epochs_entered, cold_starts,
        cold_entered, refused;
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
        spec.governance[i] = tc_key_public(w.officers[i]);
        spec_add(&spec, seat_ids[i], w.inst[seats[i]].ck.public_key);
    }
    build_config(&w.configs[epoch], &spec);
    w.ends[epoch] = -1;
    w.tops[epoch] = -1;
    w.cold[epoch] = false;
    w.epochs = (unsigned)epoch;
}

static void world_start(void) {
    unsigned n = 1 + below(5);
    unsigned seats[8];
    for (unsigned i = 0; i < w.instances; i++) {
        checker_wipe(&w.inst[i].ck);
    }
    for (unsigned i = 0; i < MEMBERS_MAX; i++) {
        w.officers[i] = w.officers[i] == NULL ? tc_key_generate(TEE_SUITE_ES256) : w.officers[i];
    }
    memset(w.cold, 0, sizeof w.cold);
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
        if (sits && !w.inst[i].lost && n < 5 && !one_in(4)) {
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
    if (w.cold[mine->spec.epoch + 1] && !is_ancestor(b, w.anchors[mine->spec.epoch + 1])) {
        violated("I7: nothing certified is missing from where a cold start went on");
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
        if (memcmp(in->ck.public_key, key, TEE_KEY_LEN) == 0 && in->epoch == otherwise->epoch
            && !in->lost) {
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

/* Hash and height at which an epoch begins by what the hosts know. */
static void beginning_of(uint64_t epoch, const uint8_t **hash, uint64_t *height) {
    *hash = w.configs[1].config.hash;
    *height = 0;
    for (uint64_t e = 2; e <= epoch; e++) {
        int b = w.cold[e] ? w.anchors[e] : w.ends[e - 1];
        if (b >= 0) { /* else where the epoch before began */
            *hash = w.block[b].header.hash;
            *height = w.block[b].spec.height;
        }
    }
}

/* Entered by these items, the first of which is of the epoch `from`. */
static void check_entered(const instance *in, uint64_t from, uint16_t count) {
    const uint8_t *anchor;
    uint64_t height;
    for (uint16_t i = 0; i < count; i++) {
        if (from + i > 1 && w.ends[from + i - 1] < 0 && !w.cold[from + i]) {
            violated("an epoch is entered only by its certified end");
        }
        counted.cold_entered += w.cold[from + i] ? 1 : 0;
    }
    beginning_of(from + count - 1u, &anchor, &height);
    if (memcmp(in->ck.now.anchor, anchor, TEE_HASH_LEN) != 0
        || in->ck.now.anchor_height != height) {
        violated("I6, I7: an epoch begins where the one before ended or was lost");
    }
}

/* ---- cold starts ---------------------------------------------------------- */

static instance *seated(const epoch_config *config, unsigned seat) {
    for (unsigned i = 0; i < w.instances; i++) {
        const uint8_t *key = config->members[seat].voting_key;
        if (memcmp(w.inst[i].ck.public_key, key, TEE_KEY_LEN) == 0) {
            return &w.inst[i];
        }
    }
    return NULL;
}

/* 2f + 1, but of two members both. */
static unsigned enough_of(unsigned n) {
    static const unsigned needed[MEMBERS_MAX + 1] = {0, 1, 2, 3, 3, 5, 5, 7, 7};
    return needed[n];
}

/* Where a host says its member stood: where it did, or higher, by a proposal it stored. */
static int honest_place(const epoch_config *config, const instance *in) {
    int place = in->epoch == config->epoch ? in->voted_block : -1;
    int higher = random_block_of(config->epoch);
    bool is_higher = higher >= 0 && w.block[higher].spec.epoch == config->epoch
                     && (place < 0 || w.block[higher].spec.view > w.block[place].spec.view);
    return is_higher && one_in(4) ? higher : place;
}

/* Or anywhere lower. */
static int false_place(const epoch_config *config, int truth) {
    int place = random_block_of(config->epoch);
    bool lower = place >= 0 && truth >= 0 && w.block[place].spec.epoch == config->epoch
                 && w.block[place].spec.view <= w.block[truth].spec.view;
    return lower ? place : -1;
}

/* What members of an epoch say; the new instances stand behind all others. */
typedef struct {
    const epoch_config *from;
    const uint8_t *anchor; /* of from */
    uint64_t anchor_height;
    config_spec next;
    cold_spec proof;
    int best; /* block of the highest view that was stated, or -1 */
    unsigned approvers[MEMBERS_MAX];
} loss;

static void state_seat(loss *it, unsigned seat, bool liar) {
    instance *old = seated(it->from, seat);
    instance *fresh = new_instance();
    int place = honest_place(it->from, old);
    if (liar) {
        place = false_place(it->from, place);
    }
    old->lost = old->lost || !liar || one_in(2);
    resume_statement said =
        statement_for(it->from, (uint16_t)seat, it->anchor, it->anchor_height);
    if (place >= 0) {
        stand_on(&said, &w.block[place].spec);
        if (it->best < 0 || w.block[place].spec.view > w.block[it->best].spec.view) {
            it->best = place;
        }
    }
    it->approvers[it->proof.statement_count] = seat;
    sign_statement(&said, fresh->ck.key, it->proof.statements[it->proof.statement_count++]);
    memcpy(it->next.voting[seat], fresh->ck.public_key, TEE_KEY_LEN);
}

static void state_all(loss *it, unsigned stating) {
    unsigned n = it->from->n;
    unsigned liars = below(n - config_quorum(it->from) + 1u);
    unsigned first = below(n);
    bool states[MEMBERS_MAX] = {false};
    for (unsigned i = 0; i < stating; i++) {
        states[(first + i) % n] = true;
    }
    for (unsigned seat = 0; seat < n; seat++) {
        if (states[seat]) {
            bool liar = liars > 0 && one_in(2);
            liars -= liar ? 1 : 0;
            state_seat(it, seat, liar);
        }
    }
}

/* A configuration with the same members, rules and keys, but for those stated later. */
static void spec_of(const epoch_config *from, config_spec *out) {
    spec_default(out, from->epoch + 1, from->slot_k);
    for (unsigned i = 0; i < from->n; i++) {
        out->governance[i] = tc_key_public(w.officers[i]);
        spec_add(out, seat_ids[i], from->members[i].voting_key);
    }
}

/* Whether the checker takes the link; it stands in the epoch that was lost. */
static bool takes(instance *in, const built_config *next, const cold_spec *proof) {
    static uint8_t bytes[COLD_MAX];
    static uint8_t payload[CONFIG_MAX + COLD_MAX + 64];
    static checker before;
    before = in->ck;
    const epoch_item item = {next, NULL, bytes, encode_cold_start(proof, bytes)};
    size_t len = encode_chain(&item, 1, payload, sizeof payload);
    counted.calls++;
    bool taken = checker_enter(&in->ck, (tc_span){payload, len}) == TEE_OK;
    in->ck = before; /* only asked; it enters by try_enter */
    return taken;
}

static void approve_all(cold_spec *proof, const loss *it, const built_config *next) {
    proof->approval_count = 0;
    for (unsigned i = 0; i < proof->statement_count; i++) {
        unsigned seat = it->approvers[i];
        approve(proof, it->from, next, (uint16_t)seat, w.officers[seat]);
    }
}

/* The same with a statement or an approval less, a statement or a key changed. */
static void try_less(instance *in, const loss *it, const built_config *next) {
    static cold_spec less;
    less = it->proof;
    switch (below(3)) {
    case 0:
        less.approval_count--;
        break;
    case 1: /* and approved as it is then */
        less.statements[below(less.statement_count)][below(TEE_RESUME_LEN)] ^= 1;
        approve_all(&less, it, next);
        break;
    default:
        less.statement_count--;
        approve_all(&less, it, next);
    }
    if (takes(in, next, &less)) {
        violated("I7: a cold start needs enough statements and approvals");
    }
}

static void check_nothing_lost(const loss *it) {
    for (int i = 0; i < w.blocks; i++) {
        if (w.block[i].certified && w.block[i].spec.epoch == it->from->epoch
            && !is_ancestor(i, it->best)) {
            violated("I7: nothing certified is missing from where a cold start went on");
        }
    }
}

/*
 * Within the newest epoch, before its end is planned: as many members as are just enough,
 * or all, state under new keys, and go on.
 */
static void try_cold_start(instance *in) {
    static loss it;
    uint64_t epoch = w.epochs;
    const epoch_config *from = &w.configs[epoch].config;
    if (epoch >= MAX_EPOCHS || in->ck.now.config.epoch != epoch
        || w.instances + from->n > MAX_INSTANCES) {
        return;
    }
    memset(&it, 0, sizeof it);
    it.from = from;
    it.best = -1;
    beginning_of(epoch, &it.anchor, &it.anchor_height);
    spec_of(from, &it.next);
    unsigned least = enough_of(from->n);
    state_all(&it, one_in(2) ? least : from->n);
    built_config *next = &w.configs[epoch + 1];
    build_config(next, &it.next);
    approve_all(&it.proof, &it, next);
    check_nothing_lost(&it);
    if (it.proof.statement_count == least) {
        try_less(in, &it, next);
    }
    w.epochs = (unsigned)epoch + 1;
    w.cold[w.epochs] = true;
    w.anchors[w.epochs] = it.best;
    w.proofs[w.epochs] = it.proof;
    w.ends[w.epochs] = -1;
    w.tops[w.epochs] = -1;
    counted.cold_starts++;
}

static void try_enter(instance *in) {
    static uint8_t payload[(MAX_EPOCHS + 1) * (CONFIG_MAX + COLD_MAX + HEADERS_MAX + 512)];
    static uint8_t colds[MAX_EPOCHS + 2][COLD_MAX];
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
        if (e > 1 && !w.cold[e] && top < 0 && !one_in(3)) {
            break;
        }
        if (w.cold[e]) {
            items[count].proof = colds[e];
            items[count].proof_len = encode_cold_start(&w.proofs[e], colds[e]);
        } else if (e > 1) { /* without a certified end: some other block's certificate */
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
    for (int tries = 0;
         tries < 8 && (in->lost || (in->ck.now.state != TEE_STATE_ACTIVE && !one_in(6))); tries++) {
        in = &w.inst[below(w.instances)];
    }
    return in;
}

static void step(void) {
    instance *in = somebody();
    unsigned dice = below(100);
    if (in->lost) {
        return;
    }
    if (one_in(400)) {
        try_cold_start(in);
        return; /* the one asked may be among the lost */
    }
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
           " epochs entered, %" PRIu64 " cold starts, %" PRIu64 " times entered, %" PRIu64
           " refused\n",
           counted.calls, counted.proposals, counted.votes, counted.new_views, counted.certified,
           counted.suffixes, counted.epochs_entered, counted.cold_starts, counted.cold_entered,
           counted.refused);
    for (unsigned i = 0; i < w.instances; i++) {
        checker_wipe(&w.inst[i].ck);
    }
    /* A simulation that does nothing must not pass. */
    bool lively = counted.proposals > worlds && counted.certified * 4 > worlds
                  && counted.suffixes > 0 && counted.epochs_entered > worlds
                  && counted.cold_starts * 8 > worlds && counted.cold_entered > counted.cold_starts;
    return lively ? 0 : 1;
}

#endif
