/*
 * The AES-256-GCM behind tc_crypto.h; tc_gcm_seal and tc_gcm_open are declared
 * there. One implementation a port: tc_gcm_evp.c, or port/openenclave's own,
 * since the host has a say in which code the enclave's OpenSSL runs, and one of
 * its choices leaks the key through the cache.
 * tc_init runs known-answer tests over either.
 */
#ifndef CADUCEUS_TC_GCM_H
#define CADUCEUS_TC_GCM_H

#include "tc_crypto.h"

/* 0 or -1. */
int tc_gcm_init(void);
void tc_gcm_shutdown(void);

#endif
