#include "cold_start.h"

#include <string.h>

static bool same_hash(const uint8_t a[TEE_HASH_LEN], const uint8_t b[TEE_HASH_LEN]) {
    return memcmp(a, b, TEE_HASH_LEN) == 0;
}

static bool same_key(const uint8_t a[TEE_KEY_LEN], const uint8_t b[TEE_KEY_LEN]) {
    return memcmp(a, b, TEE_KEY_LEN) == 0;
}

/* R of the header's comment. */
static unsigned enough(const epoch_config *config) {
    unsigned n = config->n;
    unsigned f = n - config_quorum(config);
    unsigned meeting = (n + f + 2u) / 2u; /* ceil((n + f + 1) / 2) */
    return 2u * f + 1u > meeting ? 2u * f + 1u : meeting;
}

/* ---- statements --------------------------------------------------------- */

static tee_status check_statement(const epoch_config *from, const resume_statement *it,
                                  const uint8_t *bytes) {
    if (it->member >= from->n || !same_hash(it->config_hash, from->hash)
        || it->epoch != from->epoch) {
        return TEE_E_CONFLICT;
    }
    const uint8_t *seat_key = from->members[it->member].voting_key;
    if (!same_key(it->former_key, seat_key) || same_key(it->voting_key, seat_key)) {
        return TEE_E_CONFLICT;
    }
    const tc_span signed_bytes = {bytes, RESUME_SIGNED_LEN};
    bool valid = tc_verify_message(from->suite, it->voting_key, &signed_bytes, 1, it->signature);
    return valid ? TEE_OK : TEE_E_QC;
}

static tee_status check_statements(const epoch_config *from, const cold_start_proof *proof) {
    for (uint16_t i = 0; i < proof->statement_count; i++) {
        tee_status status = check_statement(
            from, &proof->statements[i], proof->statement_bytes + (size_t)i * TEE_RESUME_LEN);
        if (status != TEE_OK) {
            return status;
        }
    }
    return proof->statement_count < enough(from) ? TEE_E_QC : TEE_OK;
}

static bool same_block(const resume_statement *a, const resume_statement *b) {
    return same_hash(a->ph, b->ph) && a->pheight == b->pheight && a->plast == b->plast;
}

/*
 * The statement of the highest view, of at least one. Two that differ prove nothing about
 * an enclave: anybody can sign with a key that has no seat.
 */
static tee_status find_best(const cold_start_link *link, const cold_start_proof *proof,
                            const resume_statement **out) {
    const resume_statement *best = &proof->statements[0];
    for (uint16_t i = 1; i < proof->statement_count; i++) {
        if (proof->statements[i].pv > best->pv) {
            best = &proof->statements[i];
        }
    }
    for (uint16_t i = 0; i < proof->statement_count; i++) {
        if (proof->statements[i].pv == best->pv && !same_block(&proof->statements[i], best)) {
            return TEE_E_CONFLICT;
        }
    }
    bool at_anchor = same_hash(best->ph, link->anchor) && best->pheight == link->anchor_height
                     && !best->plast;
    if (best->pv == 0 && !at_anchor) {
        return TEE_E_CONFLICT;
    }
    *out = best;
    return TEE_OK;
}

/* ---- the configuration to go on from ------------------------------------ */

/* The last block of the epoch, below what was voted for, and the configuration it names. */
static tee_status check_epoch_end(cold_start *room, const cold_start_link *link,
                                  const resume_statement *best) {
    const epoch_end *end = &room->end;
    tee_status status = decode_epoch_end(link->headers, &room->end);
    if (status == TEE_OK) {
        status = decode_config(room->proof.base, &room->base);
    }
    if (status != TEE_OK) {
        return status;
    }
    if (room->base.suite != link->from->suite) {
        return TEE_E_ALG_UNSUPPORTED; /* the stated keys could have no seat there */
    }
    bool fits = epoch_end_is_of(end, link->from) && same_hash(end->top.hash, best->ph)
                && end->top.height == best->pheight
                && same_hash(room->base.hash, end->last.next_config_hash)
                && room->base.epoch == link->next->epoch;
    return fits ? TEE_OK : TEE_E_CONFLICT;
}

/* The configuration that the next epoch would have had with no enclave lost. */
static tee_status find_base(cold_start *room, const cold_start_link *link,
                            const resume_statement *best, const epoch_config **base) {
    if (best->plast) {
        *base = &room->base;
        return check_epoch_end(room, link, best);
    }
    *base = link->from;
    return link->headers.len == 0 && room->proof.base.len == 0 ? TEE_OK : TEE_E_PARAM;
}

/* ---- the next configuration --------------------------------------------- */

static const member *member_of_id(const epoch_config *config, const member *wanted) {
    for (uint16_t i = 0; i < config->n; i++) {
        const member *m = &config->members[i];
        if (m->id_len == wanted->id_len && memcmp(m->id, wanted->id, m->id_len) == 0) {
            return m;
        }
    }
    return NULL;
}

static const resume_statement *statement_of(const cold_start_proof *proof, unsigned index) {
    for (uint16_t i = 0; i < proof->statement_count; i++) {
        if (proof->statements[i].member == index) {
            return &proof->statements[i];
        }
    }
    return NULL;
}

/* The statement of the member with this one's id, or null. */
static const resume_statement *stated_by(const cold_start_link *link,
                                         const cold_start_proof *proof, const member *m) {
    const member *seat = member_of_id(link->from, m);
    return seat == NULL ? NULL : statement_of(proof, (unsigned)(seat - link->from->members));
}

/* The next configuration's bytes with some of the base's put back. */
typedef struct {
    tc_span *pieces;
    size_t count;
    tc_span from;
    size_t taken; /* bytes of from */
} restoring;

static void put_back(restoring *r, size_t at, const uint8_t *bytes, size_t len) {
    r->pieces[r->count++] = (tc_span){r->from.data + r->taken, at - r->taken};
    r->pieces[r->count++] = (tc_span){bytes, len};
    r->taken = at + len;
}

/*
 * Whether next is the base but for the epoch, and of the members that stated for the keys,
 * which are the stated ones, and evidence: with the base's put back it has the base's hash.
 */
static tee_status check_next(cold_start *room, const cold_start_link *link,
                             const epoch_config *base) {
    uint8_t epoch[8];
    uint8_t hash[TEE_HASH_LEN];
    restoring r = {room->pieces, 0, link->next_bytes, 0};
    writer w = writer_of(epoch, sizeof epoch);
    write_u64(&w, base->epoch);
    put_back(&r, CONFIG_EPOCH_AT, epoch, sizeof epoch);
    for (uint16_t i = 0; i < link->next->n; i++) {
        const member *m = &link->next->members[i];
        const member *before = member_of_id(base, m);
        const resume_statement *stated = stated_by(link, &room->proof, m);
        if (before == NULL) {
            return TEE_E_CONFLICT;
        }
        if (stated == NULL || base->mode == TEE_MODE_BFT_2P) {
            continue; /* its key stays */
        }
        if (!same_key(m->voting_key, stated->voting_key)) {
            return TEE_E_CONFLICT;
        }
        put_back(&r, m->voting_key_at, before->voting_key, TEE_KEY_LEN);
        put_back(&r, m->evidence_at, before->evidence, TEE_HASH_LEN);
    }
    r.pieces[r.count++] = (tc_span){r.from.data + r.taken, r.from.len - r.taken};
    if (tc_sha256(r.pieces, r.count, hash) != 0) {
        return TEE_E_INTERNAL;
    }
    return same_hash(hash, base->hash) ? TEE_OK : TEE_E_CONFLICT;
}

/* ---- approvals ---------------------------------------------------------- */

static tee_status check_approvals(const cold_start_link *link, const cold_start_proof *proof) {
    uint8_t bytes[TEE_COLD_SIGNED_LEN];
    tee_status status = cold_start_bytes(link->from, proof, link->next->hash, bytes);
    if (status != TEE_OK) {
        return status;
    }
    const tc_span approved = {bytes, sizeof bytes};
    reader in = reader_of(proof->approvals, (size_t)proof->approval_count * TEE_APPROVAL_LEN);
    for (uint16_t i = 0; i < proof->approval_count; i++) {
        uint16_t index = read_u16(&in);
        const uint8_t *signature = read_view(&in, TEE_SIG_LEN);
        if (statement_of(proof, index) == NULL) {
            return TEE_E_CONFLICT;
        }
        const uint8_t *key = link->from->members[index].governance_key;
        if (!tc_verify_message(link->from->suite, key, &approved, 1, signature)) {
            return TEE_E_QC;
        }
    }
    return TEE_OK;
}

static void set_outcome(const cold_start *room, const resume_statement *best,
                        cold_start_outcome *outcome) {
    const epoch_end *end = &room->end;
    outcome->anchor = best->plast ? end->last.hash : best->ph;
    outcome->anchor_height = best->plast ? end->last.height : best->pheight;
    outcome->height = best->pheight;
}

tee_status cold_start_verify(cold_start *room, const cold_start_link *link,
                             cold_start_outcome *outcome) {
    const cold_start_proof *proof = &room->proof;
    const resume_statement *best = NULL;
    const epoch_config *base = NULL;
    tee_status status = decode_cold_start(link->proof, &room->proof);
    if (status == TEE_OK && link->from->mode == TEE_MODE_BFT_2P) {
        status = TEE_E_CONFLICT;
    }
    if (status == TEE_OK) {
        status = check_statements(link->from, proof);
    }
    if (status == TEE_OK) {
        status = find_best(link, proof, &best);
    }
    if (status == TEE_OK) {
        status = find_base(room, link, best, &base);
    }
    if (status != TEE_OK) {
        return status;
    }
    status = check_next(room, link, base);
    if (status == TEE_OK) {
        status = check_approvals(link, proof);
    }
    if (status != TEE_OK) {
        return status;
    }
    unsigned needed = best->plast ? link->from->n : enough(link->from);
    if (proof->approval_count < needed) {
        return TEE_E_QC;
    }
    set_outcome(room, best, outcome);
    return TEE_OK;
}
