/*
 * Where a member stood, stated under a new voting key when more members lost their enclaves
 * than a quorum can bear (cold_start.h).
 *
 * Nothing is sealed for it. A host stores each proposal, with its leader's signature,
 * before its enclave votes for it; so the stored proposal of the highest view proves where
 * the lost enclave stood at most, whoever states it. A host that shows an older one lies,
 * as one with a broken disk would: the protocol bears f of them.
 */
#ifndef CADUCEUS_RESUME_H
#define CADUCEUS_RESUME_H

#include "checker.h"
#include "keystore.h"

/*
 * Reads a kind (tee_resume_kind) and what belongs to it, and states where this member
 * stood:
 *   ANCHOR       nothing follows: at the anchor of the epoch
 *   PROPOSAL     header 211, PROP signature 64: at that block
 *   CERTIFICATE  qc*: at that block
 *   GIVE_UP      nothing follows: where this instance stands, which destroys its voting
 *                key, makes another and is a FOLLOWER from then on
 * E_PARAM format. All but GIVE_UP: E_STATE unless FOLLOWER, E_NOT_JOINED if who has no
 * seat in the epoch or that is of BFT-2P, then as of checker_proposed or checker_certify,
 * E_CONFLICT for a certificate of another epoch, E_ROLLBACK below a view stated in this
 * epoch before.
 * GIVE_UP: E_NOT_JOINED if FOLLOWER, E_STATE unless ACTIVE.
 */
tee_status resume_sign(checker *ck, const identity *who, reader *in,
                       uint8_t out[TEE_RESUME_LEN]);

#endif
