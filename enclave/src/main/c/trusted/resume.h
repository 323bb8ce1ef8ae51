/*
 * What survives when more members lose their enclaves than a quorum can bear
 *: a ColdStart of the consortium.
 *
 * A host keeps the resume record of its enclave: where it stood, sealed, without any
 * private key. A fresh instance of the same member reads it and states under its own
 * new key where its predecessor stood; a living one states where it stands and gives
 * up its key, so that it never signs in that epoch again.
 */
#ifndef CADUCEUS_RESUME_H
#define CADUCEUS_RESUME_H

#include "checker.h"
#include "keystore.h"

/* Where the instance stands, sealed. E_STATE or E_NOT_JOINED without a seat. */
tee_status resume_record(const checker *ck, const keystore *keys, const identity *who,
                         uint8_t out[TEE_RESUME_RECORD_LEN]);

/*
 * The signed statement of a record, or, if record is empty, of this instance itself,
 * which becomes a FOLLOWER with a new voting key.
 *
 * With a record: E_STATE unless FOLLOWER; E_AUTH altered or another member's;
 * E_CONFLICT of another epoch, or of a key without the member's seat; E_ROLLBACK below
 * one stated before. Without: as of resume_record.
 */
tee_status resume_sign(checker *ck, const keystore *keys, const identity *who, tc_span record,
                       uint8_t out[TEE_RESUME_SIGNED_LEN]);

#endif
