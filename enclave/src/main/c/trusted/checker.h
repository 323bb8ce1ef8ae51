/*
 * The checker: the whole trusted part of consensus (TEE-1P).
 *
 * Through epochs of BFT-2P, in which processes vote, it follows: it believes their certificates
 * of the second phase and signs nothing, and has a seat again where a later configuration of
 * TEE-1P names its key.
 *
 * Agreement rests on three rules kept here, whatever the hosts do:
 *   L1  one PROP per view and epoch:  the view must exceed `prop`;
 *   L2  one VOTE per view and epoch:  the view must exceed `pv`;
 *   L3  after NEWV(w) never a VOTE below w, and each NEWV reports the last
 *       vote:                         `v` and `pv` only grow.
 * The voting key is made when an instance starts, never leaves it and dies with
 * it; so there is no stored state that a host could roll back or clone.
 *
 *                    enter (seat)              enter (no seat) / retire
 *        NEW ------------------------> ACTIVE ------------------------> RETIRED
 *         |                            ^    |
 *         | enter (no seat)            |    | two reports of one view differ
 *         v         enter (seat)       |    v
 *       FOLLOWER ----------------------+  HALTED
 *
 * Without a seat in an epoch of BFT-2P an ACTIVE instance becomes FOLLOWER and keeps its key: a
 * signature names its epoch, so the key's return contradicts nothing that it signed.
 *
 * Each call decides completely before it changes anything: a call that fails
 * has changed nothing, with one exception, the step to HALTED.
 *
 * Checks come in this order, so that a model of this machine can predict the
 * status: format (E_PARAM), state (E_STATE, E_NOT_JOINED), chain, epoch and
 * leader (E_CONFLICT), view (E_STALE_VIEW), then signatures and the parent.
 */
#ifndef CADUCEUS_CHECKER_H
#define CADUCEUS_CHECKER_H

#include "cold_start.h"

#define CHECKER_NO_SEAT 0xFFFFu

/* Where an instance stands in the sequence of epochs. */
typedef struct {
    tee_state state;
    epoch_config config; /* of the entered epoch; config.epoch is 0 before */
    uint16_t me;         /* member index, or CHECKER_NO_SEAT */
    uint8_t genesis[TEE_HASH_LEN]; /* configHash of epoch 1, which names the consortium */
    uint8_t anchor[TEE_HASH_LEN];
    uint64_t anchor_height;
} standing;

typedef struct {
    uint8_t chain_id[TEE_HASH_LEN];
    uint8_t suite; /* of the voting key, hence of every epoch entered */
    tc_key *key; /* null once retired or halted */
    uint8_t public_key[TEE_KEY_LEN];
    standing now;
    uint64_t v;       /* current view: no vote below it */
    uint64_t prop;    /* highest view proposed */
    uint64_t pv;      /* view of the last vote, 0 if none in this epoch */
    uint64_t pheight; /* its height */
    uint8_t ph[TEE_HASH_LEN];
    bool plast;
    uint64_t resumed_pv; /* of the last resume statement in this epoch, 0 if none */
    uint64_t certified; /* greatest height seen certified in this epoch; its anchor's at least */
    /* Room to work in, kept off the stack: an enclave's is small. */
    standing walk;
    epoch_config next;
    justification just;
    cold_start cold;
} checker;

/* Makes the voting key, of a suite the port has. TEE_OK or TEE_E_INTERNAL. */
tee_status checker_init(checker *ck, uint8_t suite, const uint8_t chain_id[TEE_HASH_LEN]);

/*
 * Follows a chain of epochs: the payload of ENTER_EPOCH. From genesis if NEW,
 * from the epoch after the current one otherwise. All of it or nothing.
 * E_ROLLBACK for an epoch already entered, E_CONFLICT for a gap, another chain
 * or a proof that does not fit, E_QC for a certificate that does not verify; for a
 * cold start as of cold_start.h, then E_ROLLBACK if this instance saw a certificate above
 * the block that was stated, in the epoch it stands in.
 * E_ALG_UNSUPPORTED for a suite this port does not have, and if the last epoch is
 * not of this instance's suite: those before may be, as each is verified by its own.
 */
tee_status checker_enter(checker *ck, tc_span payload);

/*
 * Signs PROP as the leader of the header's view, once per view. Upon an epoch's last block
 * only its suffix (epoch_end.h), and that upon nothing else: E_CONFLICT.
 */
tee_status checker_propose(checker *ck, tc_span header, tc_span just, uint8_t sig[TEE_SIG_LEN]);

/* Signs VOTE for a header its leader proposed, once per view. */
tee_status checker_vote(checker *ck, tc_span header, const uint8_t prop[TEE_SIG_LEN],
                        uint8_t sig[TEE_SIG_LEN]);

/*
 * Whether the header is one of the entered epoch that its view's leader proposed:
 * E_CONFLICT of another chain, epoch or proposer, E_QC if prop does not verify, or OK.
 */
tee_status checker_proposed(const checker *ck, const block_header *header,
                            const uint8_t prop[TEE_SIG_LEN]);

/* Leaves every view below the given one for good and reports the last vote. */
tee_status checker_new_view(checker *ck, uint64_t view, uint8_t out[TEE_NEW_VIEW_LEN]);

/* Destroys the voting key. E_STATE if HALTED, which it stays. */
tee_status checker_retire(checker *ck);

/* Puts another voting key, without a seat in this epoch, in the old one's place. */
void checker_replace_key(checker *ck, tc_key *fresh);

/* Stops for good, on proof that some enclave is broken: destroys the voting key. */
void checker_halt(checker *ck);

/* Destroys the voting key and overwrites everything. */
void checker_wipe(checker *ck);

/*
 * Whether qc carries valid votes of the last phase, by which a block is final, of at least a
 * quorum of distinct members, and no vote that is not valid, under config.
 */
bool checker_qc_verifies(const epoch_config *config, const quorum_cert *qc);

/*
 * Verifies a certificate of the entered epoch and remembers its height if it is the
 * greatest so far, whatever then becomes of the call. E_QC or OK.
 */
tee_status checker_certify(checker *ck, const quorum_cert *qc);

/*
 * Whether the bytes are a header of the entered epoch and a certificate of it.
 * E_PARAM; E_STATE before the first epoch or HALTED; E_CONFLICT; E_QC; or OK.
 */
tee_status checker_final(checker *ck, tc_span header, tc_span qc, block_header *out);

/*
 * Whether a block of this height is as new as this instance can demand: not below
 * what it saw certified, nor below the parent of what it voted for.
 */
bool checker_is_fresh(const checker *ck, uint64_t height);

#endif
