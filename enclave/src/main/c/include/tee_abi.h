/*
 * The enclave's ABI: everything a caller and the trusted core must agree on.
 * docs/reference/formats.md, section "Enclave ABI", is the binding text; this
 * header and the Java enum EnclaveStatus mirror it.
 */
#ifndef CADUCEUS_TEE_ABI_H
#define CADUCEUS_TEE_ABI_H

#include <stdint.h>

#define TEE_ABI_VERSION 3u

/* Status of a request. Numbers are part of the wire format: never reuse one. */
typedef enum {
    TEE_OK = 0,
    TEE_E_PARAM = 1,           /* a length, tag or value is outside its format */
    TEE_E_SHORT = 2,           /* the answer does not fit; nothing was changed */
    TEE_E_STATE = 3,           /* not possible in this state */
    TEE_E_STALE_VIEW = 4,      /* the view is not above what was signed before */
    TEE_E_CONFLICT = 5,        /* contradicts the parent, height or leader required */
    TEE_E_QC = 6,              /* a QC, proposal or new-view signature fails */
    TEE_E_PROOF = 7,           /* a Merkle or state proof does not verify */
    TEE_E_NO_GRANT = 8,        /* no live grant covers the request */
    TEE_E_AUTH = 9,            /* sealed data altered, or of another key or context */
    TEE_E_EVIDENCE = 10,       /* attestation evidence is not acceptable */
    TEE_E_POLICY = 11,         /* the policy on the ledger forbids it */
    TEE_E_BUDGET = 12,         /* the privacy budget is spent */
    TEE_E_ALG_UNSUPPORTED = 13, /* the signature suite is not in this port */
    TEE_E_ROLLBACK = 14,       /* state older than what this instance has seen */
    TEE_E_NOT_JOINED = 15,     /* this instance's key has no seat in the epoch */
    TEE_E_INTERNAL = 16        /* an invariant failed; nothing is signed any more */
} tee_status;

/* Operations. */
typedef enum {
    TEE_OP_INFO = 1,
    TEE_OP_EVIDENCE = 2,
    TEE_OP_ENTER_EPOCH = 3,
    TEE_OP_PROPOSE = 4,
    TEE_OP_VOTE = 5,
    TEE_OP_NEW_VIEW = 6,
    TEE_OP_SIGN_ENTRY = 7,
    TEE_OP_SEAL = 8,
    TEE_OP_OPEN = 9,
    TEE_OP_RETIRE = 10,
    TEE_OP_VERIFY_BATCH = 11,
    /* 12 was RESUME_RECORD: never reuse it */
    TEE_OP_RESUME_SIGN = 13,
    TEE_OP_CHECKPOINT = 14,
    TEE_OP_REWRAP = 15,
    TEE_OP_OPEN_SHARED = 16,
    TEE_OP_PEER_VERIFY = 17,
    TEE_OP_DP_BEGIN = 18,
    TEE_OP_DP_ADD = 19,
    TEE_OP_DP_RELEASE = 20,
    TEE_OP_AGG_BEGIN = 21,
    TEE_OP_AGG_SHARE = 22,
    TEE_OP_AGG_CONTRIBUTE = 23,
    TEE_OP_AGG_UNMASK = 24,
    TEE_OP_AGG_FINISH = 25,
    TEE_OP_ENTRY_PROVEN = 26
} tee_op;

/* What protects the enclave's memory; a compile-time fact of the trusted code. */
#define TEE_TIER_SIMULATED 0
#define TEE_TIER_MEASURED_TPM 1
#define TEE_TIER_CONFIDENTIAL_VM 2
#define TEE_TIER_ENCLAVE_SGX 3

/* Signature suites, numbered as in an epoch configuration. */
#define TEE_SUITE_ES256 1u /* ECDSA P-256 with SHA-256, AES-256-GCM */
#define TEE_SUITE_SM2 2u   /* SM2 with SM3, SM4-CTR with HMAC-SM3 */

#define TEE_PORT_SOFTWARE 1
#define TEE_PORT_OPENENCLAVE 2

/* By what RESUME_SIGN states where a member stood. */
typedef enum {
    TEE_RESUME_ANCHOR = 0,      /* it voted for nothing in the epoch */
    TEE_RESUME_PROPOSAL = 1,    /* the proposal of the highest view its host stored */
    TEE_RESUME_CERTIFICATE = 2, /* the final block of the highest view its host has */
    TEE_RESUME_GIVE_UP = 3      /* its own vote; it gives up the voting key */
} tee_resume_kind;

/* Life of an instance's voting key. */
typedef enum {
    TEE_STATE_NEW = 0,      /* has a key, knows no epoch */
    TEE_STATE_ACTIVE = 1,   /* has a seat in the current epoch */
    TEE_STATE_RETIRED = 2,  /* the voting key was destroyed */
    TEE_STATE_FOLLOWER = 3, /* knows the epoch, its key has no seat there */
    TEE_STATE_HALTED = 4,   /* saw proof of a broken TEE; signs nothing any more */
    TEE_STATE_DEAD = 5      /* an invariant failed in this one; only INFO answers */
} tee_state;

/* Sizes in bytes of the fixed objects of the formats page. */
#define TEE_HASH_LEN 32u
#define TEE_KEY_LEN 65u
#define TEE_SIG_LEN 64u
#define TEE_TAG_LEN 8u
#define TEE_MEASUREMENT_LEN 48u
#define TEE_NONCE_LEN 32u
#define TEE_HEADER_LEN 211u
#define TEE_NEW_VIEW_LEN 123u
#define TEE_PROP_SIGNED_LEN 129u
#define TEE_VOTE_SIGNED_LEN 98u
#define TEE_NEWV_SIGNED_LEN 105u
#define TEE_QC_FIXED_LEN 66u /* a QuorumCertificate without its signatures */
#define TEE_INFO_LEN 291u
#define TEE_BATCH_ITEM_LEN 161u
#define TEE_RESUME_LEN 293u
#define TEE_APPROVAL_LEN 66u /* of a cold start: member, signature */
#define TEE_COLD_SIGNED_LEN 104u /* what an approval signs */
#define TEE_CHECKPOINT_LEN 184u
#define TEE_PROVEN_ENTRY_LEN 192u
#define TEE_SHARED_KEY_MAX 283u
#define TEE_SEAL_HEAD_LEN 82u /* of a sealed record: all but ciphertext and tag */
#define TEE_PEER_LEN 130u /* of PEER_VERIFY: votingKey, exchangeKey */
#define TEE_COSE_OVERHEAD 92u /* at most, around an entry's CBOR */
#define TEE_SEAL_OVERHEAD 98u /* exactly, around a record's plaintext */

/* Limits. */
#define TEE_MAX_MEMBERS 64u
#define TEE_MAX_ID_LEN 64u
#define TEE_MAX_MEASUREMENTS 16u
#define TEE_MAX_EPOCH_CHAIN 4096u
#define TEE_MAX_EPOCH_END 64u /* headers: an epoch's last block and its suffix */
#define TEE_MAX_DESCENDANTS 1024u /* headers above an entry's block, up to the certified one */
#define TEE_MAX_AAD 2048u
#define TEE_MAX_RECORD 33554432u /* plaintext of SEAL */
#define TEE_MAX_ENTRY 16384u
#define TEE_MAX_STATE_VALUE 4096u
#define TEE_MAX_EVIDENCE 65536u
#define TEE_MAX_MESSAGE (33554432u + 4096u) /* what a length field may say */
/* Epochs, views, heights and times: no sum of two overflows a signed 64-bit. */
#define TEE_MAX_NUMBER ((uint64_t)1 << 62)

/*
 * What either end asks of its socket for what it sends (SO_SNDBUF), so that a frame of a
 * record of 1 MiB passes with one change of processes and not one for each 200 KB. The
 * kernel gives less if net.core.wmem_max says so; everything works all the same.
 */
#define TEE_SEND_BUFFER 2097152

/*
 * Transport codes of libteeclient, always negative. After every one of them
 * except TEE_IO_ARG the handle is of no more use: close it and connect anew.
 */
#define TEE_IO_ARG (-1)      /* a null pointer, or a request over the limit */
#define TEE_IO_CONNECT (-2)  /* nothing listens at that path */
#define TEE_IO_TIMEOUT (-3)  /* no (whole) answer in time */
#define TEE_IO_CLOSED (-4)   /* the enclave's end closed or the handle is dead */
#define TEE_IO_PROTOCOL (-5) /* the answer was not a frame of this ABI */
#define TEE_IO_SYSTEM (-6)   /* a system call failed for another reason */

/* Exit codes of caduceus-teed. */
#define TEED_EXIT_USAGE 64    /* the command line is wrong */
#define TEED_EXIT_STATE 65    /* the sealed state does not open for this chain and member */
#define TEED_EXIT_DIR 66      /* the directory is missing, not ours or of another mode */
#define TEED_EXIT_INTERNAL 70 /* self-test, lockdown or the trusted core failed */
#define TEED_EXIT_IO 74       /* a file or socket could not be made */
#define TEED_EXIT_HELD 75     /* another instance serves this directory */

#endif
