/*
 * Signing ledger entries with the institution's key, as COSE_Sign1 (RFC 9052).
 *
 * What is signed must be an entry of this chain taken in by this member, so that
 * the operation is no oracle for signing anything else: one deterministic CBOR
 * map with ascending small integer keys, of which 1 is the format version, 2 the
 * chain and 3 the member. The rest is checked for being well-formed CBOR only.
 */
#ifndef CADUCEUS_ENTRY_SIGN_H
#define CADUCEUS_ENTRY_SIGN_H

#include "keystore.h"

/* E_PARAM: no entry at all; E_CONFLICT: another chain's or member's. */
tee_status entry_check(const identity *who, tc_span entry);

/*
 * COSE algorithms (RFC 9052 section 3.1) of the protected header: ES256 is -7; SM2
 * has no registered number, so the first of the private use range, -65537, is ours.
 */

/* Length of the COSE_Sign1 around an entry of that length. */
size_t entry_signed_len(uint8_t suite, size_t entry_len);

/* Writes entry_signed_len(keys->suite, entry.len) bytes of COSE_Sign1 to out. */
tee_status entry_sign(const keystore *keys, const identity *who, tc_span entry, uint8_t *out);

#endif
