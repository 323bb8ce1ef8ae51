#include "secagg.h"

#include <string.h>

#include "hkdf.h"
#include "shamir.h"
#include "tp_platform.h"

#define ROUND_PREFIX "round/"
#define ROUND_PREFIX_LEN 6u
#define SEED_AT TC_SCALAR_LEN /* in a member's secrets and in a share of them */
#define MASKS_PER_BLOCK 4u

static const char key_tag[] = "CDC1RKEY";
static const char contribution_tag[] = "CDC1AGGC";
static const char unmasking_tag[] = "CDC1AGGU";
static const uint8_t zero_iv[TC_GCM_IV_LEN];

#define BYTES(array) ((tc_span){(array), sizeof(array)})

/* ---- sets of members ---------------------------------------------------- */

static bool has(uint64_t set, unsigned i) {
    return (set >> i & 1) != 0;
}

static unsigned size_of(uint64_t set) {
    unsigned count = 0;
    for (unsigned i = 0; i < TEE_MAX_MEMBERS; i++) {
        count += has(set, i) ? 1 : 0;
    }
    return count;
}

static bool within(uint64_t set, uint64_t all) {
    return (set & ~all) == 0;
}

/* Adds a member that must be above all before. */
static bool append(uint64_t *set, unsigned i) {
    if (i >= TEE_MAX_MEMBERS || *set >> i != 0) {
        return false;
    }
    *set |= (uint64_t)1 << i;
    return true;
}

static bool enough(const agg_round *agg, uint64_t set) {
    unsigned count = size_of(set);
    return count >= agg->terms.threshold && count >= agg->terms.min_members;
}

/* ---- keys and masks ----------------------------------------------------- */

/* What two members share in this round, whichever of them computes it. */
static int pair_secret(const uint8_t id[TEE_HASH_LEN], const tc_key *own,
                       const uint8_t peer[TEE_KEY_LEN], uint8_t out[TEE_HASH_LEN]) {
    uint8_t dh[TC_SCALAR_LEN];
    const tc_span span = BYTES(dh);
    int result = tc_ecdh(own, peer, dh) == 0 ? hkdf_extract(id, &span, 1, out) : -1;
    tp_zero(dh, sizeof dh);
    return result;
}

/* A key of a pair for one purpose and direction. */
static int pair_key(const uint8_t secret[TEE_HASH_LEN], const char purpose[TEE_TAG_LEN],
                    unsigned from, unsigned to, uint8_t key[TC_SYM_KEY_LEN]) {
    const uint8_t ends[] = {(uint8_t)(from >> 8), (uint8_t)from, (uint8_t)(to >> 8), (uint8_t)to};
    const tc_span info[] = {{(const uint8_t *)purpose, TEE_TAG_LEN}, BYTES(ends)};
    return hkdf_expand(secret, info, 2, key, TC_SYM_KEY_LEN);
}

static uint64_t load_u64(const uint8_t *at) {
    reader in = reader_of(at, 8);
    return read_u64(&in);
}

/* Adds or subtracts the stream of a seed: HMAC of a counter, four numbers a block. */
static int apply_mask(const uint8_t seed[TEE_HASH_LEN], bool add, uint16_t count, uint64_t *values) {
    uint8_t block[TEE_HASH_LEN];
    int result = 0;
    for (uint16_t i = 0; i < count && result == 0; i++) {
        if (i % MASKS_PER_BLOCK == 0) {
            const uint8_t counter[] = {(uint8_t)(i / MASKS_PER_BLOCK)};
            const tc_span span = BYTES(counter);
            result = tc_hmac(seed, &span, 1, block);
        }
        uint64_t mask = load_u64(block + 8 * (i % MASKS_PER_BLOCK));
        values[i] += add ? mask : 0 - mask;
    }
    tp_zero(block, sizeof block);
    return result;
}

/* The mask that `from` puts on its values for its pair with `to`. */
static int apply_pair_mask(const uint8_t secret[TEE_HASH_LEN], unsigned from, unsigned to,
                           bool take_off, uint16_t count, uint64_t *values) {
    uint8_t seed[TC_SYM_KEY_LEN];
    bool first = from < to;
    int result = pair_key(secret, "CDC1AMSK", first ? from : to, first ? to : from, seed);
    if (result == 0) {
        result = apply_mask(seed, first != take_off, count, values);
    }
    tp_zero(seed, sizeof seed);
    return result;
}

static int seed_commitment(const uint8_t seed[TEE_HASH_LEN], uint8_t out[TEE_HASH_LEN]) {
    const tc_span parts[] = {{(const uint8_t *)"CDC1ASED", TEE_TAG_LEN}, {seed, TEE_HASH_LEN}};
    return tc_sha256(parts, 2, out);
}

/* ---- begin -------------------------------------------------------------- */

static tee_status decode_terms(tc_span bytes, agg_terms *out) {
    reader in = reader_of(bytes.data, bytes.len);
    read_tag(&in, "CDC1AGGR");
    uint8_t version = read_u8(&in);
    out->sequence = read_number(&in);
    read_bytes(&in, out->query_hash, TEE_HASH_LEN);
    out->participants = read_u64(&in);
    out->aggregator = read_u16(&in);
    out->threshold = read_u16(&in);
    out->min_members = read_u16(&in);
    return read_done(&in) && version == 1 && out->sequence >= 1 ? TEE_OK : TEE_E_PARAM;
}

/* More than half: no two disjoint groups of participants can both recover secrets. */
static bool threshold_is_sound(const agg_terms *terms) {
    unsigned n = size_of(terms->participants);
    return n >= 2 && 2u * terms->threshold > n && terms->threshold <= n && terms->min_members <= n;
}

static tee_status check_terms(const agg_round *agg, const checker *ck, const dp_query *query,
                              const agg_terms *terms) {
    uint16_t n = ck->now.config.n;
    uint64_t all = n == TEE_MAX_MEMBERS ? UINT64_MAX : ((uint64_t)1 << n) - 1;
    if (memcmp(terms->query_hash, query->hash, TEE_HASH_LEN) != 0
        || !within(terms->participants, all) || !has(terms->participants, ck->now.me)
        || terms->aggregator >= n || !has(terms->participants, terms->aggregator)
        || size_of(terms->participants) != query->sources) {
        return TEE_E_CONFLICT;
    }
    if (!threshold_is_sound(terms)) {
        return TEE_E_POLICY;
    }
    return terms->sequence > agg->spent ? TEE_OK : TEE_E_ROLLBACK;
}

static tee_status sign_key(const agg_round *agg, checker *ck, uint8_t *out) {
    uint8_t commitment[TEE_HASH_LEN];
    writer w = writer_of(out, AGG_KEY_LEN);
    bool ok = seed_commitment(agg->seed, commitment) == 0;
    write_tag(&w, key_tag);
    write_bytes(&w, agg->id, TEE_HASH_LEN);
    write_bytes(&w, agg->config_hash, TEE_HASH_LEN);
    write_u16(&w, agg->me);
    write_bytes(&w, tc_key_public(agg->key), TEE_KEY_LEN);
    write_bytes(&w, commitment, TEE_HASH_LEN);
    ok = ok && write_signature(&w, ck->key) && w.len == AGG_KEY_LEN;
    return ok ? TEE_OK : TEE_E_INTERNAL;
}

tee_status agg_begin(agg_round *agg, dp_session *dp, checker *ck, reader *in, uint8_t *out) {
    dp_query query;
    agg_terms terms;
    proven_value proven;
    uint8_t key[ROUND_PREFIX_LEN + TEE_HASH_LEN] = ROUND_PREFIX;
    read_bytes(in, key + ROUND_PREFIX_LEN, TEE_HASH_LEN);
    tc_span bytes = read_var(in, TEE_MAX_STATE_VALUE);
    tee_status status = in->ok ? dp_decode_query(bytes, &query) : TEE_E_PARAM;
    if (status == TEE_OK && ck->key == NULL) {
        status = TEE_E_STATE;
    }
    if (status == TEE_OK) {
        status = state_proof_read(ck, in, (tc_span){key, sizeof key}, &proven);
    }
    if (status == TEE_OK && ck->now.me == CHECKER_NO_SEAT) {
        status = TEE_E_NOT_JOINED;
    }
    if (status == TEE_OK) {
        status = read_done(in) ? decode_terms(proven.value, &terms) : TEE_E_PARAM;
    }
    if (status == TEE_OK) {
        status = check_terms(agg, ck, &query, &terms);
    }
    if (status != TEE_OK) {
        return status;
    }
    agg_close(agg);
    agg->key = tc_key_generate(TEE_SUITE_ES256);
    if (agg->key == NULL || tp_random(agg->seed, sizeof agg->seed) != 0) {
        return TEE_E_INTERNAL;
    }
    memcpy(agg->id, key + ROUND_PREFIX_LEN, TEE_HASH_LEN);
    memcpy(agg->config_hash, ck->now.config.hash, TEE_HASH_LEN);
    agg->terms = terms;
    agg->outputs = query.outputs;
    agg->me = ck->now.me;
    agg->spent = terms.sequence;
    agg->phase = AGG_KEYED;
    dp_gather(dp, &query, agg->id);
    return sign_key(agg, ck, out);
}

/* A round goes on only in the epoch in which it began, with a key to sign with. */
static bool stands_at(const agg_round *agg, const checker *ck, agg_phase phase) {
    return agg->phase == phase && ck->key != NULL
           && memcmp(agg->config_hash, ck->now.config.hash, TEE_HASH_LEN) == 0;
}

void agg_close(agg_round *agg) {
    uint64_t spent = agg->spent;
    tc_key_free(agg->key);
    tp_zero(agg, sizeof *agg);
    agg->spent = spent;
}

/* ---- share -------------------------------------------------------------- */

size_t agg_share_len(uint16_t count) {
    return (size_t)count * AGG_SEALED_SHARE_LEN;
}

/* Takes one member's round key into the tables, if it is signed for this round. */
static tee_status take_key(agg_round *agg, const checker *ck, reader *in, uint64_t *keyed) {
    uint8_t id[TEE_HASH_LEN];
    uint8_t config_hash[TEE_HASH_LEN];
    const uint8_t *start = in->at;
    read_tag(in, key_tag);
    read_bytes(in, id, sizeof id);
    read_bytes(in, config_hash, sizeof config_hash);
    uint16_t from = read_u16(in);
    const uint8_t *key = read_view(in, TEE_KEY_LEN);
    const uint8_t *commitment = read_view(in, TEE_HASH_LEN);
    const uint8_t *signature = read_view(in, TEE_SIG_LEN);
    if (!in->ok || !append(keyed, from)) {
        return TEE_E_PARAM;
    }
    if (memcmp(id, agg->id, sizeof id) != 0 || !has(agg->terms.participants, from)
        || memcmp(config_hash, agg->config_hash, sizeof config_hash) != 0) {
        return TEE_E_CONFLICT;
    }
    const tc_span signed_bytes = {start, AGG_KEY_LEN - TEE_SIG_LEN};
    const epoch_config *config = &ck->now.config;
    if (!tc_verify_message(config->suite, config->members[from].voting_key, &signed_bytes, 1,
                           signature)) {
        return TEE_E_AUTH;
    }
    memcpy(agg->keys[from], key, TEE_KEY_LEN);
    memcpy(agg->seed_hashes[from], commitment, TEE_HASH_LEN);
    return pair_secret(agg->id, agg->key, key, agg->pairs[from]) == 0 ? TEE_OK : TEE_E_AUTH;
}

static int seal_share(agg_round *agg, const uint8_t secrets[AGG_SECRETS_LEN], unsigned to,
                      uint8_t *out) {
    uint8_t share[AGG_SECRETS_LEN];
    uint8_t key[TC_SYM_KEY_LEN];
    shamir_share(secrets, agg->coefficients[0], agg->terms.threshold - 1u, AGG_SECRETS_LEN, to,
                 share);
    bool ok = pair_key(agg->pairs[to], "CDC1ASHR", agg->me, to, key) == 0
              && tc_gcm_seal(key, zero_iv, NULL, 0, BYTES(share), out, out + AGG_SECRETS_LEN) == 0;
    tp_zero(share, sizeof share);
    tp_zero(key, sizeof key);
    return ok ? 0 : -1;
}

static tee_status deal(agg_round *agg, uint8_t *out) {
    uint8_t secrets[AGG_SECRETS_LEN];
    size_t degree = agg->terms.threshold - 1u;
    bool ok = tc_key_scalar(agg->key, secrets) == 0
              && (degree == 0 || tp_random(agg->coefficients[0], degree * AGG_SECRETS_LEN) == 0);
    memcpy(secrets + SEED_AT, agg->seed, TEE_HASH_LEN);
    for (unsigned to = 0; to < TEE_MAX_MEMBERS && ok; to++) {
        if (has(agg->keyed, to)) {
            ok = seal_share(agg, secrets, to, out) == 0;
            out += AGG_SEALED_SHARE_LEN;
        }
    }
    tp_zero(secrets, sizeof secrets);
    tp_zero(agg->coefficients, sizeof agg->coefficients);
    return ok ? TEE_OK : TEE_E_INTERNAL;
}

tee_status agg_share(agg_round *agg, checker *ck, reader *in, uint8_t *out) {
    uint64_t keyed = 0;
    uint16_t count = read_u16(in);
    if (!in->ok || in->left != (size_t)count * AGG_KEY_LEN) {
        return TEE_E_PARAM;
    }
    if (!stands_at(agg, ck, AGG_KEYED)) {
        return TEE_E_STATE;
    }
    for (uint16_t i = 0; i < count; i++) {
        tee_status status = take_key(agg, ck, in, &keyed);
        if (status != TEE_OK) {
            return status;
        }
    }
    if (!enough(agg, keyed)) {
        return TEE_E_POLICY;
    }
    if (!has(keyed, agg->me) || memcmp(agg->keys[agg->me], tc_key_public(agg->key), TEE_KEY_LEN) != 0) {
        return TEE_E_CONFLICT;
    }
    agg->keyed = keyed;
    agg->phase = AGG_SHARED;
    return deal(agg, out);
}

/* ---- contribute --------------------------------------------------------- */

size_t agg_contribution_len(const agg_round *agg) {
    return AGG_CONTRIBUTION_FIXED_LEN + 8u * agg->outputs;
}

static tee_status take_share(agg_round *agg, reader *in, uint64_t *sharers) {
    uint8_t key[TC_SYM_KEY_LEN];
    uint16_t from = read_u16(in);
    const uint8_t *sealed = read_view(in, AGG_SEALED_SHARE_LEN);
    if (!in->ok || !append(sharers, from)) {
        return TEE_E_PARAM;
    }
    if (!has(agg->keyed, from)) {
        return TEE_E_CONFLICT;
    }
    bool ok = pair_key(agg->pairs[from], "CDC1ASHR", from, agg->me, key) == 0
              && tc_gcm_open(key, zero_iv, NULL, 0, (tc_span){sealed, AGG_SECRETS_LEN},
                             agg->shares[from], sealed + AGG_SECRETS_LEN) == 0;
    tp_zero(key, sizeof key);
    return ok ? TEE_OK : TEE_E_AUTH;
}

static tee_status mask_all(agg_round *agg, const int64_t *values) {
    for (uint16_t i = 0; i < agg->outputs; i++) {
        agg->sum[i] = (uint64_t)values[i];
    }
    bool ok = apply_mask(agg->seed, true, agg->outputs, agg->sum) == 0;
    for (unsigned peer = 0; peer < TEE_MAX_MEMBERS && ok; peer++) {
        if (has(agg->sharers, peer) && peer != agg->me) {
            ok = apply_pair_mask(agg->pairs[peer], agg->me, peer, false, agg->outputs, agg->sum)
                 == 0;
        }
    }
    return ok ? TEE_OK : TEE_E_INTERNAL;
}

static tee_status sign_contribution(const agg_round *agg, checker *ck, uint8_t *out) {
    size_t len = agg_contribution_len(agg);
    writer w = writer_of(out, len);
    write_tag(&w, contribution_tag);
    write_bytes(&w, agg->id, TEE_HASH_LEN);
    write_u16(&w, agg->me);
    write_u64(&w, agg->sharers);
    write_u16(&w, agg->outputs);
    for (uint16_t i = 0; i < agg->outputs; i++) {
        write_u64(&w, agg->sum[i]);
    }
    return write_signature(&w, ck->key) && w.len == len ? TEE_OK : TEE_E_INTERNAL;
}

tee_status agg_contribute(agg_round *agg, dp_session *dp, checker *ck, reader *in, uint8_t *out) {
    uint64_t sharers = 0;
    uint16_t count = read_u16(in);
    if (!in->ok || in->left != count * (2u + AGG_SEALED_SHARE_LEN)) {
        return TEE_E_PARAM;
    }
    if (!stands_at(agg, ck, AGG_SHARED) || dp->purpose != DP_GATHERS
        || memcmp(dp->debit, agg->id, TEE_HASH_LEN) != 0) {
        return TEE_E_STATE;
    }
    for (uint16_t i = 0; i < count; i++) {
        tee_status status = take_share(agg, in, &sharers);
        if (status != TEE_OK) {
            return status;
        }
    }
    if (!enough(agg, sharers)) {
        return TEE_E_POLICY;
    }
    if (!has(sharers, agg->me)) {
        return TEE_E_CONFLICT;
    }
    agg->sharers = sharers;
    agg->phase = AGG_CONTRIBUTED;
    tee_status status = mask_all(agg, dp->tally.values);
    dp_close(dp);
    if (status == TEE_OK) {
        status = sign_contribution(agg, ck, out);
    }
    tp_zero(agg->sum, sizeof agg->sum);
    return status;
}

/* ---- unmask ------------------------------------------------------------- */

size_t agg_unmasking_len(const agg_round *agg) {
    return AGG_UNMASKING_HEAD_LEN + (size_t)size_of(agg->sharers) * TEE_HASH_LEN + TC_GCM_TAG_LEN;
}

static void write_unmasking_head(const agg_round *agg, unsigned from, uint64_t survivors,
                                 uint8_t out[AGG_UNMASKING_HEAD_LEN]) {
    writer w = writer_of(out, AGG_UNMASKING_HEAD_LEN);
    write_tag(&w, unmasking_tag);
    write_bytes(&w, agg->id, TEE_HASH_LEN);
    write_u16(&w, (uint16_t)from);
    write_u64(&w, agg->sharers);
    write_u64(&w, survivors);
}

/* One half of each share held, the survivors' seeds' and the others' keys'. */
static size_t choose_halves(agg_round *agg, uint64_t survivors) {
    size_t count = 0;
    for (unsigned i = 0; i < TEE_MAX_MEMBERS; i++) {
        if (has(agg->sharers, i)) {
            memcpy(agg->plain[count++], agg->shares[i] + (has(survivors, i) ? SEED_AT : 0),
                   TEE_HASH_LEN);
        }
    }
    return count * TEE_HASH_LEN;
}

/* The other halves are destroyed; only the aggregator has anything left to do. */
static void forget_secrets(agg_round *agg) {
    if (agg->me != agg->terms.aggregator) {
        agg_close(agg);
        return;
    }
    tc_key_free(agg->key);
    agg->key = NULL;
    tp_zero(agg->seed, sizeof agg->seed);
    tp_zero(agg->shares, sizeof agg->shares);
    tp_zero(agg->plain, sizeof agg->plain);
    agg->phase = AGG_UNMASKED;
}

tee_status agg_unmask(agg_round *agg, checker *ck, reader *in, uint8_t *out) {
    uint8_t key[TC_SYM_KEY_LEN];
    uint64_t survivors = read_u64(in);
    if (!read_done(in)) {
        return TEE_E_PARAM;
    }
    if (!stands_at(agg, ck, AGG_CONTRIBUTED)) {
        return TEE_E_STATE;
    }
    if (!within(survivors, agg->sharers)) {
        return TEE_E_CONFLICT;
    }
    if (!enough(agg, survivors)) {
        return TEE_E_POLICY;
    }
    uint16_t to = agg->terms.aggregator;
    write_unmasking_head(agg, agg->me, survivors, out);
    const tc_span aad = {out, AGG_UNMASKING_HEAD_LEN};
    const tc_span plain = {agg->plain[0], choose_halves(agg, survivors)};
    uint8_t *cipher = out + AGG_UNMASKING_HEAD_LEN;
    bool ok = pair_key(agg->pairs[to], "CDC1AUNM", agg->me, to, key) == 0
              && tc_gcm_seal(key, zero_iv, &aad, 1, plain, cipher, cipher + plain.len) == 0;
    tp_zero(key, sizeof key);
    forget_secrets(agg);
    return ok ? TEE_OK : TEE_E_INTERNAL;
}

/* ---- finish ------------------------------------------------------------- */

static tee_status add_contribution(agg_round *agg, const checker *ck, reader *in, unsigned from) {
    size_t len = agg_contribution_len(agg);
    const uint8_t *bytes = read_view(in, len);
    reader item = reader_of(bytes, bytes == NULL ? 0 : len);
    const epoch_config *config = &ck->now.config;
    const tc_span signed_bytes = {bytes, len - TEE_SIG_LEN};
    read_tag(&item, contribution_tag);
    const uint8_t *id = read_view(&item, TEE_HASH_LEN);
    uint16_t member_index = read_u16(&item);
    uint64_t sharers = read_u64(&item);
    uint16_t outputs = read_u16(&item);
    if (!item.ok) {
        return TEE_E_PARAM;
    }
    if (memcmp(id, agg->id, TEE_HASH_LEN) != 0 || member_index != from || sharers != agg->sharers
        || outputs != agg->outputs) {
        return TEE_E_CONFLICT;
    }
    if (!tc_verify_message(config->suite, config->members[from].voting_key, &signed_bytes, 1,
                           bytes + signed_bytes.len)) {
        return TEE_E_AUTH;
    }
    for (uint16_t i = 0; i < outputs; i++) {
        agg->sum[i] += read_u64(&item);
    }
    return TEE_OK;
}

static tee_status add_contributions(agg_round *agg, const checker *ck, reader *in,
                                    uint64_t survivors) {
    tee_status status = TEE_OK;
    tp_zero(agg->sum, sizeof agg->sum);
    for (unsigned from = 0; from < TEE_MAX_MEMBERS && status == TEE_OK; from++) {
        if (has(survivors, from)) {
            status = add_contribution(agg, ck, in, from);
        }
    }
    return status;
}

/* Whose unmaskings these are; they must be for the same sets. */
static tee_status read_unmaskers(const agg_round *agg, reader in, uint64_t survivors,
                                 uint64_t *unmaskers) {
    uint8_t expected[AGG_UNMASKING_HEAD_LEN];
    *unmaskers = 0;
    for (unsigned i = 0; i < agg->terms.threshold; i++) {
        const uint8_t *head = read_view(&in, AGG_UNMASKING_HEAD_LEN);
        read_view(&in, agg_unmasking_len(agg) - AGG_UNMASKING_HEAD_LEN);
        if (!in.ok) {
            return TEE_E_PARAM;
        }
        unsigned from = (unsigned)head[TEE_TAG_LEN + TEE_HASH_LEN] << 8
                        | head[TEE_TAG_LEN + TEE_HASH_LEN + 1];
        if (!append(unmaskers, from)) {
            return TEE_E_PARAM;
        }
        write_unmasking_head(agg, from, survivors, expected);
        if (!has(agg->sharers, from) || memcmp(head, expected, sizeof expected) != 0) {
            return TEE_E_CONFLICT;
        }
    }
    return TEE_OK;
}

static tee_status gather_unmasking(agg_round *agg, reader *in, uint64_t unmaskers, unsigned from) {
    uint8_t key[TC_SYM_KEY_LEN];
    const uint8_t *bytes = read_view(in, agg_unmasking_len(agg));
    const tc_span aad = {bytes, AGG_UNMASKING_HEAD_LEN};
    const tc_span cipher = {bytes + aad.len, (size_t)size_of(agg->sharers) * TEE_HASH_LEN};
    bool ok = pair_key(agg->pairs[from], "CDC1AUNM", from, agg->me, key) == 0
              && tc_gcm_open(key, zero_iv, &aad, 1, cipher, agg->plain[0], cipher.data + cipher.len)
                     == 0;
    tp_zero(key, sizeof key);
    if (ok) {
        shamir_gather(shamir_weight(unmaskers, from), agg->plain[0], cipher.len, agg->recovered[0]);
    }
    return ok ? TEE_OK : TEE_E_AUTH;
}

static tee_status take_off_self_mask(agg_round *agg, unsigned i, const uint8_t *seed) {
    uint8_t commitment[TEE_HASH_LEN];
    if (seed_commitment(seed, commitment) != 0) {
        return TEE_E_INTERNAL;
    }
    if (!tc_equal(commitment, agg->seed_hashes[i], TEE_HASH_LEN)) {
        return TEE_E_AUTH;
    }
    return apply_mask(seed, false, agg->outputs, agg->sum) == 0 ? TEE_OK : TEE_E_INTERNAL;
}

/* What the survivors put on for their pairs with a member whose contribution is missing. */
static tee_status take_off_pair_masks(agg_round *agg, unsigned lost, const uint8_t *scalar,
                                      uint64_t survivors) {
    uint8_t secret[TEE_HASH_LEN];
    tc_key *key = tc_key_load(TEE_SUITE_ES256, scalar, agg->keys[lost]);
    if (key == NULL) {
        return TEE_E_AUTH;
    }
    bool ok = true;
    for (unsigned i = 0; i < TEE_MAX_MEMBERS && ok; i++) {
        if (has(survivors, i)) {
            ok = pair_secret(agg->id, key, agg->keys[i], secret) == 0
                 && apply_pair_mask(secret, i, lost, true, agg->outputs, agg->sum) == 0;
        }
    }
    tc_key_free(key);
    tp_zero(secret, sizeof secret);
    return ok ? TEE_OK : TEE_E_INTERNAL;
}

static tee_status take_off_masks(agg_round *agg, uint64_t survivors) {
    tee_status status = TEE_OK;
    const uint8_t *secret = agg->recovered[0];
    for (unsigned i = 0; i < TEE_MAX_MEMBERS && status == TEE_OK; i++) {
        if (has(agg->sharers, i)) {
            status = has(survivors, i) ? take_off_self_mask(agg, i, secret)
                                       : take_off_pair_masks(agg, i, secret, survivors);
            secret += TEE_HASH_LEN;
        }
    }
    return status;
}

static tee_status unmask_sum(agg_round *agg, const checker *ck, reader *in, uint64_t survivors) {
    uint64_t unmaskers = 0;
    tee_status status = add_contributions(agg, ck, in, survivors);
    if (status == TEE_OK) {
        status = read_unmaskers(agg, *in, survivors, &unmaskers);
    }
    tp_zero(agg->recovered, sizeof agg->recovered);
    for (unsigned from = 0; from < TEE_MAX_MEMBERS && status == TEE_OK; from++) {
        if (has(unmaskers, from)) {
            status = gather_unmasking(agg, in, unmaskers, from);
        }
    }
    if (status == TEE_OK) {
        status = read_done(in) ? take_off_masks(agg, survivors) : TEE_E_PARAM;
    }
    tp_zero(agg->plain, sizeof agg->plain);
    tp_zero(agg->recovered, sizeof agg->recovered);
    return status;
}

tee_status agg_finish(agg_round *agg, dp_session *dp, checker *ck, reader *in, uint8_t *out) {
    uint64_t survivors = read_u64(in);
    if (!in->ok) {
        return TEE_E_PARAM;
    }
    if (!stands_at(agg, ck, AGG_UNMASKED) || dp->purpose != DP_FINISHES) {
        return TEE_E_STATE;
    }
    if (!within(survivors, agg->sharers)
        || memcmp(dp->query.hash, agg->terms.query_hash, TEE_HASH_LEN) != 0) {
        return TEE_E_CONFLICT;
    }
    tee_status status = enough(agg, survivors) ? unmask_sum(agg, ck, in, survivors) : TEE_E_POLICY;
    if (status == TEE_OK) {
        for (uint16_t i = 0; i < agg->outputs; i++) {
            dp->tally.values[i] = (int64_t)agg->sum[i];
        }
        agg_close(agg);
        return dp_release(dp, ck, DP_FINISHES, out);
    }
    tp_zero(agg->sum, sizeof agg->sum);
    return status;
}
