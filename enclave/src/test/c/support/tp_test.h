#ifndef CADUCEUS_TP_TEST_H
#define CADUCEUS_TP_TEST_H

#include <stdint.h>

#include "tee_abi.h"

/* Every byte of the test platform's sealing key. */
extern uint8_t tp_test_seal_byte;
/* Not 0: tp_random fails. */
extern int tp_test_random_fails;
/* The tier for which a peer's platform vouches; -1, as at the start: none. */
extern int tp_test_peer_tier;
/* What tp_verify_peer was asked last. */
extern uint8_t tp_test_peer_report_data[TEE_HASH_LEN];
extern uint8_t tp_test_peer_measurement[TEE_MEASUREMENT_LEN];

#endif
