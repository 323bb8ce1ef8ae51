#include "tee_core.h"

#include <string.h>

#include "attest.h"
#include "entry_proof.h"
#include "entry_sign.h"
#include "envelope.h"
#include "resume.h"
#include "sharing.h"
#include "tp_platform.h"

/* One request being served. */
typedef struct {
    tee_core *core;
    reader in;
    uint8_t *out;
    size_t cap;
    size_t len; /* of the answer, or the length needed with E_SHORT */
} call;

tee_status tee_core_boot(tee_core *core, uint8_t suite, tc_span who, tc_span sealed,
                         uint8_t blob[KEYSTORE_BLOB_LEN], size_t *blob_len) {
    *blob_len = 0;
    if (core->booted) {
        return TEE_E_STATE;
    }
    if (!tc_suite_supported(suite)) {
        return TEE_E_ALG_UNSUPPORTED;
    }
    memset(core, 0, sizeof *core);
    tee_status status = identity_decode(who, &core->who);
    if (status != TEE_OK) {
        return status;
    }
    if (sealed.len > 0) {
        status = keystore_open(&core->keys, suite, &core->who, sealed);
    } else {
        status = keystore_create(&core->keys, suite, &core->who, blob);
        *blob_len = status == TEE_OK ? KEYSTORE_BLOB_LEN : 0;
    }
    if (status == TEE_OK) {
        status = checker_init(&core->ck, suite, core->who.chain_id);
    }
    if (status != TEE_OK) {
        *blob_len = 0;
        tee_core_wipe(core);
        return status;
    }
    core->booted = true;
    return TEE_OK;
}

void tee_core_wipe(tee_core *core) {
    agg_close(&core->agg);
    checker_wipe(&core->ck);
    keystore_wipe(&core->keys);
    tp_zero(core, sizeof *core);
}

/* Whether the answer fits; otherwise says how much it needs. */
static bool fits(call *c, size_t len) {
    c->len = len;
    return len <= c->cap;
}

/* ---- one function per operation: read, ask for room, delegate ----------- */

static tee_status op_info(call *c) {
    const checker *ck = &c->core->ck;
    uint8_t measurement[TEE_MEASUREMENT_LEN];
    if (!read_done(&c->in)) {
        return TEE_E_PARAM;
    }
    if (!fits(c, TEE_INFO_LEN)) {
        return TEE_E_SHORT;
    }
    tp_measurement(measurement);
    writer w = writer_of(c->out, c->cap);
    write_u16(&w, TEE_ABI_VERSION);
    write_u8(&w, TP_TIER);
    write_u8(&w, TP_PORT);
    write_u8(&w, TP_DEBUG);
    write_bytes(&w, measurement, sizeof measurement);
    write_u8(&w, (uint8_t)(c->core->dead ? TEE_STATE_DEAD : ck->now.state));
    write_u64(&w, ck->now.config.epoch);
    write_bytes(&w, ck->now.config.hash, TEE_HASH_LEN);
    write_u16(&w, ck->now.me);
    write_u64(&w, ck->v);
    write_u64(&w, ck->prop);
    write_u64(&w, ck->pv);
    write_u64(&w, ck->pheight);
    write_bytes(&w, ck->ph, TEE_HASH_LEN);
    write_u8(&w, ck->plast ? 1 : 0);
    write_bytes(&w, ck->public_key, TEE_KEY_LEN);
    write_bytes(&w, tc_key_public(c->core->keys.signing), TEE_KEY_LEN);
    return w.ok && w.len == TEE_INFO_LEN ? TEE_OK : TEE_E_INTERNAL;
}

static tee_status op_evidence(call *c) {
    uint8_t nonce[TEE_NONCE_LEN];
    read_bytes(&c->in, nonce, sizeof nonce);
    if (!read_done(&c->in)) {
        return TEE_E_PARAM;
    }
    if (!fits(c, TEE_MAX_EVIDENCE)) {
        return TEE_E_SHORT;
    }
    return attest_evidence(&c->core->ck, &c->core->keys, &c->core->who, nonce, c->out, c->cap,
                           &c->len);
}

static tee_status op_enter_epoch(call *c) {
    c->len = 0;
    return checker_enter(&c->core->ck, (tc_span){c->in.at, c->in.left});
}

static tee_status op_propose(call *c) {
    tc_span header = {read_view(&c->in, TEE_HEADER_LEN), TEE_HEADER_LEN};
    tc_span just = read_var(&c->in, TEE_MAX_MESSAGE);
    if (!read_done(&c->in)) {
        return TEE_E_PARAM;
    }
    if (!fits(c, TEE_SIG_LEN)) {
        return TEE_E_SHORT;
    }
    return checker_propose(&c->core->ck, header, just, c->out);
}

static tee_status op_vote(call *c) {
    tc_span header = {read_view(&c->in, TEE_HEADER_LEN), TEE_HEADER_LEN};
    const uint8_t *prop = read_view(&c->in, TEE_SIG_LEN);
    if (!read_done(&c->in)) {
        return TEE_E_PARAM;
    }
    if (!fits(c, TEE_SIG_LEN)) {
        return TEE_E_SHORT;
    }
    return checker_vote(&c->core->ck, header, prop, c->out);
}

static tee_status op_new_view(call *c) {
    uint64_t view = read_u64(&c->in);
    if (!read_done(&c->in)) {
        return TEE_E_PARAM;
    }
    if (!fits(c, TEE_NEW_VIEW_LEN)) {
        return TEE_E_SHORT;
    }
    return checker_new_view(&c->core->ck, view, c->out);
}

static tee_status op_sign_entry(call *c) {
    tc_span entry = read_var(&c->in, TEE_MAX_ENTRY);
    if (!read_done(&c->in)) {
        return TEE_E_PARAM;
    }
    if (c->core->ck.now.state == TEE_STATE_HALTED) {
        return TEE_E_STATE;
    }
    if (!fits(c, entry_signed_len(c->core->keys.suite, entry.len))) {
        return TEE_E_SHORT;
    }
    return entry_sign(&c->core->keys, &c->core->who, entry, c->out);
}

static tee_status op_seal(call *c) {
    tc_span context = read_var(&c->in, TEE_MAX_AAD);
    tc_span plaintext = read_var(&c->in, TEE_MAX_RECORD);
    if (!read_done(&c->in)) {
        return TEE_E_PARAM;
    }
    if (!fits(c, plaintext.len + TEE_SEAL_OVERHEAD)) {
        return TEE_E_SHORT;
    }
    return envelope_seal(&c->core->keys, &c->core->who, context, plaintext, c->out);
}

static tee_status op_open(call *c) {
    tc_span context = read_var(&c->in, TEE_MAX_AAD);
    tc_span record = read_var(&c->in, TEE_MAX_RECORD + TEE_SEAL_OVERHEAD);
    if (!read_done(&c->in)) {
        return TEE_E_PARAM;
    }
    if (record.len < TEE_SEAL_OVERHEAD) {
        return TEE_E_AUTH;
    }
    if (!fits(c, record.len - TEE_SEAL_OVERHEAD)) {
        return TEE_E_SHORT;
    }
    return envelope_open(&c->core->keys, &c->core->who, context, record, c->out);
}

static tee_status op_retire(call *c) {
    c->len = 0;
    return read_done(&c->in) ? checker_retire(&c->core->ck) : TEE_E_PARAM;
}

static tee_status op_verify_batch(call *c) {
    size_t count = read_u16(&c->in);
    if (!c->in.ok || c->in.left != count * TEE_BATCH_ITEM_LEN) {
        return TEE_E_PARAM;
    }
    if (!fits(c, count)) {
        return TEE_E_SHORT;
    }
    for (size_t i = 0; i < count; i++) {
        const uint8_t *item = read_view(&c->in, TEE_BATCH_ITEM_LEN);
        const uint8_t *digest = item + TEE_KEY_LEN;
        c->out[i] = tc_verify_digest(c->core->ck.suite, item, digest, digest + TEE_HASH_LEN) ? 1 : 0;
    }
    return TEE_OK;
}

static tee_status op_resume_sign(call *c) {
    if (!fits(c, TEE_RESUME_LEN)) {
        return TEE_E_SHORT;
    }
    return resume_sign(&c->core->ck, &c->core->who, &c->in, c->out);
}

static tee_status op_checkpoint(call *c) {
    tc_span header = {read_view(&c->in, TEE_HEADER_LEN), TEE_HEADER_LEN};
    tc_span qc = read_var(&c->in, TEE_MAX_MESSAGE);
    if (!read_done(&c->in)) {
        return TEE_E_PARAM;
    }
    if (!fits(c, TEE_CHECKPOINT_LEN)) {
        return TEE_E_SHORT;
    }
    return checkpoint_sign(&c->core->checkpoints, &c->core->ck, header, qc, c->out);
}

static tee_status op_rewrap(call *c) {
    if (!fits(c, TEE_SHARED_KEY_MAX)) {
        return TEE_E_SHORT;
    }
    return sharing_rewrap(&c->core->ck, &c->core->keys, &c->core->who, &c->in, c->out, &c->len);
}

static tee_status op_open_shared(call *c) {
    shared_request request;
    if (sharing_read(&c->in, &request) != TEE_OK) {
        return TEE_E_PARAM;
    }
    if (request.record.len < TEE_SEAL_OVERHEAD) {
        return TEE_E_AUTH;
    }
    if (!fits(c, request.record.len - TEE_SEAL_OVERHEAD)) {
        return TEE_E_SHORT;
    }
    return sharing_open(&c->core->ck, &c->core->keys, &c->core->who, &request, c->out);
}

static tee_status op_peer_verify(call *c) {
    peer_identity peer;
    tc_span evidence_bytes = read_var(&c->in, TEE_MAX_EVIDENCE);
    if (!read_done(&c->in)) {
        return TEE_E_PARAM;
    }
    if (!fits(c, TEE_PEER_LEN)) {
        return TEE_E_SHORT;
    }
    tee_status status = attest_peer(&c->core->ck, evidence_bytes, &peer);
    if (status == TEE_OK) {
        memcpy(c->out, peer.voting_key, TEE_KEY_LEN);
        memcpy(c->out + TEE_KEY_LEN, peer.exchange_key, TEE_KEY_LEN);
    }
    return status;
}

static tee_status op_dp_begin(call *c) {
    c->len = 0;
    return dp_begin(&c->core->dp, &c->core->ck, &c->core->who, &c->in);
}

static tee_status op_dp_add(call *c) {
    c->len = 0;
    return dp_add(&c->core->dp, &c->core->keys, &c->core->who, &c->in);
}

static tee_status op_dp_release(call *c) {
    if (!read_done(&c->in)) {
        return TEE_E_PARAM;
    }
    if (!fits(c, dp_answer_len(&c->core->dp, DP_RELEASES))) {
        return TEE_E_SHORT;
    }
    return dp_release(&c->core->dp, &c->core->ck, DP_RELEASES, c->out);
}

static tee_status op_agg_begin(call *c) {
    if (!fits(c, AGG_KEY_LEN)) {
        return TEE_E_SHORT;
    }
    return agg_begin(&c->core->agg, &c->core->dp, &c->core->ck, &c->in, c->out);
}

static tee_status op_agg_share(call *c) {
    reader ahead = c->in;
    uint16_t count = read_u16(&ahead);
    if (count > TEE_MAX_MEMBERS) {
        return TEE_E_PARAM; /* no room would do */
    }
    if (!fits(c, agg_share_len(count))) {
        return TEE_E_SHORT;
    }
    return agg_share(&c->core->agg, &c->core->ck, &c->in, c->out);
}

static tee_status op_agg_contribute(call *c) {
    if (!fits(c, agg_contribution_len(&c->core->agg))) {
        return TEE_E_SHORT;
    }
    return agg_contribute(&c->core->agg, &c->core->dp, &c->core->ck, &c->in, c->out);
}

static tee_status op_agg_unmask(call *c) {
    if (!fits(c, agg_unmasking_len(&c->core->agg))) {
        return TEE_E_SHORT;
    }
    return agg_unmask(&c->core->agg, &c->core->ck, &c->in, c->out);
}

static tee_status op_agg_finish(call *c) {
    if (!fits(c, dp_answer_len(&c->core->dp, DP_FINISHES))) {
        return TEE_E_SHORT;
    }
    return agg_finish(&c->core->agg, &c->core->dp, &c->core->ck, &c->in, c->out);
}

static tee_status op_entry_proven(call *c) {
    if (!fits(c, TEE_PROVEN_ENTRY_LEN)) {
        return TEE_E_SHORT;
    }
    return entry_prove(&c->core->checkpoints, &c->core->ck, &c->in, c->out);
}

static tee_status dispatch(call *c, uint16_t op) {
    switch (op) {
    case TEE_OP_INFO:
        return op_info(c);
    case TEE_OP_EVIDENCE:
        return op_evidence(c);
    case TEE_OP_ENTER_EPOCH:
        return op_enter_epoch(c);
    case TEE_OP_PROPOSE:
        return op_propose(c);
    case TEE_OP_VOTE:
        return op_vote(c);
    case TEE_OP_NEW_VIEW:
        return op_new_view(c);
    case TEE_OP_SIGN_ENTRY:
        return op_sign_entry(c);
    case TEE_OP_SEAL:
        return op_seal(c);
    case TEE_OP_OPEN:
        return op_open(c);
    case TEE_OP_RETIRE:
        return op_retire(c);
    case TEE_OP_VERIFY_BATCH:
        return op_verify_batch(c);
    case TEE_OP_RESUME_SIGN:
        return op_resume_sign(c);
    case TEE_OP_CHECKPOINT:
        return op_checkpoint(c);
    case TEE_OP_REWRAP:
        return op_rewrap(c);
    case TEE_OP_OPEN_SHARED:
        return op_open_shared(c);
    case TEE_OP_PEER_VERIFY:
        return op_peer_verify(c);
    case TEE_OP_DP_BEGIN:
        return op_dp_begin(c);
    case TEE_OP_DP_ADD:
        return op_dp_add(c);
    case TEE_OP_DP_RELEASE:
        return op_dp_release(c);
    case TEE_OP_AGG_BEGIN:
        return op_agg_begin(c);
    case TEE_OP_AGG_SHARE:
        return op_agg_share(c);
    case TEE_OP_AGG_CONTRIBUTE:
        return op_agg_contribute(c);
    case TEE_OP_AGG_UNMASK:
        return op_agg_unmask(c);
    case TEE_OP_AGG_FINISH:
        return op_agg_finish(c);
    case TEE_OP_ENTRY_PROVEN:
        return op_entry_proven(c);
    default:
        return TEE_E_PARAM;
    }
}

tee_status tee_core_call(tee_core *core, uint16_t op, const uint8_t *in, size_t in_len,
                         uint8_t *out, size_t out_cap, size_t *out_len) {
    *out_len = 0;
    if (!core->booted) {
        return TEE_E_STATE;
    }
    if (core->dead && op != TEE_OP_INFO) {
        return TEE_E_INTERNAL;
    }
    call c = {core, reader_of(in, in_len), out, out_cap, 0};
    tee_status status = dispatch(&c, op);
    if (status == TEE_E_INTERNAL) {
        core->dead = true;
    }
    if (status == TEE_OK || status == TEE_E_SHORT) {
        *out_len = c.len;
    }
    return status;
}
