#ifndef CADUCEUS_TP_TEST_H
#define CADUCEUS_TP_TEST_H

#include <stdint.h>

/* Every byte of the test platform's sealing key. */
extern uint8_t tp_test_seal_byte;
/* Not 0: tp_random fails. */
extern int tp_test_random_fails;

#endif
