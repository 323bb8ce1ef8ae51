/*
 * Rounds of secure aggregation among real cores in one process, each behind a host
 * that may lose, replay, mix or alter whatever passes through its hands. With next to
 * no noise (scale 1/1024: not 0 with a chance of exp(-1024)) the answer must be the sum over the survivors exactly.
 */
#include "check.h"
#include "agg_hosts.h"

#include <string.h>

#define N AGG_HOSTS
#define EVERYBODY ((1u << N) - 1)

static world w;

static agg_hosts r;

static void plan(uint64_t sequence, uint16_t threshold) {
    hosts_plan(&r, N, sequence, threshold);
}

static tee_status begin(unsigned seat) {
    writer request = world_request(&w);
    hosts_write_begin(&w, &r, &request);
    tee_status status = world_call(&w, seat, TEE_OP_AGG_BEGIN, &request);
    if (status == TEE_OK) {
        CHECK_IS(AGG_KEY_LEN, w.answer_len);
        hosts_keep_key(&r, seat, &w);
    }
    return status;
}

/* Two subjects with values that depend on the member; the second is clamped. */
static void add_measures(unsigned seat) {
    const measure data[] = {{10 + seat, 7, 3 * (int64_t)seat + 1}, {100, 7, 100000}};
    NEED(world_add(&w, seat, data, 2) == TEE_OK);
    r.values[seat][0] = data[0].value + 100;
    r.values[seat][1] = 2;
}

static tee_status share(unsigned seat, uint64_t keyed) {
    writer request = world_request(&w);
    hosts_write_share(&r, keyed, &request);
    tee_status status = world_call(&w, seat, TEE_OP_AGG_SHARE, &request);
    if (status == TEE_OK) {
        hosts_keep_shares(&r, seat, keyed, &w);
    }
    return status;
}

static tee_status contribute(unsigned seat, uint64_t sharers) {
    writer request = world_request(&w);
    hosts_write_contribute(&r, seat, sharers, &request);
    tee_status status = world_call(&w, seat, TEE_OP_AGG_CONTRIBUTE, &request);
    if (status == TEE_OK) {
        hosts_keep_contribution(&r, seat, &w);
    }
    return status;
}

static tee_status unmask(unsigned seat, uint64_t survivors) {
    writer request = world_request(&w);
    write_u64(&request, survivors);
    tee_status status = world_call(&w, seat, TEE_OP_AGG_UNMASK, &request);
    if (status == TEE_OK) {
        hosts_keep_unmasking(&r, seat, &w);
    }
    return status;
}

static tee_status finish_by(unsigned seat, uint64_t survivors, uint64_t unmaskers) {
    writer request = world_request(&w);
    hosts_write_finish(&r, survivors, unmaskers, &request);
    return world_call(&w, seat, TEE_OP_AGG_FINISH, &request);
}

static tee_status finish(uint64_t survivors, uint64_t unmaskers) {
    return finish_by(r.aggregator, survivors, unmaskers);
}

static void pay(void) {
    debit_spec debit = debit_for(&w, r.aggregator, &r.query, r.sequence);
    NEED(world_begin(&w, r.aggregator, &r.query, &debit) == TEE_OK);
}

#define FOR_EACH(set, i) \
    for (unsigned i = 0; i < N; i++) \
        if (in_set(set, i))

/* Everything up to the contributions, which those of `sharers` but not `lost` make. */
static void run_until_contributed(uint64_t keyed, uint64_t sharers, uint64_t lost) {
    FOR_EACH(keyed, i) {
        NEED(begin(i) == TEE_OK);
        add_measures(i);
    }
    FOR_EACH(sharers, i) {
        NEED(share(i, keyed) == TEE_OK);
    }
    FOR_EACH(sharers & ~lost, i) {
        NEED(contribute(i, sharers) == TEE_OK);
    }
}

static void check_answer(uint64_t survivors) {
    int64_t sum = 0;
    int64_t count = 0;
    FOR_EACH(survivors, i) {
        sum += r.values[i][0];
        count += r.values[i][1];
    }
    CHECK_IS(sum, answer_value(&w, 0));
    CHECK_IS(count, answer_value(&w, 1));
}

/* The first `count` members of the set. */
static uint64_t some_of(uint64_t set, unsigned count) {
    uint64_t out = 0;
    FOR_EACH(set, i) {
        if (count > 0) {
            out |= (uint64_t)1 << i;
            count--;
        }
    }
    return out;
}

/* ---- rounds that end well ----------------------------------------------- */

static void the_sum_of_all_comes_out(void) {
    world_start(&w, N);
    plan(1, 3);
    run_until_contributed(EVERYBODY, EVERYBODY, 0);
    FOR_EACH(EVERYBODY, i) {
        CHECK_IS(TEE_OK, unmask(i, EVERYBODY));
    }
    pay();
    NEED(finish(EVERYBODY, 0x15) == TEE_OK);
    check_answer(EVERYBODY);
    const tc_span bytes = {w.answer, w.answer_len - TEE_SIG_LEN};
    CHECK(tc_verify_message(TEE_SUITE_ES256, w.cores[r.aggregator].ck.public_key, &bytes, 1,
                            w.answer + bytes.len));
    CHECK_IS(TEE_E_STATE, finish(EVERYBODY, 0x15));
    world_end(&w);
}

static uint64_t random_state = 88172645463325252u;

/* Any members, each with a chance of three quarters, and the aggregator. */
static uint64_t random_members(uint64_t of) {
    uint64_t drawn = 0;
    for (unsigned i = 0; i < 2; i++) { /* xorshift64, Marsaglia 2003 */
        random_state ^= random_state << 13;
        random_state ^= random_state >> 7;
        random_state ^= random_state << 17;
        drawn |= random_state >> 20;
    }
    return of & (drawn | 2);
}

/* Members lost at every step, as long as a threshold and the aggregator stay. */
static void the_sum_of_the_survivors_comes_out(void) {
    world_start(&w, N);
    for (uint64_t rounds = 0; rounds < 60;) {
        uint64_t keyed = random_members(EVERYBODY);
        uint64_t sharers = random_members(keyed);
        uint64_t survivors = random_members(sharers);
        uint64_t unmaskers = random_members(survivors);
        if (count_of(unmaskers) < 3) {
            continue;
        }
        plan(++rounds, 3);
        run_until_contributed(keyed, sharers, ~survivors);
        FOR_EACH(unmaskers, i) {
            NEED(unmask(i, survivors) == TEE_OK);
        }
        pay();
        CHECK_IS(TEE_OK, finish(survivors, some_of(unmaskers, 3)));
        check_answer(survivors);
    }
    world_end(&w);
}

/* A contribution that came after all is of no use: its owner's self mask stays on. */
static void a_late_contribution_stays_masked(void) {
    world_start(&w, N);
    plan(1, 3);
    run_until_contributed(EVERYBODY, EVERYBODY, 0);
    FOR_EACH(0x0f, i) {
        CHECK_IS(TEE_OK, unmask(i, 0x0f));
    }
    CHECK_IS(TEE_OK, unmask(4, EVERYBODY)); /* a host that says otherwise elsewhere */
    pay();
    CHECK_IS(TEE_E_CONFLICT, finish(EVERYBODY, 0x07));
    CHECK_IS(TEE_E_CONFLICT, finish(0x0f, 0x13));
    CHECK_IS(TEE_OK, finish(0x0f, 0x07));
    check_answer(0x0f);
    world_end(&w);
}

/* What leaves an enclave differs from its sums in every number, and each time anew. */
static void contributions_look_random(void) {
    uint8_t before[N][512];
    world_start(&w, N);
    for (uint64_t sequence = 1; sequence <= 2; sequence++) {
        plan(sequence, 3);
        run_until_contributed(EVERYBODY, EVERYBODY, 0);
        uint64_t sum = 0;
        FOR_EACH(EVERYBODY, i) {
            reader in = reader_of(r.contributions[i] + 52, 16);
            uint64_t first = read_u64(&in);
            uint64_t second = read_u64(&in);
            CHECK(first != (uint64_t)r.values[i][0] && second != (uint64_t)r.values[i][1]);
            CHECK(sequence == 1 || memcmp(before[i] + 52, r.contributions[i] + 52, 16) != 0);
            sum += second;
        }
        CHECK(sum != 2 * N); /* pairwise masks are gone, self masks are not */
        memcpy(before, r.contributions, sizeof before);
    }
    world_end(&w);
}

static void the_answer_is_noised_and_its_cohort_compared_with_noise(void) {
    unsigned off = 0;
    unsigned refused = 0;
    world_start(&w, N);
    for (uint64_t sequence = 1; sequence <= 30; sequence++) {
        plan(sequence, 3);
        r.query.noise = r.query.count_noise = (dp_spread){40, 1};
        r.query.min_cohort = 2 * N;
        run_until_contributed(EVERYBODY, EVERYBODY, 0);
        FOR_EACH(EVERYBODY, i) {
            NEED(unmask(i, EVERYBODY) == TEE_OK);
        }
        pay();
        tee_status status = finish(EVERYBODY, 0x07);
        CHECK(status == TEE_OK || status == TEE_E_POLICY);
        refused += status == TEE_E_POLICY ? 1 : 0;
        off += status == TEE_OK && answer_value(&w, 1) != 2 * N ? 1 : 0;
        CHECK_IS(TEE_E_STATE, finish(EVERYBODY, 0x07)); /* over, either way */
    }
    CHECK(refused >= 3 && refused <= 27 && off >= 3);
    world_end(&w);
}

/* ---- what is refused ---------------------------------------------------- */

static void a_round_is_used_once(void) {
    world_start(&w, N);
    plan(5, 3);
    NEED(begin(0) == TEE_OK);
    CHECK_IS(TEE_E_ROLLBACK, begin(0));
    r.sequence = 4;
    CHECK_IS(TEE_E_ROLLBACK, begin(0));
    r.sequence = 6;
    CHECK_IS(TEE_OK, begin(0));
    world_end(&w);
}

static void terms_that_would_not_protect_are_refused(void) {
    world_start(&w, N);
    plan(1, 2); /* not more than half */
    CHECK_IS(TEE_E_POLICY, begin(0));
    plan(1, 6);
    CHECK_IS(TEE_E_POLICY, begin(0));
    plan(1, 3);
    r.min_members = 6;
    CHECK_IS(TEE_E_POLICY, begin(0));
    plan(1, 3);
    r.query.sources = 4; /* five may hold the same subject, four are paid for */
    CHECK_IS(TEE_E_CONFLICT, begin(0));
    plan(1, 3);
    r.participants = 0x1e;
    r.query.sources = 4;
    CHECK_IS(TEE_E_CONFLICT, begin(0));
    CHECK_IS(TEE_OK, begin(1));
    plan(2, 3);
    r.participants = 0x3e; /* a sixth member of five */
    CHECK_IS(TEE_E_CONFLICT, begin(1));
    plan(2, 3);
    r.aggregator = 5;
    CHECK_IS(TEE_E_CONFLICT, begin(1));
    CHECK_IS(0, w.cores[0].agg.spent);
    CHECK_IS(1, w.cores[1].agg.spent);
    world_end(&w);
}

static void steps_come_in_order_and_once(void) {
    world_start(&w, N);
    plan(1, 3);
    CHECK_IS(TEE_E_STATE, share(0, EVERYBODY));
    FOR_EACH(EVERYBODY, i) {
        NEED(begin(i) == TEE_OK);
        add_measures(i);
    }
    CHECK_IS(TEE_E_STATE, contribute(0, EVERYBODY));
    CHECK_IS(TEE_E_STATE, unmask(0, EVERYBODY));
    FOR_EACH(EVERYBODY, i) {
        NEED(share(i, EVERYBODY) == TEE_OK);
    }
    CHECK_IS(TEE_E_STATE, share(0, EVERYBODY));
    writer nothing = world_request(&w);
    CHECK_IS(TEE_E_STATE, world_call(&w, 0, TEE_OP_DP_RELEASE, &nothing)); /* never un-noised */
    FOR_EACH(EVERYBODY, i) {
        NEED(contribute(i, EVERYBODY) == TEE_OK);
    }
    CHECK_IS(TEE_E_STATE, contribute(0, EVERYBODY));
    const measure more = {200, 7, 1};
    CHECK_IS(TEE_E_STATE, world_add(&w, 0, &more, 1));
    CHECK_IS(TEE_OK, unmask(0, EVERYBODY));
    CHECK_IS(TEE_E_STATE, unmask(0, 0x0f)); /* the other halves are gone */
    world_end(&w);
}

static void too_few_members_end_the_round(void) {
    world_start(&w, N);
    plan(1, 3);
    r.min_members = 4;
    FOR_EACH(EVERYBODY, i) {
        NEED(begin(i) == TEE_OK);
        add_measures(i);
    }
    CHECK_IS(TEE_E_POLICY, share(0, 0x07));
    FOR_EACH(EVERYBODY, i) {
        NEED(share(i, EVERYBODY) == TEE_OK);
    }
    CHECK_IS(TEE_E_POLICY, contribute(0, 0x07));
    FOR_EACH(EVERYBODY, i) {
        NEED(contribute(i, EVERYBODY) == TEE_OK);
    }
    CHECK_IS(TEE_E_POLICY, unmask(0, 0x07));
    CHECK_IS(TEE_E_POLICY, unmask(0, 0));
    CHECK_IS(TEE_E_CONFLICT, unmask(0, 0x2f));
    FOR_EACH(EVERYBODY, i) {
        NEED(unmask(i, 0x0f) == TEE_OK);
    }
    pay();
    CHECK_IS(TEE_E_POLICY, finish(0x07, 0x07));
    CHECK_IS(TEE_OK, finish(0x0f, 0x1c));
    check_answer(0x0f);
    world_end(&w);
}

static void without_a_debit_for_the_query_there_is_no_answer(void) {
    world_start(&w, N);
    plan(1, 3);
    run_until_contributed(EVERYBODY, EVERYBODY, 0);
    FOR_EACH(EVERYBODY, i) {
        NEED(unmask(i, EVERYBODY) == TEE_OK);
    }
    CHECK_IS(TEE_E_STATE, finish(EVERYBODY, 0x07));
    query_spec wanted = r.query;
    r.query.noise.num++; /* another query, paid for */
    pay();
    CHECK_IS(TEE_E_CONFLICT, finish(EVERYBODY, 0x07));
    r.query.sources = 1; /* one for this instance alone */
    r.sequence++;
    pay();
    CHECK_IS(TEE_E_STATE, finish(EVERYBODY, 0x07));
    r.query = wanted;
    r.sequence++;
    pay();
    writer nothing = world_request(&w);
    CHECK_IS(TEE_E_STATE, world_call(&w, r.aggregator, TEE_OP_DP_RELEASE, &nothing));
    const measure more = {200, 7, 1};
    CHECK_IS(TEE_E_STATE, world_add(&w, r.aggregator, &more, 1));
    CHECK_IS(TEE_E_STATE, finish_by(0, EVERYBODY, 0x07));
    CHECK_IS(TEE_OK, finish(EVERYBODY, 0x07));
    check_answer(EVERYBODY);
    world_end(&w);
}

/* A session that opened in between has taken the gathered sums with it. */
static void a_lost_session_contributes_nothing(void) {
    world_start(&w, N);
    plan(1, 3);
    FOR_EACH(EVERYBODY, i) {
        NEED(begin(i) == TEE_OK);
    }
    FOR_EACH(EVERYBODY, i) {
        NEED(share(i, EVERYBODY) == TEE_OK);
    }
    pay();
    CHECK_IS(TEE_E_STATE, contribute(r.aggregator, EVERYBODY));
    CHECK_IS(TEE_OK, contribute(0, EVERYBODY));
    world_end(&w);
}

static void round_keys_are_of_this_round_and_signed(void) {
    world_start(&w, N);
    plan(1, 3);
    FOR_EACH(EVERYBODY, i) {
        NEED(begin(i) == TEE_OK);
    }
    uint8_t old_key[AGG_KEY_LEN];
    memcpy(old_key, r.keys[4], sizeof old_key);
    agg_hosts first = r;
    plan(2, 3);
    FOR_EACH(EVERYBODY, i) {
        NEED(begin(i) == TEE_OK);
    }
    memcpy(first.keys, r.keys, sizeof first.keys);
    memcpy(r.keys[4], old_key, sizeof old_key);
    CHECK_IS(TEE_E_CONFLICT, share(0, EVERYBODY));
    memcpy(r.keys, first.keys, sizeof r.keys);
    for (size_t at = 0; at < AGG_KEY_LEN; at++) {
        r.keys[2][at] ^= 1;
        CHECK(share(0, EVERYBODY) != TEE_OK);
        r.keys[2][at] ^= 1;
    }
    CHECK_IS(TEE_E_CONFLICT, share(0, 0x1e)); /* without its own */
    CHECK_IS(TEE_OK, share(0, EVERYBODY));
    world_end(&w);
}

static void altered_shares_are_noticed(void) {
    world_start(&w, N);
    plan(1, 3);
    run_until_contributed(EVERYBODY, EVERYBODY, EVERYBODY);
    for (size_t at = 0; at < AGG_SEALED_SHARE_LEN; at++) {
        r.shares[3][0][at] ^= 1;
        CHECK_IS(TEE_E_AUTH, contribute(0, EVERYBODY));
        r.shares[3][0][at] ^= 1;
    }
    uint8_t other[AGG_SEALED_SHARE_LEN];
    memcpy(other, r.shares[3][0], sizeof other);
    memcpy(r.shares[3][0], r.shares[3][1], sizeof other); /* meant for another */
    CHECK_IS(TEE_E_AUTH, contribute(0, EVERYBODY));
    memcpy(r.shares[3][0], r.shares[0][3], sizeof other); /* its own, sent back */
    CHECK_IS(TEE_E_AUTH, contribute(0, EVERYBODY));
    memcpy(r.shares[3][0], other, sizeof other);
    CHECK_IS(TEE_E_CONFLICT, contribute(0, 0x1e));
    CHECK_IS(TEE_OK, contribute(0, EVERYBODY));
    world_end(&w);
}

static void altered_contributions_and_unmaskings_are_noticed(void) {
    world_start(&w, N);
    plan(1, 3);
    run_until_contributed(EVERYBODY, EVERYBODY, 0x10);
    FOR_EACH(0x0f, i) {
        NEED(unmask(i, 0x0f) == TEE_OK);
    }
    pay();
    for (size_t at = 0; at < r.contribution_len; at++) {
        r.contributions[2][at] ^= 1;
        tee_status status = finish(0x0f, 0x07);
        CHECK(status == TEE_E_AUTH || status == TEE_E_CONFLICT || status == TEE_E_PARAM);
        r.contributions[2][at] ^= 1;
    }
    for (size_t at = 0; at < r.unmasking_len; at++) {
        r.unmaskings[2][at] ^= 1;
        tee_status status = finish(0x0f, 0x07);
        CHECK(status == TEE_E_AUTH || status == TEE_E_CONFLICT || status == TEE_E_PARAM);
        r.unmaskings[2][at] ^= 1;
    }
    CHECK_IS(TEE_E_PARAM, finish(0x0f, 0x03));
    CHECK_IS(TEE_E_PARAM, finish(0x0f, 0x0f));
    CHECK_IS(TEE_OK, finish(0x0f, 0x07));
    check_answer(0x0f);
    world_end(&w);
}

/* A member that deals false shares spoils the round, and does not bend the sum. */
static void false_shares_are_noticed_when_recovered(void) {
    static const uint64_t survivors[] = {EVERYBODY, 0x0f};
    for (unsigned i = 0; i < 2; i++) {
        world_start(&w, N);
        plan(1, 3);
        FOR_EACH(EVERYBODY, m) {
            NEED(begin(m) == TEE_OK);
            add_measures(m);
        }
        FOR_EACH(EVERYBODY, m) {
            NEED(share(m, EVERYBODY) == TEE_OK);
        }
        FOR_EACH(survivors[i], m) {
            NEED(contribute(m, EVERYBODY) == TEE_OK);
        }
        w.cores[0].agg.shares[4][0] ^= 1; /* as if member 4 had dealt it so */
        w.cores[0].agg.shares[4][AGG_SECRETS_LEN / 2] ^= 1;
        FOR_EACH(survivors[i], m) {
            NEED(unmask(m, survivors[i]) == TEE_OK);
        }
        pay();
        CHECK_IS(TEE_E_AUTH, finish(survivors[i], 0x07));
        CHECK_IS(TEE_OK, finish(survivors[i], 0x0e)); /* without that share */
        check_answer(survivors[i]);
        world_end(&w);
    }
}

static void a_retired_member_takes_no_part(void) {
    world_start(&w, N);
    plan(1, 3);
    run_until_contributed(EVERYBODY, EVERYBODY, 0);
    writer nothing = world_request(&w);
    NEED(world_call(&w, 0, TEE_OP_RETIRE, &nothing) == TEE_OK);
    CHECK_IS(TEE_E_STATE, unmask(0, EVERYBODY));
    world_end(&w);
}

int main(void) {
    NEED(tc_init() == 0);
    RUN(the_sum_of_all_comes_out);
    RUN(the_sum_of_the_survivors_comes_out);
    RUN(a_late_contribution_stays_masked);
    RUN(contributions_look_random);
    RUN(the_answer_is_noised_and_its_cohort_compared_with_noise);
    RUN(a_round_is_used_once);
    RUN(terms_that_would_not_protect_are_refused);
    RUN(steps_come_in_order_and_once);
    RUN(too_few_members_end_the_round);
    RUN(without_a_debit_for_the_query_there_is_no_answer);
    RUN(a_lost_session_contributes_nothing);
    RUN(round_keys_are_of_this_round_and_signed);
    RUN(altered_shares_are_noticed);
    RUN(altered_contributions_and_unmaskings_are_noticed);
    RUN(false_shares_are_noticed_when_recovered);
    RUN(a_retired_member_takes_no_part);
    tc_shutdown();
    return check_report();
}
