#include "sharing.h"

#include <string.h>

#include "attest.h"
#include "envelope.h"
#include "hpke.h"
#include "state_proof.h"
#include "tp_platform.h"

#define GRANT_ID_LEN 32u
#define GRANT_VERSION 1u
#define WRAPPED_LEN (TC_SYM_KEY_LEN + HPKE_OVERHEAD)

static const char shared_tag[] = "CDC1SHKY";

/* ---- grants ------------------------------------------------------------- */

typedef struct {
    tc_span holder;
    tc_span grantee;
    const uint8_t *subject; /* H of the record's context */
    uint64_t from_ms;
    uint64_t until_ms;
    bool withdrawn;
} grant;

static tc_span read_id(reader *in) {
    size_t len = read_u8(in);
    return (tc_span){read_view(in, len), len};
}

static bool decode_grant(tc_span bytes, grant *out) {
    reader in = reader_of(bytes.data, bytes.len);
    read_tag(&in, "CDC1GRNT");
    bool known = read_u8(&in) == GRANT_VERSION;
    out->holder = read_id(&in);
    out->grantee = read_id(&in);
    out->subject = read_view(&in, TEE_HASH_LEN);
    out->from_ms = read_number(&in);
    out->until_ms = read_number(&in);
    out->withdrawn = read_flag(&in);
    read_view(&in, TEE_HASH_LEN); /* terms */
    return read_done(&in) && known;
}

static bool same_span(tc_span a, tc_span b) {
    return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

/* Who may read what: what a grant must say. */
typedef struct {
    const uint8_t *grant_id;
    tc_span holder;
    tc_span grantee;
    tc_span context;
} access;

static bool grants(const grant *it, const access *wanted, const uint8_t subject[TEE_HASH_LEN],
                   uint64_t now_ms) {
    return same_span(it->holder, wanted->holder) && same_span(it->grantee, wanted->grantee)
           && memcmp(it->subject, subject, TEE_HASH_LEN) == 0 && !it->withdrawn
           && it->from_ms <= now_ms && now_ms < it->until_ms;
}

/* Whether the rest of the request proves a live grant of the access; time is the block's. */
static tee_status check_access(checker *ck, reader *proof, const access *wanted) {
    static const uint8_t prefix[6] = {'g', 'r', 'a', 'n', 't', '/'};
    uint8_t key[sizeof prefix + GRANT_ID_LEN];
    uint8_t subject[TEE_HASH_LEN];
    proven_value proven;
    grant it;
    memcpy(key, prefix, sizeof prefix);
    memcpy(key + sizeof prefix, wanted->grant_id, GRANT_ID_LEN);
    tee_status status = state_proof_read(ck, proof, (tc_span){key, sizeof key}, &proven);
    if (status != TEE_OK) {
        return status;
    }
    if (!read_done(proof)) {
        return TEE_E_PARAM;
    }
    if (tc_sha256(&wanted->context, 1, subject) != 0) {
        return TEE_E_INTERNAL;
    }
    bool live = decode_grant(proven.value, &it)
                && grants(&it, wanted, subject, proven.header.time_ms);
    return live ? TEE_OK : TEE_E_NO_GRANT;
}

/* ---- shared keys -------------------------------------------------------- */

typedef struct {
    const uint8_t *grant_id;
    tc_span holder;
    tc_span grantee;
    tc_span head; /* everything before the encapsulated key: authenticated */
    const uint8_t *enc;
    tc_span wrapped;
} shared_key;

static bool decode_shared_key(tc_span bytes, shared_key *out) {
    reader in = reader_of(bytes.data, bytes.len);
    read_tag(&in, shared_tag);
    out->holder = read_id(&in);
    out->grantee = read_id(&in);
    out->grant_id = read_view(&in, GRANT_ID_LEN);
    out->head = (tc_span){bytes.data, bytes.len - in.left};
    out->enc = read_view(&in, TEE_KEY_LEN);
    out->wrapped = (tc_span){read_view(&in, WRAPPED_LEN), WRAPPED_LEN};
    return read_done(&in);
}

static void write_id(writer *w, tc_span id) {
    write_u8(w, (uint8_t)id.len);
    write_bytes(w, id.data, id.len);
}

/* Writes the head, then the encapsulated key and the data key encrypted to the peer. */
static int encode_shared_key(const identity *who, const access *given, const uint8_t *peer_key,
                             const uint8_t data_key[TC_SYM_KEY_LEN], uint8_t *out, size_t *len) {
    writer w = writer_of(out, TEE_SHARED_KEY_MAX);
    write_tag(&w, shared_tag);
    write_id(&w, given->holder);
    write_id(&w, given->grantee);
    write_bytes(&w, given->grant_id, GRANT_ID_LEN);
    const tc_span head = {out, w.len};
    const tc_span chain = {who->chain_id, TEE_HASH_LEN};
    const tc_span key = {data_key, TC_SYM_KEY_LEN};
    *len = w.len + TEE_KEY_LEN + WRAPPED_LEN;
    if (!w.ok || *len > TEE_SHARED_KEY_MAX) {
        return -1;
    }
    return hpke_seal(peer_key, chain, head, key, out + w.len, out + w.len + TEE_KEY_LEN);
}

/* ---- the two operations ------------------------------------------------- */

static tc_span own_id(const identity *who) {
    return (tc_span){who->member, who->member_len};
}

tee_status sharing_rewrap(checker *ck, const keystore *keys, const identity *who, reader *in,
                          uint8_t *out, size_t *len) {
    access wanted = {.grant_id = read_view(in, GRANT_ID_LEN), .holder = own_id(who)};
    tc_span evidence_bytes = read_var(in, TEE_MAX_EVIDENCE);
    wanted.context = read_var(in, TEE_MAX_AAD);
    const uint8_t *head = read_view(in, TEE_SEAL_HEAD_LEN);
    uint8_t data_key[TC_SYM_KEY_LEN];
    peer_identity peer;
    if (!in->ok) {
        return TEE_E_PARAM;
    }
    tee_status status = attest_peer(ck, evidence_bytes, &peer);
    if (status != TEE_OK) {
        return status;
    }
    const member *seat = &ck->now.config.members[peer.seat];
    wanted.grantee = (tc_span){seat->id, seat->id_len};
    status = check_access(ck, in, &wanted);
    if (status == TEE_OK) {
        status = envelope_unwrap(keys, who, wanted.context, head, data_key);
    }
    if (status == TEE_OK
        && encode_shared_key(who, &wanted, peer.exchange_key, data_key, out, len) != 0) {
        status = TEE_E_INTERNAL;
    }
    tp_zero(data_key, sizeof data_key);
    return status;
}

tee_status sharing_read(reader *in, shared_request *out) {
    out->shared_key = read_var(in, TEE_SHARED_KEY_MAX);
    out->context = read_var(in, TEE_MAX_AAD);
    out->record = read_var(in, TEE_MAX_RECORD + TEE_SEAL_OVERHEAD);
    out->proof = *in;
    return in->ok ? TEE_OK : TEE_E_PARAM;
}

static tee_status open_with(const keystore *keys, const identity *who, const shared_key *key,
                            const shared_request *request, uint8_t *out) {
    uint8_t data_key[TC_SYM_KEY_LEN];
    identity holder = *who;
    const tc_span chain = {who->chain_id, TEE_HASH_LEN};
    if (hpke_open(keys->exchange, key->enc, chain, key->head, key->wrapped, data_key) != 0) {
        return TEE_E_AUTH;
    }
    holder.member_len = (uint8_t)key->holder.len; /* a member's id, as the grant says */
    memcpy(holder.member, key->holder.data, key->holder.len);
    tee_status status =
        envelope_open_with(keys->suite, data_key, &holder, request->context, request->record, out);
    tp_zero(data_key, sizeof data_key);
    return status;
}

tee_status sharing_open(checker *ck, const keystore *keys, const identity *who,
                        shared_request *request, uint8_t *out) {
    shared_key key;
    if (!decode_shared_key(request->shared_key, &key)
        || !id_is_valid(key.holder.data, key.holder.len)
        || !same_span(key.grantee, own_id(who))) {
        return TEE_E_AUTH;
    }
    const access wanted = {key.grant_id, key.holder, key.grantee, request->context};
    tee_status status = check_access(ck, &request->proof, &wanted);
    return status == TEE_OK ? open_with(keys, who, &key, request, out) : status;
}
