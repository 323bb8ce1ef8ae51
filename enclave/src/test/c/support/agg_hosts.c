#include "agg_hosts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void need(bool held, const char *what) {
    if (!held) {
        fprintf(stderr, "hosts: expected %s\n", what);
        exit(EXIT_FAILURE); /* not a signal: a mutant may well come here after a failed check */
    }
}

void hosts_plan(agg_hosts *r, unsigned n, uint64_t sequence, uint16_t threshold) {
    need(n <= AGG_HOSTS, "few members");
    memset(r, 0, sizeof *r);
    memset(r->id, (int)(0x40 + sequence), sizeof r->id);
    r->n = n;
    r->sequence = sequence;
    r->participants = (1u << n) - 1;
    r->aggregator = 1;
    r->threshold = threshold;
    r->min_members = 2;
    r->query = query_default();
    r->query.kind = DP_MEAN;
    r->query.lower = -100;
    r->query.upper = 100;
    r->query.noise = r->query.count_noise = (dp_spread){1, 1024};
    r->query.sources = (uint16_t)n;
}

bool in_set(uint64_t set, unsigned i) {
    return (set >> i & 1) != 0;
}

uint16_t count_of(uint64_t set) {
    uint16_t count = 0;
    for (unsigned i = 0; i < AGG_HOSTS; i++) {
        count = (uint16_t)(count + (in_set(set, i) ? 1 : 0));
    }
    return count;
}

void hosts_write_terms(const agg_hosts *r, uint64_t sequence, writer *out) {
    uint8_t hash[TEE_HASH_LEN];
    hash_query(&r->query, hash);
    write_tag(out, "CDC1AGGR");
    write_u8(out, 1);
    write_u64(out, sequence);
    write_bytes(out, hash, sizeof hash);
    write_u64(out, r->participants);
    write_u16(out, r->aggregator);
    write_u16(out, r->threshold);
    write_u16(out, r->min_members);
}

void hosts_write_begin(world *w, const agg_hosts *r, writer *out) {
    uint8_t value[256];
    uint8_t query[1024];
    writer v = writer_of(value, sizeof value);
    writer q = writer_of(query, sizeof query);
    hosts_write_terms(r, r->sequence, &v);
    write_query(&q, &r->query);
    size_t at = world_put(w, "round/", r->id, &v);
    write_bytes(out, r->id, sizeof r->id);
    write_u32(out, (uint32_t)q.len);
    write_bytes(out, query, q.len);
    world_prove(w, out, at);
}

void hosts_write_share(const agg_hosts *r, uint64_t keyed, writer *out) {
    write_u16(out, count_of(keyed));
    for (unsigned i = 0; i < r->n; i++) {
        if (in_set(keyed, i)) {
            write_bytes(out, r->keys[i], AGG_KEY_LEN);
        }
    }
}

void hosts_write_contribute(const agg_hosts *r, unsigned seat, uint64_t sharers, writer *out) {
    write_u16(out, count_of(sharers));
    for (unsigned from = 0; from < r->n; from++) {
        if (in_set(sharers, from)) {
            write_u16(out, (uint16_t)from);
            write_bytes(out, r->shares[from][seat], AGG_SEALED_SHARE_LEN);
        }
    }
}

void hosts_write_finish(const agg_hosts *r, uint64_t survivors, uint64_t unmaskers, writer *out) {
    write_u64(out, survivors);
    for (unsigned i = 0; i < r->n; i++) {
        if (in_set(survivors, i)) {
            write_bytes(out, r->contributions[i], r->contribution_len);
        }
    }
    for (unsigned i = 0; i < r->n; i++) {
        if (in_set(unmaskers, i)) {
            write_bytes(out, r->unmaskings[i], r->unmasking_len);
        }
    }
}

void hosts_keep_key(agg_hosts *r, unsigned seat, const world *w) {
    need(w->answer_len == AGG_KEY_LEN, "a round key");
    memcpy(r->keys[seat], w->answer, AGG_KEY_LEN);
}

void hosts_keep_shares(agg_hosts *r, unsigned seat, uint64_t keyed, const world *w) {
    const uint8_t *at = w->answer;
    for (unsigned to = 0; to < r->n; to++) {
        if (in_set(keyed, to)) {
            memcpy(r->shares[seat][to], at, AGG_SEALED_SHARE_LEN);
            at += AGG_SEALED_SHARE_LEN;
        }
    }
}

void hosts_keep_contribution(agg_hosts *r, unsigned seat, const world *w) {
    need(w->answer_len <= sizeof r->contributions[seat], "a contribution");
    memcpy(r->contributions[seat], w->answer, w->answer_len);
    r->contribution_len = w->answer_len;
}

void hosts_keep_unmasking(agg_hosts *r, unsigned seat, const world *w) {
    need(w->answer_len <= sizeof r->unmaskings[seat], "an unmasking");
    memcpy(r->unmaskings[seat], w->answer, w->answer_len);
    r->unmasking_len = w->answer_len;
}
