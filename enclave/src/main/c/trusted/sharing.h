/*
 * Records of one member read by another, under a grant on the ledger.
 *
 * REWRAP gives the key of one record to one other member's attested enclave, and
 * OPEN_SHARED there opens that record; each only while the grant is live, shown by a
 * proof of the world state that is as fresh as the instance can demand. The key leaves
 * the holder's enclave encrypted to the grantee's exchange key, and the grantee's
 * enclave asks for the grant again at every reading: a withdrawal takes effect with
 * the next block.
 *
 * Layouts of the grant and of the shared key are in docs/reference/formats.md.
 */
#ifndef CADUCEUS_SHARING_H
#define CADUCEUS_SHARING_H

#include "checker.h"
#include "keystore.h"

/*
 * Request: grantId 32, evidence of the grantee's instance*, context*, the record's first
 * TEE_SEAL_HEAD_LEN bytes, StateProof of the grant. Answer: a shared key, at most
 * TEE_SHARED_KEY_MAX bytes; *len is its length.
 *
 * E_EVIDENCE, E_POLICY of attest_peer; what state_proof_read says; E_NO_GRANT no live
 * grant of this record by this member to that one; E_AUTH the record's key is not ours.
 */
tee_status sharing_rewrap(checker *ck, const keystore *keys, const identity *who, reader *in,
                          uint8_t *out, size_t *len);

typedef struct {
    tc_span shared_key;
    tc_span context;
    tc_span record;
    reader proof;
} shared_request;

/* Request: sharedKey*, context*, sealed record*, StateProof of the grant. E_PARAM or OK. */
tee_status sharing_read(reader *in, shared_request *out);

/*
 * Writes record.len - TEE_SEAL_OVERHEAD bytes of plaintext to out. E_AUTH: altered, or
 * not for this enclave; else as sharing_rewrap.
 */
tee_status sharing_open(checker *ck, const keystore *keys, const identity *who,
                        shared_request *request, uint8_t *out);

#endif
