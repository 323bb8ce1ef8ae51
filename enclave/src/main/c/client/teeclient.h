/*
 * libteeclient: calls of an enclave instance from another process. Needs libc
 * only; Java loads it through JNA. The ABI is in tee_abi.h.
 *
 * Threads: one call at a time on a handle; the caller serialises. Different
 * handles are independent, but one instance serves one connection at a time, so
 * a second one waits until the first is closed (its calls run into their
 * timeout).
 */
#ifndef CADUCEUS_TEECLIENT_H
#define CADUCEUS_TEECLIENT_H

#include <stdint.h>

#define TEECLIENT_API __attribute__((visibility("default")))

/*
 * Connects to DIR/tee.sock; the path may be longer than a socket address.
 * A handle (0 or more), or a TEE_IO_ code.
 */
TEECLIENT_API int tee_connect(const char *socket_path, int timeout_ms);

/*
 * One request and its answer. Returns the tee_status (0 or more) or a TEE_IO_
 * code (below 0). With TEE_OK the answer is in out and its length in *out_len;
 * with TEE_E_SHORT *out_len is the capacity that would do, and nothing was
 * changed in the enclave; otherwise *out_len is 0. After a TEE_IO_ code other
 * than TEE_IO_ARG it is unknown whether the enclave acted: close the handle.
 * out may be null if out_cap is 0. timeout_ms covers the whole call; below 0 it
 * waits for ever.
 */
TEECLIENT_API int tee_call(int handle, uint16_t op, const uint8_t *in, uint32_t in_len,
                           uint8_t *out, uint32_t out_cap, uint32_t *out_len, int timeout_ms);

/* The same with a request in two parts, sent one after the other. */
TEECLIENT_API int tee_call2(int handle, uint16_t op, const uint8_t *in, uint32_t in_len,
                            const uint8_t *more, uint32_t more_len, uint8_t *out,
                            uint32_t out_cap, uint32_t *out_len, int timeout_ms);

/* Frees the handle, once; never from another thread than the one that calls. */
TEECLIENT_API void tee_close(int handle);

#endif
