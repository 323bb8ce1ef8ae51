#include "privacy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void need(bool held, const char *what) {
    if (!held) {
        fprintf(stderr, "world: expected %s\n", what);
        exit(EXIT_FAILURE); /* not a signal: a mutant may well come here after a failed check */
    }
}

static void write_var(writer *out, const uint8_t *data, size_t len) {
    write_u32(out, (uint32_t)len);
    write_bytes(out, data, len);
}

/* ---- the world ---------------------------------------------------------- */

static void boot_core(tee_core *core, const char *name) {
    uint8_t who[IDENTITY_MAX_LEN];
    uint8_t blob[KEYSTORE_BLOB_LEN];
    size_t blob_len = 0;
    writer w = writer_of(who, sizeof who);
    write_bytes(&w, fixture_chain, TEE_HASH_LEN);
    write_u8(&w, (uint8_t)strlen(name));
    write_bytes(&w, (const uint8_t *)name, strlen(name));
    need(tee_core_boot(core, TEE_SUITE_ES256, (tc_span){who, w.len}, (tc_span){NULL, 0}, blob,
                       &blob_len) == TEE_OK,
         "a core that boots");
}

static const char *const member_names[WORLD_MAX] = {"member-0", "member-1", "member-2", "member-3",
                                                    "member-4", "member-5", "member-6", "member-7"};

void world_start(world *w, unsigned n) {
    static config_spec spec;
    memset(w, 0, sizeof *w);
    need(n <= WORLD_MAX, "few members");
    w->n = n;
    spec_default(&spec, 1, 4);
    for (unsigned i = 0; i < n; i++) {
        boot_core(&w->cores[i], member_names[i]);
        w->keys[i] = w->cores[i].ck.key;
        spec_add(&spec, member_names[i], w->cores[i].ck.public_key);
        spec.signing[i] = tc_key_public(w->cores[i].keys.signing);
        spec.governance[i] = w->cores[i].ck.public_key; /* two keys in one will do here */
    }
    build_config(&w->config, &spec);
    const epoch_item item = {&w->config, NULL, NULL, 0};
    for (unsigned i = 0; i < n; i++) {
        writer request = world_request(w);
        request.len = encode_chain(&item, 1, request.start, request.cap);
        need(world_call(w, i, TEE_OP_ENTER_EPOCH, &request) == TEE_OK, "an epoch to enter");
    }
}

void world_follower(world *w, unsigned seat, tee_core *core) {
    const epoch_item item = {&w->config, NULL, NULL, 0};
    boot_core(core, member_names[seat]);
    size_t len = encode_chain(&item, 1, w->request, sizeof w->request);
    need(tee_core_call(core, TEE_OP_ENTER_EPOCH, w->request, len, w->answer, sizeof w->answer,
                       &w->answer_len) == TEE_OK
             && core->ck.now.state == TEE_STATE_FOLLOWER,
         "an instance that follows");
}

void world_end(world *w) {
    for (unsigned i = 0; i < w->n; i++) {
        tee_core_wipe(&w->cores[i]);
    }
}

writer world_request(world *w) {
    return writer_of(w->request, sizeof w->request);
}

tee_status world_call(world *w, unsigned seat, uint16_t op, const writer *request) {
    need(request->ok, "room for the request");
    return tee_core_call(&w->cores[seat], op, request->start, request->len, w->answer,
                         sizeof w->answer, &w->answer_len);
}

/* A full state gives up its last value: proofs are of new ones. */
static size_t slot_for(world *w, tc_span key) {
    for (size_t i = 0; i < w->item_count; i++) {
        if (w->items[i].key.len == key.len && memcmp(w->names[i], key.data, key.len) == 0) {
            return i;
        }
    }
    w->item_count += w->item_count < FIXTURE_STATE_MAX ? 1 : 0;
    return w->item_count - 1;
}

size_t world_put(world *w, const char *prefix, const uint8_t id[TEE_HASH_LEN],
                 const writer *value) {
    uint8_t key[64];
    size_t len = strlen(prefix);
    memcpy(key, prefix, len);
    memcpy(key + len, id, TEE_HASH_LEN);
    size_t at = slot_for(w, (tc_span){key, len + TEE_HASH_LEN});
    need(value->ok && value->len <= sizeof w->values[at], "a small value");
    memcpy(w->names[at], key, len + TEE_HASH_LEN);
    memcpy(w->values[at], value->start, value->len);
    w->items[at].key = (tc_span){w->names[at], len + TEE_HASH_LEN};
    w->items[at].value = (tc_span){w->values[at], value->len};
    return at;
}

void world_prove(world *w, writer *out, size_t index) {
    w->height++;
    header_spec header =
        header_for(&w->config.config, w->height, w->height, w->config.config.hash);
    need(index < w->item_count && out->ok, "a value to prove");
    out->len += build_state_proof(&w->config.config, &header, w->keys, (1u << w->n) - 1, w->items,
                                  w->item_count, index, out->start + out->len,
                                  out->cap - out->len);
}

static void write_id(writer *out, unsigned seat) {
    write_u8(out, (uint8_t)strlen(member_names[seat]));
    write_bytes(out, (const uint8_t *)member_names[seat], strlen(member_names[seat]));
}

size_t world_grant(world *w, unsigned holder, unsigned grantee, const uint8_t id[TEE_HASH_LEN],
                   tc_span context) {
    uint8_t value[256];
    uint8_t subject[TEE_HASH_LEN];
    need(tc_sha256(&context, 1, subject) == 0, "a hash");
    writer grant = writer_of(value, sizeof value);
    write_tag(&grant, "CDC1GRNT");
    write_u8(&grant, 1);
    write_id(&grant, holder);
    write_id(&grant, grantee);
    write_bytes(&grant, subject, sizeof subject);
    write_u64(&grant, 0);
    write_u64(&grant, TEE_MAX_NUMBER);
    write_u8(&grant, 0);
    write_bytes(&grant, subject, sizeof subject); /* terms */
    return world_put(w, "grant/", id, &grant);
}

/* ---- queries and debits ------------------------------------------------- */

query_spec query_default(void) {
    query_spec query = {.kind = DP_COUNT,
                        .series = 7,
                        .mechanism = DP_LAPLACE,
                        .noise = {1, 1},
                        .sources = 1};
    return query;
}

void write_query(writer *out, const query_spec *query) {
    write_tag(out, "CDC1DPQY");
    write_u8(out, 1);
    write_u8(out, query->kind);
    for (unsigned i = 0; i < TEE_HASH_LEN; i++) {
        write_u8(out, query->series);
    }
    write_u64(out, (uint64_t)query->lower);
    write_u64(out, (uint64_t)query->upper);
    write_u16(out, query->bound_count);
    for (uint16_t i = 0; i < query->bound_count; i++) {
        write_u64(out, (uint64_t)query->bounds[i]);
    }
    write_u8(out, query->mechanism);
    write_u64(out, query->noise.num);
    write_u64(out, query->noise.den);
    write_u64(out, query->count_noise.num);
    write_u64(out, query->count_noise.den);
    write_u16(out, query->sources);
    write_u32(out, query->min_cohort);
}

static size_t query_bytes(const query_spec *query, uint8_t *out, size_t cap) {
    writer w = writer_of(out, cap);
    write_query(&w, query);
    need(w.ok, "room for the query");
    return w.len;
}

void hash_query(const query_spec *query, uint8_t out[TEE_HASH_LEN]) {
    uint8_t bytes[1024];
    const tc_span span = {bytes, query_bytes(query, bytes, sizeof bytes)};
    need(tc_sha256(&span, 1, out) == 0, "a hash");
}

debit_spec debit_for(const world *w, unsigned seat, const query_spec *query, uint64_t sequence) {
    debit_spec debit = {.member = member_names[seat], .sequence = sequence};
    uint8_t bytes[1024];
    dp_query decoded;
    const tc_span key = {w->cores[seat].ck.public_key, TEE_KEY_LEN};
    const tc_span span = {bytes, query_bytes(query, bytes, sizeof bytes)};
    need(tc_sha256(&key, 1, debit.voting_key_hash) == 0, "a hash");
    need(dp_decode_query(span, &decoded) == TEE_OK, "a valid query");
    debit.micro_rho = decoded.cost;
    hash_query(query, debit.query_hash);
    return debit;
}

void write_debit(writer *out, const debit_spec *debit) {
    write_tag(out, "CDC1DEBT");
    write_u8(out, 1);
    write_u8(out, (uint8_t)strlen(debit->member));
    write_bytes(out, (const uint8_t *)debit->member, strlen(debit->member));
    write_bytes(out, debit->voting_key_hash, TEE_HASH_LEN);
    write_u64(out, debit->sequence);
    write_bytes(out, debit->query_hash, TEE_HASH_LEN);
    write_u64(out, debit->micro_rho);
}

tee_status world_begin(world *w, unsigned seat, const query_spec *query,
                       const debit_spec *debit) {
    uint8_t id[TEE_HASH_LEN];
    uint8_t value[256];
    uint8_t bytes[1024];
    memset(id, (int)debit->sequence, sizeof id);
    writer v = writer_of(value, sizeof value);
    write_debit(&v, debit);
    size_t at = world_put(w, "debit/", id, &v);
    writer request = world_request(w);
    write_var(&request, bytes, query_bytes(query, bytes, sizeof bytes));
    write_bytes(&request, id, sizeof id);
    world_prove(w, &request, at);
    return world_call(w, seat, TEE_OP_DP_BEGIN, &request);
}

/* ---- measures ----------------------------------------------------------- */

static size_t seal_measure(world *w, unsigned seat, const measure *m, uint8_t out[256]) {
    uint8_t bytes[512];
    writer request = writer_of(bytes, sizeof bytes);
    size_t len = 0;
    write_var(&request, (const uint8_t *)"measure", 7);
    write_u32(&request, DP_MEASURE_LEN);
    write_tag(&request, "CDC1MEAS");
    write_u32(&request, m->subject);
    write_u64(&request, 0);
    write_u32(&request, 0);
    for (unsigned i = 0; i < TEE_HASH_LEN; i++) {
        write_u8(&request, m->series);
    }
    write_u64(&request, (uint64_t)m->value);
    need(request.ok
             && tee_core_call(&w->cores[seat], TEE_OP_SEAL, bytes, request.len, out, 256, &len)
                    == TEE_OK,
         "a sealed measure");
    return len;
}

void write_measures(world *w, unsigned seat, writer *out, const measure *measures,
                    uint16_t count) {
    write_u16(out, count);
    for (uint16_t i = 0; i < count; i++) {
        uint8_t sealed[256];
        write_var(out, (const uint8_t *)"measure", 7);
        write_var(out, sealed, seal_measure(w, seat, &measures[i], sealed));
    }
}

tee_status world_add(world *w, unsigned seat, const measure *measures, uint16_t count) {
    writer request = world_request(w);
    write_measures(w, seat, &request, measures, count);
    return world_call(w, seat, TEE_OP_DP_ADD, &request);
}

int64_t answer_value(const world *w, unsigned i) {
    reader in = reader_of(w->answer, w->answer_len);
    read_view(&in, TEE_TAG_LEN + 1u + 2u * TEE_HASH_LEN + 2u + 8u * i);
    return (int64_t)read_u64(&in);
}
